"""Read new signals for all connections of this process at once, in one thread with one database connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connections
from django.db.models import Max

from neike.kernel.live import presence
from neike.kernel.live.models import Presence, Signal

OVERLAP: Final = timedelta(seconds=10)
"""Signals are looked for again for so long: a number may be committed after a higher one."""
LOT: Final = 2000
"""More new signals than this at once are told as "everything"."""
_SWEEP: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class News:
    """One signal."""

    number: int
    topic: str
    at: datetime


class SignalReader:
    """Remembers what it has read in the last seconds; not to be used by two threads at a time."""

    def __init__(self) -> None:
        self.recent: dict[int, tuple[datetime, News]] = {}
        self._low: int | None = None
        self._swept: datetime | None = None

    def read(self, now: datetime) -> list[News] | None:
        """Return the signals not returned before, or None when there are too many to name. One small query."""
        if self._low is None:
            before = Signal.objects.filter(at__lt=now - OVERLAP)
            self._low = before.aggregate(last=Max("pk"))["last"] or 0
        rows = (
            Signal.objects.filter(pk__gt=self._low).order_by("pk").values_list("pk", "topic", "at")
        )
        found = [News(*row) for row in rows[: LOT + len(self.recent)] if row[0] not in self.recent]
        self.recent.update((each.number, (now, each)) for each in found)
        if len(found) >= LOT:
            self._low = found[-1].number
            self.recent.clear()
            return None
        self._let_go(now)
        self._sweep(now)
        return found

    def _let_go(self, now: datetime) -> None:
        """Look no more at what was seen long enough ago that nothing below it can still appear."""
        old = [number for number, (seen, _news) in self.recent.items() if seen < now - OVERLAP]
        if old:
            self._low = max(old)
            self.recent = {n: kept for n, kept in self.recent.items() if n > self._low}

    def _sweep(self, now: datetime) -> None:
        """Forget who is not there any more, a few times a minute."""
        if self._swept is not None and now - self._swept < _SWEEP:
            return
        self._swept = now
        if Presence.objects.filter(seen_at__lte=now - presence.STAYS).exists():
            presence.forget_stale(now=now)

    def close(self) -> None:
        """Let go of everything, the database connection of this thread included."""
        self.recent.clear()
        self._low = None
        connections.close_all()
