import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from neike.engines.worktime import CalendarSpec, PreparedCalendar, Shift, prepare
from tests.engines.calendars import SPECS, calendar, china, spec

CASES = list(
    csv.DictReader(
        (Path(__file__).parent / "cases" / "due.csv").read_text(encoding="utf-8").splitlines()
    )
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def pauses_of(text: str):
    pairs = [pair.split("/") for pair in text.split(";") if pair]
    return [(at(start), at(end) if end else None) for start, end in pairs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_due_time_equals_the_worked_example(case):
    due = calendar(case["calendar"]).due(
        at(case["start"]), minutes(float(case["minutes"])), pauses_of(case["pauses"])
    )

    assert due == (at(case["due"]) if case["due"] else None)


def test_answers_are_in_utc():
    due = calendar("shanghai").due(at("2026-03-02T10:00:00+08:00"), minutes(60))

    assert due is not None
    assert due.tzinfo is UTC


def test_microseconds_are_kept():
    due = calendar("shanghai").due(
        at("2026-03-02T11:59:59.999999+08:00"), timedelta(microseconds=2)
    )

    assert due == at("2026-03-02T13:30:00.000001+08:00")


def test_ten_years_of_targets_are_reached():
    always = prepare(
        spec(
            "Asia/Shanghai", [("00:00", "24:00")], ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        )
    )

    due = always.due(at("2026-03-02T10:00:00+08:00"), timedelta(days=3653))

    assert due == at("2026-03-02T10:00:00+08:00") + timedelta(days=3653)


def test_a_target_beyond_the_years_computed_has_no_date():
    assert calendar("shanghai").due(at("2026-03-02T10:00:00+08:00"), timedelta(days=90_000)) is None


def test_overlapping_unordered_shifts_are_united():
    untidy = spec("Asia/Shanghai", [("13:30", "18:00"), ("11:00", "12:00"), ("09:00", "11:30")])

    due = prepare(untidy).due(at("2026-03-02T11:30:00+08:00"), minutes(60))

    assert due == at("2026-03-02T14:00:00+08:00")


def test_a_make_up_date_takes_the_hours_of_the_first_weekday_that_has_any():
    short_tuesdays = CalendarSpec.weekly(
        "Asia/Shanghai",
        {"wed": [("09:00", "18:00")], "tue": [("14:00", "15:00")]},
        worked=[date(2026, 3, 7)],
    )

    assert prepare(short_tuesdays).next_open(at("2026-03-06T09:00:00+08:00")) == at(
        "2026-03-07T14:00:00+08:00"
    )


def test_special_hours_beat_worked_beat_closed():
    day = date(2026, 3, 2)
    untidy = spec("Asia/Shanghai", closed=[day], worked=[day], special={day: [("20:00", "21:00")]})

    assert prepare(untidy).next_open(at("2026-03-02T00:00:00+08:00")) == at(
        "2026-03-02T20:00:00+08:00"
    )
    assert prepare(spec("Asia/Shanghai", closed=[day], worked=[day])).is_open(
        at("2026-03-02T09:00:00+08:00")
    )


def test_special_hours_without_shifts_close_the_date():
    closed = spec("Asia/Shanghai", special={date(2026, 3, 2): []})

    assert prepare(closed).next_open(at("2026-03-02T00:00:00+08:00")) == at(
        "2026-03-03T09:00:00+08:00"
    )


def test_opening_counts_and_closing_does_not():
    shanghai = calendar("shanghai")

    assert shanghai.is_open(at("2026-03-02T09:00:00+08:00"))
    assert not shanghai.is_open(at("2026-03-02T12:00:00+08:00"))
    assert shanghai.next_open(at("2026-03-02T12:00:00+08:00")) == at("2026-03-02T13:30:00+08:00")
    assert shanghai.next_open(at("2026-03-02T10:00:00+08:00")) == at("2026-03-02T10:00:00+08:00")


def test_a_calendar_that_never_opens_has_no_opening():
    assert calendar("never").next_open(at("2026-03-02T12:00:00+08:00")) is None
    assert calendar("once-in-2028").next_open(at("2028-03-03T12:00:00+08:00")) is None
    assert not calendar("never").is_working_date(date(2026, 3, 2))


def test_working_time_of_a_closed_span_is_zero():
    worked = calendar("shanghai").worked_between(
        at("2026-03-02T20:00:00+08:00"), at("2026-03-03T09:00:00+08:00")
    )

    assert worked == timedelta()


def test_remaining_goes_negative_when_late():
    left = calendar("shanghai").remaining(
        at("2026-03-02T11:00:00+08:00"), minutes(60), at("2026-03-02T14:00:00+08:00")
    )

    assert left == -minutes(30)


def test_china_works_248_days_in_2026():
    # 365 dates - 104 weekend dates - 19 closed weekdays (1 Jan + 2, 15-23 Feb ...) + 6 make-up days, by the notice
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    weekends = sum(day.weekday() >= 5 for day in year)
    closed_weekdays = sum(day.weekday() < 5 for day in china().closed if day.year == 2026)

    assert sum(map(calendar("china").is_working_date, year)) == 365 - weekends - closed_weekdays + 6


def test_a_date_the_zone_skipped_is_no_working_date():
    assert not calendar("apia-always").is_working_date(date(2011, 12, 30))
    assert calendar("apia-always").is_working_date(date(2011, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-02T10:00:00+08:00", 3, "2026-03-05T10:00:00+08:00"),
        ("2026-03-02T10:00:00+08:00", 5, "2026-03-09T10:00:00+08:00"),
        ("2026-03-02T20:00:00+08:00", 1, "2026-03-03T20:00:00+08:00"),
        ("2026-03-07T11:00:00+08:00", 1, "2026-03-10T09:00:00+08:00"),
        ("2026-02-13T10:00:00+08:00", 2, "2026-02-24T10:00:00+08:00"),
    ],
)
def test_working_days_keep_the_wall_time_and_skip_closed_dates(start, days, expected):
    assert calendar("china").after_working_days(at(start), days) == at(expected)


def test_day_slices_add_up_by_local_date():
    slices = calendar("shanghai").day_slices(
        at("2026-03-02T11:00:00+08:00"),
        at("2026-03-03T10:00:00+08:00"),
        [(at("2026-03-02T14:00:00+08:00"), at("2026-03-02T15:00:00+08:00"))],
    )

    assert [(piece.day, piece.worked) for piece in slices] == [
        (date(2026, 3, 2), minutes(60 + 270 - 60)),
        (date(2026, 3, 3), minutes(60)),
    ]
    assert slices[0].start == at("2026-03-02T11:00:00+08:00")
    assert slices[0].end == at("2026-03-02T18:00:00+08:00")


def test_round_the_clock_slices_are_cut_at_local_midnight():
    slices = calendar("new-york-always").day_slices(
        at("2026-03-07T12:00:00-05:00"), at("2026-03-09T12:00:00-04:00")
    )

    assert [(piece.day.day, piece.worked) for piece in slices] == [
        (7, timedelta(hours=12)),
        (8, timedelta(hours=23)),
        (9, timedelta(hours=12)),
    ]


def test_earlier_years_may_be_asked_after_later_ones():
    fresh = PreparedCalendar(SPECS["shanghai"])
    later = fresh.due(at("2026-03-02T11:30:00+08:00"), minutes(60))

    earlier = fresh.due(at("1999-03-02T11:30:00+08:00"), minutes(60))

    assert earlier == at("1999-03-02T14:00:00+08:00")
    assert later == fresh.due(at("2026-03-02T11:30:00+08:00"), minutes(60))


def test_threads_that_extend_one_calendar_get_the_same_answers():
    shared, alone = PreparedCalendar(SPECS["china"]), PreparedCalendar(SPECS["china"])
    questions = [
        (
            at("2000-01-03T09:00:00+08:00") + timedelta(days=365 * (n * 7 % 60), hours=n),
            minutes(45_000),
        )
        for n in range(240)
    ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda question: shared.due(*question), questions))

    assert answers == [alone.due(*question) for question in questions]


def test_equal_calendars_share_one_prepared_form():
    assert prepare(spec("Asia/Shanghai")) is prepare(spec("Asia/Shanghai"))


def test_shifts_read_seconds_and_midnight():
    assert Shift.parse("08:59:30", "24:00") == Shift(opens=32_370, closes=86_400)
