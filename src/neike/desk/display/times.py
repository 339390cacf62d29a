"""Working time and moments in words."""

from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.utils import timezone

from neike.engines.worktime import PreparedCalendar
from neike.kernel.ui import formatting

_FULL_DAY: Final = 24 * 3600


@lru_cache(maxsize=512)
def day_length(calendar: PreparedCalendar) -> int:
    """Return the seconds of the calendar's usual working day: the length most weekdays have."""
    lengths = [sum(shift.closes - shift.opens for shift in shifts) for shifts in calendar.spec.week]
    worked = Counter(length for length in lengths if length)
    return worked.most_common(1)[0][0] if worked else _FULL_DAY


def working(amount: timedelta | float | None, calendar: PreparedCalendar) -> str:
    """Write an amount of working time (seconds, or a timedelta); a day is one of the calendar's."""
    seconds = amount.total_seconds() if isinstance(amount, timedelta) else amount
    return formatting.duration(seconds, day=day_length(calendar))


def short(at: datetime | None, *, now: datetime) -> str:
    """Write a moment in the reader's zone, as short as it stays clear."""
    return formatting.moment(at, zone=timezone.get_current_timezone(), now=now)


def full(at: datetime) -> str:
    """Write a moment in the reader's zone with weekday, year and zone."""
    return formatting.moment_in_full(at, zone=timezone.get_current_timezone())
