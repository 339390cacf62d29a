"""When something recurs: weekly, monthly or quarterly, moved off days that are not worked."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

LAST_WORKING_DAY: Final = 0
_LONGEST_SHIFT: Final = 31
_DAYS_OF_WEEK: Final = 7
_MONTHS: Final = 12
_FAR: Final = 40 * 12


class Rhythm(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class Shift(StrEnum):
    """Where a date goes that falls on a day that is not worked."""

    NONE = "none"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule of dates from `starts` to `ends` (both inclusive).

    Weekly: `day` is the weekday, 1 Monday to 7 Sunday. Monthly and quarterly: the day of the month, 1 to 31
    (the last one in shorter months), or `LAST_WORKING_DAY`. Quarterly counts months from that of `starts`.

    Raises:
        ValueError: `day` fits no week or month.
    """

    rhythm: Rhythm
    day: int
    starts: date
    ends: date | None = None
    shift: Shift = Shift.AFTER

    def __post_init__(self) -> None:
        low, high = (1, _DAYS_OF_WEEK) if self.rhythm is Rhythm.WEEKLY else (LAST_WORKING_DAY, 31)
        if not low <= self.day <= high:
            raise ValueError(self.day)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a rule: the day by the rule, which names it for good, and the day it really falls on."""

    by_rule: date
    on: date


def occurrences(
    rule: Recurrence, *, after: date | None, is_worked: Callable[[date], bool]
) -> Iterator[Occurrence]:
    """Yield the dates of a rule whose day by the rule is later than `after` (None: from the start), ascending.

    Ends with the rule, or after forty years.
    """
    for by_rule in _days(rule, is_worked):
        if rule.ends is not None and by_rule > rule.ends:
            return
        if by_rule >= rule.starts and (after is None or by_rule > after):
            yield Occurrence(by_rule, _shifted(by_rule, rule.shift, is_worked))


def _days(rule: Recurrence, is_worked: Callable[[date], bool]) -> Iterator[date]:
    if rule.rhythm is Rhythm.WEEKLY:
        first = rule.starts + timedelta(days=(rule.day - rule.starts.isoweekday()) % _DAYS_OF_WEEK)
        for week in range(_FAR * 5):
            yield first + timedelta(weeks=week)
        return
    step = 3 if rule.rhythm is Rhythm.QUARTERLY else 1
    for month in range(0, _FAR, step):
        yield _in_month(rule, rule.starts.year * _MONTHS + rule.starts.month - 1 + month, is_worked)


def _in_month(rule: Recurrence, months: int, is_worked: Callable[[date], bool]) -> date:
    year, month = months // _MONTHS, months % _MONTHS + 1
    last = date(year, month, monthrange(year, month)[1])
    if rule.day != LAST_WORKING_DAY:
        return last.replace(day=min(rule.day, last.day))
    return _moved(last, -1, is_worked) if not is_worked(last) else last


def _shifted(day: date, shift: Shift, is_worked: Callable[[date], bool]) -> date:
    if shift is Shift.NONE or is_worked(day):
        return day
    return _moved(day, -1 if shift is Shift.BEFORE else 1, is_worked)


def _moved(day: date, step: int, is_worked: Callable[[date], bool]) -> date:
    """Return the next worked day in a direction; the day itself when none comes within a month."""
    for days in range(1, _LONGEST_SHIFT + 1):
        found = day + timedelta(days=step * days)
        if is_worked(found):
            return found
    return day
