"""Moments to come back to something: later today, tomorrow morning, next week, a morning; in somebody's working time."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from neike.engines.worktime import PreparedCalendar

SOON: Final = timedelta(hours=3)
QUARTER: Final = timedelta(minutes=15)
FARTHEST: Final = timedelta(days=366)
_USUAL_MORNING: Final = time(9)
_MONDAY: Final = 0


class Later(StrEnum):
    """When somebody wants to see it again."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    DATE = "date"


def moment_of(
    wanted: Later, calendar: PreparedCalendar, *, now: datetime, day: date | None = None
) -> datetime:
    """Return the moment meant, in UTC; always after `now` unless `day` has passed.

    Today is three hours from now, up to the next quarter of an hour, else the next opening after that. Tomorrow and
    next week (from Monday on) are the first opening from that day on; so is the morning of `day`. Where nothing opens
    for two years the morning is nine o'clock.

    Raises:
        ValueError: a date is wanted and none given.
    """
    if wanted == Later.TODAY:
        soon = _quarter(now + SOON)
        return calendar.next_open(soon) or soon
    today = now.astimezone(calendar.zone).date()
    if wanted == Later.TOMORROW:
        return morning(today + timedelta(days=1), calendar)
    if wanted == Later.WEEK:
        return morning(today + timedelta(days=7 - (today.weekday() - _MONDAY) % 7), calendar)
    if day is None:
        raise ValueError("a date is wanted and none given")
    return morning(day, calendar)


def morning(day: date, calendar: PreparedCalendar) -> datetime:
    """Return the first opening from a day on, in UTC."""
    opening = calendar.next_open(datetime.combine(day, time(), tzinfo=calendar.zone))
    if opening is not None:
        return opening
    return datetime.combine(day, _USUAL_MORNING, tzinfo=calendar.zone).astimezone(UTC)


def _quarter(at: datetime) -> datetime:
    """Round up to the quarter of an hour."""
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - over + QUARTER if over else at
