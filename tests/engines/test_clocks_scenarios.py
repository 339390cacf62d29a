"""The scenarios S1 to S10 of docs/en/reference/clocks.md, each through replay. March 2026, Shanghai split shifts."""

from datetime import UTC, date, datetime, timedelta

from neike.engines.clocks import (
    ClockEvent,
    ClockState,
    ComeBack,
    Contact,
    EventKind,
    Exchange,
    Metric,
    Party,
    Segment,
    Verdict,
    WaitingOn,
    clock_pauses,
    come_back,
    exchanges,
    first_response_at,
    next_response_anchor,
    replay,
)
from neike.engines.worktime import prepare
from tests.engines.calendars import calendar, spec

CALENDARS = {
    "default": calendar("shanghai"),
    "finance": calendar("finance"),
    "berlin": calendar("berlin"),
    "friday-off": prepare(spec("Asia/Shanghai", closed=[date(2026, 3, 6)])),
}


def at(text: str) -> datetime:
    """Read "02 10:00": the day of March 2026 and the wall time in Shanghai."""
    return datetime.fromisoformat(f"2026-03-{text}:00+08:00")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def started(moment: str, target: int, on: str = "default") -> ClockEvent:
    return ClockEvent(kind=EventKind.START, at=at(moment), target=minutes(target), calendar=on)


def event(kind: EventKind, moment: str, **values) -> ClockEvent:
    return ClockEvent(kind=kind, at=at(moment), **values)


def retarget(moment: str, target: int, response: int) -> ClockEvent:
    return event(
        EventKind.RETARGET,
        moment,
        target=minutes(target),
        response_target=minutes(response),
        cause="priority",
    )


def read(events, moment: str):
    return replay(events, CALENDARS, at=at(moment))


def test_s1_first_response_is_due_from_creation_and_next_from_the_oldest_unanswered_message():
    contacts = [
        Contact(at=at("02 10:00"), party=Party.REQUESTER),
        Contact(at=at("02 10:20"), party=Party.REQUESTER),
        Contact(at=at("02 10:50"), party=Party.SERVING),
        Contact(at=at("02 11:30"), party=Party.REQUESTER),
        Contact(at=at("02 14:00"), party=Party.REQUESTER),
    ]
    answered = first_response_at(contacts)
    asked = next_response_anchor(contacts)
    assert answered == at("02 10:50")
    assert asked == at("02 11:30")

    first = [started("02 10:00", 60), ClockEvent(kind=EventKind.STOP, at=answered)]
    following = [
        ClockEvent(kind=EventKind.START, at=asked, target=minutes(120), calendar="default")
    ]

    assert read(first[:1], "02 10:30").due == at("02 11:00")
    assert (read(first, "02 14:00").verdict, read(first, "02 14:00").used) == (
        Verdict.MET,
        minutes(50),
    )
    assert read(following, "02 14:00").due == at("02 15:00")
    assert exchanges(contacts) == (Exchange(asked_at=at("02 11:30"), answered_at=None),)


def test_s2_raising_the_priority_recomputes_but_leaves_the_new_response_time():
    events = [started("02 10:00", 900), retarget("02 16:00", 240, 30)]

    assert read(events[:1], "02 16:00").due == at("04 10:00")
    assert read(events, "02 16:00").due == at("02 16:30")
    met = read([*events, event(EventKind.STOP, "02 16:30")], "02 17:00")
    assert met.verdict is Verdict.MET
    assert met.promised == minutes(240)
    assert met.target == minutes(120 + 150 + 30)


def test_s2_lowering_the_priority_recomputes_from_the_start():
    events = [started("02 10:00", 240), retarget("02 11:00", 900, 60)]

    assert read(events[:1], "02 11:00").due == at("02 15:30")
    assert read(events, "02 11:00").due == at("04 10:00")


def test_s3_a_late_leg_does_not_make_the_next_leg_late():
    hr = [started("02 09:20", 120), event(EventKind.STOP, "02 10:50")]
    finance = [started("02 10:50", 480, "finance"), event(EventKind.STOP, "03 13:10")]
    it = [started("03 13:10", 240), event(EventKind.STOP, "03 17:30")]
    end_to_end = [started("02 09:20", 1350)]

    assert read(hr, "05 09:00").due == at("02 11:20")
    assert read(finance, "05 09:00").due == at("03 11:20")
    # Finance closes at 11:30 and opens at 13:00
    assert read(finance, "05 09:00").lateness == minutes(10 + 10)
    assert read(finance, "05 09:00").state is ClockState.BREACHED
    assert (read(it, "05 09:00").due, read(it, "05 09:00").verdict) == (at("03 17:30"), Verdict.MET)
    assert read(end_to_end, "05 09:00").due == at("05 09:20")
    assert read(end_to_end, "05 09:20").lateness == minutes(0)


def test_s4_a_calendar_edit_moves_open_clocks_and_spares_verdicts():
    edit = event(EventKind.RECALENDAR, "05 17:00", calendar="friday-off")
    still_open = [started("05 16:00", 300), edit]
    closed = [
        started("04 16:00", 60),
        event(EventKind.STOP, "05 09:30"),
        event(EventKind.RECALENDAR, "06 17:00", calendar="friday-off"),
    ]

    assert read(still_open[:1], "05 17:00").due == at("06 12:00")
    assert read(still_open, "05 17:00").due == at("09 12:00")
    before, after = read(closed[:2], "09 09:00"), read(closed, "09 09:00")
    assert (after.verdict, after.due, after.used, after.calendar) == (
        before.verdict,
        before.due,
        before.used,
        "default",
    )


def test_s5_lateness_does_not_grow_while_paused():
    events = [
        started("02 11:00", 60),
        event(EventKind.PAUSE, "02 14:00", cause=WaitingOn.REQUESTER),
        event(EventKind.RESUME, "03 10:00"),
        event(EventKind.STOP, "03 11:00"),
    ]

    assert read(events[:1], "02 13:00").due == at("02 12:00")
    assert [
        read(events[:2], moment).lateness for moment in ("02 14:00", "02 17:00", "03 09:59")
    ] == [minutes(30)] * 3
    resolved = read(events, "04 09:00")
    assert (resolved.lateness, resolved.state) == (minutes(30 + 60), ClockState.BREACHED)


def test_s6_reopened_in_time_keeps_the_request_and_later_is_a_follow_up():
    events = [
        started("02 09:00", 480),
        event(EventKind.STOP, "02 15:00"),
        event(EventKind.REOPEN, "04 10:00"),
    ]
    default = CALENDARS["default"]

    assert read(events[:2], "02 16:00").verdict is Verdict.MET
    reopened = read(events, "04 10:00")
    assert (reopened.due, reopened.verdict, reopened.reopened) == (at("04 15:00"), None, 1)
    assert (
        come_back(default, resolved_at=at("02 15:00"), at=at("04 10:00")) is ComeBack.SAME_REQUEST
    )
    assert (
        come_back(default, resolved_at=at("02 15:00"), at=at("09 15:00")) is ComeBack.SAME_REQUEST
    )
    assert come_back(default, resolved_at=at("02 15:00"), at=at("10 10:00")) is ComeBack.FOLLOW_UP


def test_s7_the_supplying_teams_calendar_decides():
    raised = datetime.fromisoformat("2026-03-27T22:30:00+08:00")
    events = [ClockEvent(kind=EventKind.START, at=raised, target=minutes(60), calendar="berlin")]

    due = replay(events, CALENDARS, at=raised).due

    assert due == datetime(2026, 3, 30, 6, 30, tzinfo=UTC)  # 08:30 summer time in Berlin


def test_s8_waiting_is_reminded_after_three_working_days_and_resolved_after_five():
    default = CALENDARS["default"]

    assert default.after_working_days(at("02 10:00"), 3) == at("05 10:00")
    assert default.after_working_days(at("02 10:00"), 5) == at("09 10:00")


def test_s9_the_approvers_wait_belongs_to_the_approvers_clock():
    segments = [
        Segment(start=at("02 09:30"), end=at("02 10:00"), waiting_on=WaitingOn.SUPPLIER),
        Segment(start=at("02 10:00"), end=at("03 11:00"), waiting_on=WaitingOn.APPROVER),
        Segment(start=at("03 11:00"), end=None, waiting_on=WaitingOn.SUPPLIER),
    ]
    default = CALENDARS["default"]

    def due(metric: Metric, target: int):
        pauses = clock_pauses(segments, metric, third_party_pauses=False)
        return default.due(at("02 09:30"), minutes(target), pauses)

    assert due(Metric.LEG_DELIVERY, 240) == at("03 16:00")
    assert due(Metric.END_TO_END, 900) == at("04 09:30")
    approval = read([started("02 10:00", 480), event(EventKind.STOP, "03 11:00")], "03 12:00")
    assert (approval.due, approval.lateness) == (at("03 10:30"), minutes(30))


def test_s9_leg_by_events_equals_leg_by_segments():
    events = [
        started("02 09:30", 240),
        event(EventKind.PAUSE, "02 10:00", cause=WaitingOn.APPROVER),
        event(EventKind.RESUME, "03 11:00"),
    ]

    assert read(events, "03 11:00").due == at("03 16:00")


def test_s10_work_done_while_closed_costs_nothing():
    events = [started("02 17:50", 60), event(EventKind.STOP, "02 20:00")]

    assert read(events[:1], "02 18:00").due == at("03 09:50")
    assert (read(events, "03 09:00").verdict, read(events, "03 09:00").used) == (
        Verdict.MET,
        minutes(10),
    )
