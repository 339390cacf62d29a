"""When something comes back: in working time, Monday to Friday nine to twelve and half past one to six in Shanghai."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from neike.engines.later import Later, moment_of
from neike.engines.worktime import CalendarSpec, prepare

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = [("09:00", "12:00"), ("13:30", "18:00")]
CALENDAR = prepare(
    CalendarSpec.weekly("Asia/Shanghai", dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS))
)


def at(day, clock):
    """Return a moment of March 2026 in Shanghai; the second is a Monday."""
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, 3, day, hours, minutes, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("wanted", "now", "expected"),
    [
        (Later.TODAY, at(2, "10:40"), at(2, "13:45")),
        (Later.TODAY, at(2, "10:20"), at(2, "13:30")),  # within lunch
        (Later.TODAY, at(2, "09:00"), at(2, "13:30")),
        (Later.TODAY, at(2, "16:00"), at(3, "09:00")),  # after hours
        (Later.TODAY, at(6, "17:00"), at(9, "09:00")),
        (Later.TOMORROW, at(2, "10:00"), at(3, "09:00")),
        (Later.TOMORROW, at(6, "10:00"), at(9, "09:00")),  # Friday
        (Later.TOMORROW, at(2, "00:30"), at(3, "09:00")),
        (Later.WEEK, at(2, "10:00"), at(9, "09:00")),  # on a Monday the next one
        (Later.WEEK, at(8, "23:00"), at(9, "09:00")),  # Sunday night
    ],
)
def test_the_usual_moments_lie_in_working_time(wanted, now, expected):
    assert moment_of(wanted, CALENDAR, now=now) == expected


def test_the_morning_of_a_day_off_is_the_next_working_one():
    assert moment_of(Later.DATE, CALENDAR, now=at(2, "10:00"), day=date(2026, 3, 7)) == at(
        9, "09:00"
    )


def test_where_nothing_opens_it_is_nine_in_the_morning():
    closed = prepare(CalendarSpec.weekly("Asia/Shanghai", {}))

    found = moment_of(Later.TOMORROW, closed, now=at(2, "10:00"))

    assert found == at(3, "09:00").astimezone(UTC)


def test_a_date_must_be_given():
    with pytest.raises(ValueError, match="date"):
        moment_of(Later.DATE, CALENDAR, now=at(2, "10:00"))
