"""Working time and moments in words."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language

from neike.engines.worktime import PreparedCalendar
from neike.kernel.ui import formatting

_FULL_DAY: Final = 24 * 3600
LONGEST_UNCHANGED: Final = 300


@lru_cache(maxsize=512)
def day_length(calendar: PreparedCalendar) -> int:
    """Return the seconds of the calendar's usual working day: the length most weekdays have."""
    lengths = [sum(shift.closes - shift.opens for shift in shifts) for shifts in calendar.spec.week]
    worked = Counter(length for length in lengths if length)
    return worked.most_common(1)[0][0] if worked else _FULL_DAY


def working(amount: timedelta | float | None, calendar: PreparedCalendar) -> str:
    """Write an amount of working time (seconds, or a timedelta); a day is one of the calendar's."""
    if amount is None:
        return formatting.MISSING
    seconds = amount.total_seconds() if isinstance(amount, timedelta) else amount
    return _duration(int(seconds / 60), day_length(calendar), get_language() or "")


@lru_cache(maxsize=8192)
def _duration(minutes: int, day: int, _language: str) -> str:
    """Write whole minutes; lists name the same amounts again and again."""
    return formatting.duration(60 * minutes, day=day)


def short(at: datetime | None, *, now: datetime) -> str:
    """Write a moment in the reader's zone, as short as it stays clear."""
    return formatting.moment(at, zone=timezone.get_current_timezone(), now=now)


def full(at: datetime) -> str:
    """Write a moment in the reader's zone with weekday, year and zone."""
    return formatting.moment_in_full(at, zone=timezone.get_current_timezone())


def seconds_to_next(moments: Iterable[datetime | None], *, now: datetime) -> int:
    """Return in how many whole seconds, at most 300, the next of the moments will have passed.

    Working time left is written in words that grow old within minutes, so there is always a next time.
    """
    ahead = [(moment - now).total_seconds() for moment in moments if moment and moment > now]
    return min([*(int(each) + 1 for each in ahead), LONGEST_UNCHANGED])
