from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.clocks import (
    ClockEvent,
    ClockState,
    EventKind,
    EventNotAllowedError,
    EventOrderError,
    IncompleteEventError,
    NotStartedError,
    Reason,
    UnknownCalendarError,
    Verdict,
    WaitingOn,
    due_after_retarget,
    judge,
    replay,
)
from neike.engines.worktime import BadTargetError, NaiveTimeError, prepare
from tests.engines.calendars import calendar
from tests.engines.strategies import BOUNDED, moments, specs
from tests.engines.test_clocks_scenarios import (
    CALENDARS,
    at,
    event,
    minutes,
    read,
    retarget,
    started,
)

PAUSED = [
    started("02 10:00", 240),
    event(EventKind.PAUSE, "02 11:00", cause=WaitingOn.REQUESTER),
]


def reasons(reading) -> list[Reason]:
    return [step.reason for step in reading.why]


@pytest.mark.parametrize(
    ("used", "verdict"), [(59, Verdict.MET), (60, Verdict.MET), (61, Verdict.MISSED)]
)
def test_using_exactly_the_target_is_met(used, verdict):
    assert judge(used=minutes(used), target=minutes(60)) is verdict


@pytest.mark.parametrize("target", [0, -1])
def test_judging_needs_a_positive_target(target):
    with pytest.raises(BadTargetError):
        judge(used=minutes(1), target=minutes(target))


def test_a_paused_clock_shows_working_time_left_and_no_date():
    reading = read(PAUSED, "03 15:00")

    assert (reading.state, reading.due, reading.remaining) == (
        ClockState.PAUSED,
        None,
        minutes(180),
    )
    assert reading.pauses == ((at("02 11:00"), None),)


def test_a_clock_paused_after_its_due_time_keeps_that_date():
    events = [started("02 10:00", 60), event(EventKind.PAUSE, "02 14:00")]

    assert read(events, "03 15:00").due == at("02 11:00")


def test_a_running_clock_past_its_target_is_overdue_but_not_judged():
    reading = read([started("02 10:00", 60)], "02 14:00")

    assert (reading.state, reading.verdict, reading.overdue) == (ClockState.RUNNING, None, True)
    assert (reading.remaining, reading.lateness) == (minutes(0), minutes(90))


def test_stopping_while_paused_counts_nothing_of_the_pause():
    reading = read([*PAUSED, event(EventKind.STOP, "04 15:00")], "04 16:00")

    assert (reading.used, reading.state) == (minutes(60), ClockState.MET)


def test_what_happens_after_the_moment_asked_about_is_not_yet_known():
    events = [*PAUSED, event(EventKind.RESUME, "03 10:00"), event(EventKind.STOP, "03 11:00")]

    assert read(events, "02 10:30").state is ClockState.RUNNING
    assert read(events, "02 11:00").state is ClockState.PAUSED
    assert read(events, "03 11:00").verdict is Verdict.MET


def test_a_void_clock_has_no_date_and_no_verdict():
    reading = read(
        [started("02 10:00", 60), event(EventKind.VOID, "02 10:30", cause="merged")], "03 10:00"
    )

    assert (reading.state, reading.due, reading.verdict) == (ClockState.VOID, None, None)
    assert reading.used == minutes(30)
    assert reasons(reading) == [Reason.STARTED, Reason.VOIDED, Reason.WORKED]
    assert reading.why[1].code == "merged"


def test_a_change_after_the_verdict_does_not_touch_it_but_holds_after_reopening():
    stopped = [started("02 09:00", 60), event(EventKind.STOP, "02 11:00")]
    changed = [*stopped, retarget("02 12:00", 600, 30)]

    assert read(changed, "03 09:00").state is ClockState.BREACHED
    assert read(changed, "03 09:00").target == minutes(60)
    reopened = read([*changed, event(EventKind.REOPEN, "03 09:00")], "03 09:00")
    assert (reopened.target, reopened.due) == (minutes(600), at("03 18:00") + timedelta(hours=15.5))


def test_every_further_change_starts_from_the_promise_not_from_the_last_floor():
    events = [
        started("02 10:00", 900),
        retarget("02 16:00", 240, 30),
        retarget("02 16:10", 900, 60),
    ]

    assert read(events, "02 16:10").due == at("04 10:00")


def test_a_change_while_paused_keeps_the_pause_credited():
    events = [*PAUSED, retarget("02 15:00", 90, 60), event(EventKind.RESUME, "03 10:00")]

    # 60 used before the pause; the floor is 60 + 60, so 60 are left at Tuesday 10:00
    assert read(events, "03 10:00").due == at("03 11:00")


def test_the_preview_of_a_change_equals_the_replay():
    preview = due_after_retarget(
        calendar("shanghai"),
        start=at("02 10:00"),
        target=minutes(240),
        changed_at=at("02 16:00"),
        response_target=minutes(30),
    )

    assert preview == at("02 16:30")
    assert due_after_retarget(
        calendar("shanghai"),
        start=at("02 10:00"),
        target=minutes(240),
        changed_at=at("02 16:00"),
        response_target=None,
    ) == at("02 15:30")


def test_a_never_open_calendar_gives_no_date_and_says_so():
    events = [
        ClockEvent(kind=EventKind.START, at=at("02 10:00"), target=minutes(60), calendar="never")
    ]

    reading = replay(events, {"never": calendar("never")}, at=at("03 10:00"))

    assert (reading.due, reading.used, reading.state) == (None, minutes(0), ClockState.RUNNING)
    assert reasons(reading) == [Reason.STARTED, Reason.NO_DATE]


def test_why_names_each_date_each_pause_and_adds_up_to_the_target():
    events = [*PAUSED, event(EventKind.RESUME, "03 10:00", cause=WaitingOn.SUPPLIER)]

    reading = read(events, "03 10:00")

    start, pause, monday, tuesday, due = reading.why
    assert (start.reason, start.at, start.amount, start.code) == (
        Reason.STARTED,
        at("02 10:00"),
        minutes(240),
        "default",
    )
    assert (pause.reason, pause.at, pause.until) == (Reason.PAUSED, at("02 11:00"), at("03 10:00"))
    assert (pause.amount, pause.code) == (minutes(60 + 270 + 60), "requester")
    assert (monday.reason, monday.day, monday.amount) == (
        Reason.WORKED,
        date(2026, 3, 2),
        minutes(60),
    )
    assert (tuesday.reason, tuesday.day, tuesday.amount) == (
        Reason.WORKED,
        date(2026, 3, 3),
        minutes(180),
    )
    assert (due.reason, due.at) == (Reason.DUE, at("03 14:30"))
    assert reading.due == at("03 14:30")


def test_why_of_a_floored_change_says_so():
    reading = read([started("02 10:00", 900), retarget("02 16:00", 240, 30)], "02 16:00")

    assert reasons(reading) == [
        Reason.STARTED,
        Reason.RETARGETED,
        Reason.FLOORED,
        Reason.WORKED,
        Reason.DUE,
    ]
    assert reading.why[1].code == "priority"
    assert reading.why[2].amount == minutes(120 + 150 + 30)


def test_why_names_the_floor_only_at_the_change_that_set_it():
    events = [
        started("02 10:00", 900),
        retarget("02 15:00", 900, 30),
        retarget("02 16:00", 240, 30),
    ]

    assert reasons(read(events, "02 16:00"))[:4] == [
        Reason.STARTED,
        Reason.RETARGETED,
        Reason.RETARGETED,
        Reason.FLOORED,
    ]


def test_why_of_a_late_reopened_clock_tells_the_whole_story():
    events = [
        started("02 09:00", 60),
        event(EventKind.STOP, "02 09:30"),
        event(EventKind.REOPEN, "03 09:00"),
        event(EventKind.RECALENDAR, "03 09:00", calendar="friday-off"),
        event(EventKind.STOP, "03 10:00"),
    ]

    reading = read(events, "04 09:00")

    assert reasons(reading) == [
        Reason.STARTED,
        Reason.REOPENED,
        Reason.RECALENDARED,
        Reason.STOPPED,
        Reason.WORKED,
        Reason.WORKED,
        Reason.DUE,
        Reason.LATE,
    ]
    assert reading.why[-1].amount == minutes(30)


def test_why_of_a_paused_clock_ends_with_what_is_left():
    assert reasons(read(PAUSED, "03 09:00")) == [
        Reason.STARTED,
        Reason.PAUSED,
        Reason.WORKED,
        Reason.REMAINING,
    ]


def test_why_of_a_long_clock_stays_short_and_still_adds_up():
    reading = read([started("02 09:00", 40_500)], "02 09:00")

    worked = [step for step in reading.why if step.reason is Reason.WORKED]
    assert len(worked) == 11
    assert sum(step.days for step in worked) == 90
    assert sum((step.amount for step in worked if step.amount), timedelta()) == minutes(40_500)


def test_why_can_be_left_out():
    assert replay(PAUSED, CALENDARS, at=at("03 09:00"), with_why=False).why == ()


def test_an_event_out_of_order_is_named_with_both_times():
    events = [started("02 10:00", 60), event(EventKind.STOP, "02 09:00")]

    with pytest.raises(EventOrderError, match="event 1") as caught:
        read(events, "03 10:00")

    assert (caught.value.index, caught.value.at, caught.value.before) == (
        1,
        at("02 09:00"),
        at("02 10:00"),
    )


@pytest.mark.parametrize(
    ("kinds", "index"),
    [
        ([EventKind.PAUSE], 0),
        ([EventKind.START, EventKind.START], 1),
        ([EventKind.START, EventKind.RESUME], 1),
        ([EventKind.START, EventKind.PAUSE, EventKind.PAUSE], 2),
        ([EventKind.START, EventKind.REOPEN], 1),
        ([EventKind.START, EventKind.STOP, EventKind.STOP], 2),
        ([EventKind.START, EventKind.STOP, EventKind.PAUSE], 2),
        ([EventKind.START, EventKind.VOID, EventKind.STOP], 2),
        ([EventKind.START, EventKind.VOID, EventKind.VOID], 2),
    ],
)
def test_an_event_the_state_does_not_allow_is_named(kinds, index):
    events = [
        started("02 10:00", 60) if kind is EventKind.START else event(kind, "02 10:00")
        for kind in kinds
    ]

    with pytest.raises(EventNotAllowedError) as caught:
        read(events, "03 10:00")

    assert (caught.value.index, caught.value.kind) == (index, kinds[index])


def test_an_unknown_calendar_is_named():
    with pytest.raises(UnknownCalendarError, match="'mars'"):
        read([started("02 10:00", 60, "mars")], "03 10:00")


def test_a_clock_that_has_not_started_says_so():
    with pytest.raises(NotStartedError):
        read([started("02 10:00", 60)], "02 09:59")
    with pytest.raises(NotStartedError):
        read([], "02 09:59")


def test_events_are_checked_when_made():
    with pytest.raises(BadTargetError):
        started("02 10:00", 0)
    with pytest.raises(BadTargetError):
        retarget("02 10:00", 60, -1)
    with pytest.raises(IncompleteEventError, match="a target"):
        event(EventKind.RETARGET, "02 10:00")
    with pytest.raises(IncompleteEventError, match="a calendar"):
        event(EventKind.START, "02 10:00", target=minutes(60))
    with pytest.raises(NaiveTimeError):
        ClockEvent(kind=EventKind.STOP, at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the mistake under test
    with pytest.raises(NaiveTimeError):
        replay(PAUSED, CALENDARS, at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - the mistake under test


@BOUNDED
@given(st.data())
def test_any_course_of_pauses_reads_as_the_calendar_counts_it(data):
    spec = data.draw(specs())
    count = data.draw(st.integers(1, 6))
    first, *marks = sorted(data.draw(moments(spec)) for _ in range(count))
    now = marks[-1] + timedelta(hours=5) if marks else first
    kinds = [EventKind.RESUME if n % 2 else EventKind.PAUSE for n in range(len(marks))]
    target = timedelta(minutes=data.draw(st.integers(1, 3000)))
    alone = prepare(spec)
    events = [
        ClockEvent(kind=EventKind.START, at=first, target=target, calendar="c"),
        *(ClockEvent(kind=kind, at=mark) for kind, mark in zip(kinds, marks, strict=True)),
    ]

    reading = replay(events, {"c": alone}, at=now)

    assert reading.used == alone.worked_between(first, now, reading.pauses)
    assert reading.used + reading.remaining - reading.lateness == target
    assert reading.due == alone.due(first, target, reading.pauses)
    worked = sum(
        (step.amount for step in reading.why if step.reason is Reason.WORKED and step.amount),
        timedelta(),
    )
    assert worked == (reading.used if reading.due is None else target)
    assert reading.started.tzinfo is UTC
