from datetime import UTC, date, datetime, timedelta

import pytest

from neike.engines.worktime import (
    BadCalendarError,
    BadIntervalError,
    BadPauseError,
    BadTargetError,
    CalendarSpec,
    EndBeforeStartError,
    HorizonError,
    NaiveTimeError,
    NeverOpenError,
    Shift,
    UnknownZoneError,
    WorktimeError,
)
from tests.engines.calendars import SPECS, calendar, spec

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "../etc/passwd", "Asia", "/etc/localtime", None, 8]
)
def test_an_unknown_zone_is_named(zone):
    with pytest.raises(UnknownZoneError, match="unknown time zone") as caught:
        spec(zone)

    assert caught.value.zone == zone


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("18:00", "09:00"),
        ("09:00", "09:00"),
        ("22:00", "24:01"),
        ("9:00", "12:00"),
        ("09:00", "12:60"),
        ("", "12:00"),
        ("09:00", "25:00"),
        ("٠٩:00", "12:00"),
    ],
)
def test_a_bad_interval_is_named_with_its_day(opens, closes):
    with pytest.raises(BadIntervalError, match="tue") as caught:
        CalendarSpec.weekly("Asia/Shanghai", {"tue": [(opens, closes)]})

    assert (caught.value.opens, caught.value.closes) == (opens, closes)


def test_a_bad_interval_of_a_date_names_the_date():
    with pytest.raises(BadIntervalError, match="2026-03-02"):
        spec("Asia/Shanghai", special={date(2026, 3, 2): [("22:00", "06:00")]})


def test_a_shift_outside_the_day_is_refused():
    with pytest.raises(BadIntervalError):
        Shift(opens=-60, closes=3600)


def test_a_calendar_needs_seven_weekdays_and_known_names():
    with pytest.raises(BadCalendarError, match="week"):
        CalendarSpec(zone="UTC", week=((),))
    with pytest.raises(BadCalendarError, match="monday"):
        CalendarSpec.weekly("UTC", {"monday": []})


def test_a_moment_is_no_date():
    with pytest.raises(BadCalendarError, match="closed"):
        spec("UTC", closed=[NOW])


def test_a_calendar_that_never_opens_is_refused_where_one_is_stored():
    with pytest.raises(NeverOpenError, match="never opens"):
        SPECS["never"].require_opening()

    SPECS["once-in-2028"].require_opening()


@pytest.mark.parametrize("target", [timedelta(), -HOUR])
def test_a_target_must_be_positive(target):
    with pytest.raises(BadTargetError, match="must be positive"):
        calendar("shanghai").due(NOW, target)
    with pytest.raises(BadTargetError):
        calendar("shanghai").remaining(NOW, target, NOW)


def test_a_pause_that_ends_before_it_starts_is_named_with_its_times():
    pauses = [(NOW, NOW + HOUR), (NOW + HOUR, NOW)]

    with pytest.raises(BadPauseError, match="pause 1 ends before it starts") as caught:
        calendar("shanghai").due(NOW, HOUR, pauses)

    assert (caught.value.start, caught.value.end) == (NOW + HOUR, NOW)


def test_a_moment_without_zone_is_refused():
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the mistake under test

    with pytest.raises(NaiveTimeError):
        calendar("shanghai").due(naive, HOUR)
    with pytest.raises(NaiveTimeError):
        calendar("shanghai").due(NOW, HOUR, [(naive, None)])


def test_a_span_must_not_end_before_it_starts():
    with pytest.raises(EndBeforeStartError):
        calendar("shanghai").worked_between(NOW, NOW - HOUR)


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_beyond_the_horizon_are_refused_by_name(year):
    with pytest.raises(HorizonError, match=f"{year:04d}"):
        calendar("shanghai").due(datetime(year, 6, 1, tzinfo=UTC), HOUR)


def test_a_pause_beyond_the_horizon_counts_as_without_end():
    far = datetime(9999, 12, 31, tzinfo=UTC)

    assert calendar("shanghai").due(NOW, HOUR, [(NOW, far)]) is None
    assert calendar("shanghai").due(NOW, HOUR, [(datetime(1, 1, 1, tzinfo=UTC), NOW)]) == NOW + HOUR


def test_every_error_is_a_value_error():
    assert issubclass(WorktimeError, ValueError)
