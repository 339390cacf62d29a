"""The demo company while it is being made: what the modules' parts share."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

SEED = 20250513
PASSWORD = "yunling-2026"  # noqa: S105 - printed for everybody who tries the demo
"""The one password of all demo accounts; the demo is an installation of its own and says so."""
ZONE = ZoneInfo("Asia/Shanghai")
"""Where the company has its head office."""


def _silent(_line: str) -> None:
    return None


@dataclass
class Company:
    """云岭科技 Yunling Tech in the making.

    `today` and `now` anchor all dates, so that history always ends yesterday. Each part draws from
    `rng(key)`, a generator of its own, so that a part that grows does not change the others.
    `shared[key]` holds what a part leaves for later ones, for instance departments by their key.
    `scale` shrinks the history (not the organisation) for tests: 0.05 makes a twentieth of the requests.
    """

    today: date
    now: datetime
    progress: Callable[[str], None] = _silent
    shared: dict[str, Any] = field(default_factory=dict)
    scale: float = 1.0

    def rng(self, key: str) -> random.Random:
        """Return the deterministic generator of one part."""
        return random.Random(f"{SEED}:{key}")  # noqa: S311 - plausible history, not secrets

    @property
    def begins(self) -> date:
        """The first day of the history: the present quarter's first day, one year earlier.

        So four whole quarters always lie before the one that runs.
        """
        return date(self.today.year - 1, (self.today.month - 1) // 3 * 3 + 1, 1)

    @property
    def halfway(self) -> date:
        """The first day of the third quarter of the history: here standards and structure change."""
        months = self.begins.year * 12 + self.begins.month - 1 + 6
        return date(months // 12, months % 12 + 1, 1)

    @property
    def until(self) -> datetime:
        """The moment the history ends at, in UTC: midnight before today, so that it is the same all day."""
        return moment(self.today, 0)


def moment(day: date, minutes: int) -> datetime:
    """Return the moment that many minutes after midnight at the head office, in UTC."""
    local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=ZONE)
    return local.astimezone(UTC)
