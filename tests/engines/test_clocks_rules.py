from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from neike.engines.clocks import (
    PAUSE_TABLE,
    ClockAction,
    ClockEvent,
    Contact,
    Effect,
    EventKind,
    EventOrderError,
    Exchange,
    HandOverMode,
    HandOverMove,
    Metric,
    Party,
    Segment,
    SegmentError,
    Side,
    WaitingOn,
    clock_pauses,
    come_back,
    exchanges,
    first_response_at,
    hand_over_actions,
    next_response_anchor,
    notice_time,
    pauses,
    reopen_window,
    replay,
    time_by_wait,
    warning_times,
)
from neike.engines.worktime import BadTargetError
from tests.engines.calendars import calendar
from tests.engines.test_clocks_scenarios import CALENDARS, at, minutes

# docs/en/reference/clocks.md, pause table, typed anew: R run, P pause, A pause if allowed, S stopped, - absent
PRINTED = """
supplier     R R R R R -
requester    R R S P P -
approver     P R R P R R
third_party  R R R A R -
other_leg    - - R P R -
none         - - - - - -
"""
LETTERS = {
    "R": Effect.RUN,
    "P": Effect.PAUSE,
    "A": Effect.PAUSE_IF_ALLOWED,
    "S": Effect.STOP,
    "-": Effect.ABSENT,
}


def test_the_pause_table_is_the_printed_one():
    rows = [line.split() for line in PRINTED.strip().splitlines()]
    printed = {
        WaitingOn(name): dict(zip(Metric, (LETTERS[letter] for letter in letters), strict=True))
        for name, *letters in rows
    }

    assert {waiting: dict(row) for waiting, row in PAUSE_TABLE.items()} == printed
    assert list(Metric) == [
        Metric.ACCEPTANCE,
        Metric.FIRST_RESPONSE,
        Metric.NEXT_RESPONSE,
        Metric.LEG_DELIVERY,
        Metric.END_TO_END,
        Metric.APPROVAL,
    ]


def test_an_outside_supplier_pauses_only_where_the_standard_allows_it():
    assert pauses(Metric.LEG_DELIVERY, WaitingOn.THIRD_PARTY, third_party_pauses=True)
    assert not pauses(Metric.LEG_DELIVERY, WaitingOn.THIRD_PARTY, third_party_pauses=False)
    assert not pauses(Metric.END_TO_END, WaitingOn.THIRD_PARTY, third_party_pauses=True)


def segments(*parts):
    return [
        Segment(start=at(start), end=None if end is None else at(end), waiting_on=waiting)
        for start, end, waiting in parts
    ]


LIFE = segments(
    ("02 09:00", "02 10:00", WaitingOn.SUPPLIER),
    ("02 10:00", "02 11:00", WaitingOn.REQUESTER),
    ("02 11:00", "02 12:00", WaitingOn.APPROVER),
    ("02 12:00", "02 14:00", WaitingOn.THIRD_PARTY),
    ("02 14:00", "02 15:00", WaitingOn.OTHER_LEG),
    ("02 15:00", "02 15:00", WaitingOn.REQUESTER),
    ("02 15:00", "02 16:00", WaitingOn.SUPPLIER),
    ("02 16:00", None, WaitingOn.REQUESTER),
)


@pytest.mark.parametrize(
    ("metric", "allowed", "expected"),
    [
        (Metric.ACCEPTANCE, False, [("02 11:00", "02 12:00")]),
        (Metric.FIRST_RESPONSE, True, []),
        (Metric.NEXT_RESPONSE, True, []),
        (
            Metric.LEG_DELIVERY,
            False,
            [("02 10:00", "02 12:00"), ("02 14:00", "02 15:00"), ("02 16:00", None)],
        ),
        (Metric.LEG_DELIVERY, True, [("02 10:00", "02 15:00"), ("02 16:00", None)]),
        (Metric.END_TO_END, True, [("02 10:00", "02 11:00"), ("02 16:00", None)]),
        (Metric.APPROVAL, True, []),
    ],
)
def test_segments_become_pauses_by_the_table_joined_where_they_touch(metric, allowed, expected):
    spans = clock_pauses(LIFE, metric, third_party_pauses=allowed)

    assert spans == tuple((at(start), None if end is None else at(end)) for start, end in expected)


@pytest.mark.parametrize(
    ("parts", "index"),
    [
        ([("02 09:00", "02 08:00", WaitingOn.SUPPLIER)], 0),
        ([("02 09:00", "02 10:00", WaitingOn.SUPPLIER), ("02 10:30", None, WaitingOn.SUPPLIER)], 1),
        ([("02 09:00", "02 10:00", WaitingOn.SUPPLIER), ("02 09:30", None, WaitingOn.SUPPLIER)], 1),
        ([("02 09:00", None, WaitingOn.SUPPLIER), ("02 09:30", None, WaitingOn.SUPPLIER)], 0),
    ],
)
def test_segments_with_gap_overlap_or_reversed_times_are_named(parts, index):
    with pytest.raises(SegmentError) as caught:
        clock_pauses(segments(*parts), Metric.END_TO_END, third_party_pauses=False)

    assert caught.value.index == index


def test_time_by_wait_adds_up_to_the_working_time_of_the_leg():
    shares = time_by_wait(LIFE, calendar("shanghai"), at=at("03 10:00"))

    assert shares == {
        WaitingOn.SUPPLIER: minutes(60 + 60),
        WaitingOn.REQUESTER: minutes(60 + 120 + 60),
        WaitingOn.APPROVER: minutes(60),
        WaitingOn.THIRD_PARTY: minutes(30),
        WaitingOn.OTHER_LEG: minutes(60),
        WaitingOn.NONE: minutes(0),
    }
    assert sum(shares.values(), timedelta()) == minutes(450 + 60)
    earlier = time_by_wait(LIFE, calendar("shanghai"), at=at("02 09:30"))
    assert sum(earlier.values(), timedelta()) == minutes(30)


def contact(moment, party=Party.SERVING, **values):
    return Contact(at=at(moment), party=party, **values)


def test_notes_automatic_messages_and_the_requesters_own_posts_are_no_response():
    contacts = [
        contact("02 09:00", public=False),
        contact("02 09:01", automatic=True),
        contact("02 09:02", Party.REQUESTER),
    ]

    assert first_response_at(contacts) is None
    assert first_response_at([*contacts, contact("02 09:03")]) == at("02 09:03")


def test_messages_before_the_first_response_start_no_next_response_clock():
    contacts = [contact("02 09:00", Party.REQUESTER), contact("02 09:10", Party.REQUESTER)]

    assert next_response_anchor(contacts) is None
    assert next_response_anchor([*contacts, contact("02 09:20")]) is None


def test_each_answered_exchange_has_its_own_span():
    contacts = [
        contact("02 09:00"),
        contact("02 09:10", Party.REQUESTER),
        contact("02 09:20", Party.REQUESTER, automatic=True),
        contact("02 09:30", public=False),
        contact("02 09:40"),
        contact("02 09:50"),
        contact("02 10:00", Party.REQUESTER),
    ]

    assert exchanges(contacts) == (
        Exchange(asked_at=at("02 09:10"), answered_at=at("02 09:40")),
        Exchange(asked_at=at("02 10:00"), answered_at=None),
    )


def test_contacts_out_of_order_are_named():
    with pytest.raises(EventOrderError, match="event 1"):
        first_response_at([contact("02 10:00"), contact("02 09:00")])


def clock_event(kind, moment):
    started = kind is EventKind.START
    return ClockEvent(
        kind=kind,
        at=at(moment),
        target=minutes(240) if started else None,
        calendar="default" if started else None,
    )


def clock_events(moves, mode, side, metric):
    """Put the events of hand-over moves on one clock; the sender's delivery clock runs since 09:00."""
    events = [clock_event(EventKind.START, "02 09:00")] if side is Side.SENDER else []
    for move, moment in moves:
        events.extend(
            clock_event(action.kind, moment)
            for action in hand_over_actions(mode, move)
            if (action.side, action.metric) == (side, metric)
        )
    return events


RETURNED = [(HandOverMove.OFFERED, "02 10:00"), (HandOverMove.RETURNED, "02 11:30")]
DONE = [
    (HandOverMove.OFFERED, "02 10:00"),
    (HandOverMove.ACCEPTED, "02 11:00"),
    (HandOverMove.DELIVERED, "02 14:30"),
]


@pytest.mark.parametrize("mode", [HandOverMode.RELAY, HandOverMode.TRANSFER])
def test_a_return_instead_of_acceptance_charges_nobodys_delivery_clock(mode):
    sender = clock_events(RETURNED, mode, Side.SENDER, Metric.LEG_DELIVERY)

    assert replay(sender, CALENDARS, at=at("02 11:30")).used == minutes(60)
    assert clock_events(RETURNED, mode, Side.RECEIVER, Metric.LEG_DELIVERY) == []


def test_acceptance_runs_from_the_offer_and_delivery_from_acceptance():
    acceptance = clock_events(DONE, HandOverMode.RELAY, Side.RECEIVER, Metric.ACCEPTANCE)
    delivery = clock_events(DONE, HandOverMode.RELAY, Side.RECEIVER, Metric.LEG_DELIVERY)

    assert replay(acceptance, CALENDARS, at=at("02 18:00")).used == minutes(60)
    assert replay(delivery, CALENDARS, at=at("02 18:00")).used == minutes(120)


@pytest.mark.parametrize(
    ("mode", "used"),
    [(HandOverMode.RELAY, 60 + 30), (HandOverMode.TRANSFER, 60), (HandOverMode.PARALLEL, 180 + 90)],
)
def test_the_senders_leg_waits_ends_or_goes_on_by_mode(mode, used):
    sender = clock_events(DONE, mode, Side.SENDER, Metric.LEG_DELIVERY)

    assert replay(sender, CALENDARS, at=at("02 15:00")).used == minutes(used)


def test_rework_goes_on_with_the_waiting_time_credited():
    moves = [*DONE, (HandOverMove.REWORK, "03 09:00"), (HandOverMove.DELIVERED, "03 09:30")]

    delivery = replay(
        clock_events(moves, HandOverMode.RELAY, Side.RECEIVER, Metric.LEG_DELIVERY),
        CALENDARS,
        at=at("04 09:00"),
    )
    sender = replay(
        clock_events(moves, HandOverMode.RELAY, Side.SENDER, Metric.LEG_DELIVERY),
        CALENDARS,
        at=at("03 09:30"),
    )

    assert (delivery.used, delivery.reopened) == (minutes(150), 1)
    assert sender.used == minutes(60 + 210)


def test_cancelling_voids_the_clock_that_ran():
    offered = hand_over_actions(HandOverMode.RELAY, HandOverMove.CANCELLED)
    accepted = hand_over_actions(HandOverMode.PARALLEL, HandOverMove.CANCELLED, accepted=True)

    assert offered == (
        ClockAction(side=Side.RECEIVER, metric=Metric.ACCEPTANCE, kind=EventKind.VOID),
        ClockAction(side=Side.SENDER, metric=Metric.LEG_DELIVERY, kind=EventKind.RESUME),
    )
    assert accepted == (
        ClockAction(side=Side.RECEIVER, metric=Metric.LEG_DELIVERY, kind=EventKind.VOID),
    )


def test_no_hand_over_touches_the_end_to_end_clock():
    actions = [
        action
        for mode in HandOverMode
        for move in HandOverMove
        for action in hand_over_actions(mode, move)
    ]

    assert {action.metric for action in actions} == {Metric.ACCEPTANCE, Metric.LEG_DELIVERY}


def test_warnings_fall_due_at_shares_of_working_time():
    warnings = warning_times(calendar("shanghai"), start=at("02 11:00"), target=minutes(120))

    assert warnings == (at("02 14:00"), at("02 14:30"))


def test_warnings_behind_an_open_pause_wait_for_its_end():
    warnings = warning_times(
        calendar("shanghai"),
        start=at("02 09:00"),
        target=minutes(120),
        pauses=[(at("02 10:45"), None)],
    )

    assert warnings == (at("02 10:30"), None)


def test_a_share_must_be_positive():
    with pytest.raises(BadTargetError):
        warning_times(
            calendar("shanghai"), start=at("02 09:00"), target=minutes(120), shares=[Fraction(0)]
        )


def test_notices_wait_for_the_recipients_working_time_unless_urgent():
    berlin = calendar("berlin")
    evening = datetime(2026, 3, 27, 17, tzinfo=UTC)

    assert notice_time(berlin, evening) == datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert notice_time(berlin, evening, urgent=True) == evening


def test_the_reopening_window_closes_five_working_days_later_and_not_without_openings():
    assert reopen_window(calendar("shanghai"), at("02 15:00")) == at("09 15:00")
    assert reopen_window(calendar("never"), at("02 15:00")) is None
    with pytest.raises(EventOrderError):
        come_back(
            calendar("shanghai"),
            resolved_at=at("02 15:00"),
            at=at("02 15:00") - timedelta(seconds=1),
        )
