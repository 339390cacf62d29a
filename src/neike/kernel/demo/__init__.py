"""The demo company while it is being made: what the modules' parts share."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

SEED = 20250513
PASSWORD = "yunling-2026"  # noqa: S105 - printed for everybody who tries the demo
"""The one password of all demo accounts; the demo is an installation of its own and says so."""


def _silent(_line: str) -> None:
    return None


@dataclass
class Company:
    """云岭科技 Yunling Tech in the making.

    `today` and `now` anchor all dates, so that history always ends yesterday. Each part draws from
    `rng(key)`, a generator of its own, so that a part that grows does not change the others.
    `shared[key]` holds what a part leaves for later ones, for instance departments by their key.
    """

    today: date
    now: datetime
    progress: Callable[[str], None] = _silent
    shared: dict[str, Any] = field(default_factory=dict)

    def rng(self, key: str) -> random.Random:
        """Return the deterministic generator of one part."""
        return random.Random(f"{SEED}:{key}")  # noqa: S311 - plausible history, not secrets
