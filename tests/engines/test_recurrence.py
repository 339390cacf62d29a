"""Dates of recurring things, against the calendar on the wall."""

from datetime import date
from itertools import islice

import pytest

from neike.engines.recurrence import (
    LAST_WORKING_DAY,
    Occurrence,
    Recurrence,
    Rhythm,
    Shift,
    occurrences,
)


def weekdays(day):
    """Monday to Friday, without the first of May."""
    return day.isoweekday() < 6 and (day.month, day.day) != (5, 1)


def days(rule, count=4, after=None):
    """Return the days a rule really falls on."""
    found = islice(occurrences(rule, after=after, is_worked=weekdays), count)
    return [one.on.isoformat() for one in found]


def test_weekly_begins_with_the_first_such_day():
    rule = Recurrence(Rhythm.WEEKLY, day=1, starts=date(2026, 1, 7))

    assert days(rule, 3) == ["2026-01-12", "2026-01-19", "2026-01-26"]


def test_the_thirty_first_is_the_last_day_of_a_short_month_and_moves_off_a_weekend():
    rule = Recurrence(Rhythm.MONTHLY, day=31, starts=date(2026, 1, 1), shift=Shift.BEFORE)

    # 31 January 2026 is a Saturday, 28 February too
    assert days(rule, 3) == ["2026-01-30", "2026-02-27", "2026-03-31"]


def test_the_last_working_day():
    rule = Recurrence(Rhythm.MONTHLY, day=LAST_WORKING_DAY, starts=date(2026, 1, 1))

    assert days(rule, 3) == ["2026-01-30", "2026-02-27", "2026-03-31"]


def test_quarterly_counts_from_the_month_of_the_start_and_moves_forward():
    rule = Recurrence(Rhythm.QUARTERLY, day=1, starts=date(2026, 2, 1))

    # 1 February 2026 is a Sunday; 1 May is a holiday and a Friday; 1 August is a Saturday
    assert days(rule, 3) == ["2026-02-02", "2026-05-04", "2026-08-03"]


def test_it_ends_with_its_last_day_and_goes_on_after_what_was_done():
    rule = Recurrence(
        Rhythm.MONTHLY, day=15, starts=date(2026, 1, 16), ends=date(2026, 4, 15), shift=Shift.NONE
    )

    assert days(rule, 9) == ["2026-02-15", "2026-03-15", "2026-04-15"]
    assert days(rule, 9, after=date(2026, 3, 15)) == ["2026-04-15"]


def test_a_date_is_named_by_the_rule_wherever_it_moves():
    rule = Recurrence(Rhythm.MONTHLY, day=1, starts=date(2026, 2, 1))

    assert next(occurrences(rule, after=None, is_worked=weekdays)) == Occurrence(
        by_rule=date(2026, 2, 1), on=date(2026, 2, 2)
    )


def test_a_calendar_that_never_opens_moves_nothing():
    rule = Recurrence(Rhythm.MONTHLY, day=0, starts=date(2026, 1, 1))

    found = list(islice(occurrences(rule, after=None, is_worked=lambda _day: False), 2))

    assert [one.on for one in found] == [date(2026, 1, 31), date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("rhythm", "day"), [(Rhythm.WEEKLY, 0), (Rhythm.WEEKLY, 8), (Rhythm.MONTHLY, 32)]
)
def test_a_day_that_is_none_is_refused(rhythm, day):
    with pytest.raises(ValueError, match=str(day)):
        Recurrence(rhythm, day=day, starts=date(2026, 1, 1))
