"""Hand-overs: three modes, return, rework, withdrawal."""

import pytest
from django.core.exceptions import PermissionDenied

from neike.catalog.choices import HandOverMode
from neike.desk import actions, projections
from neike.desk.actions import timers
from neike.desk.choices import ClockState, LegState, ReturnReason, TicketState, WaitingOn
from neike.desk.models import Leg, Ticket
from neike.kernel.outbox.models import OutboxEvent
from tests.make import desk as make
from tests.make.desk import Company, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _what_is_stored_is_what_the_log_says(db):
    yield
    for ticket in Ticket.objects.all():
        assert projections.differences(ticket) == []


def hand_over(it: Company, leg: Leg, mode: HandOverMode, now="2 10:30", accept=True) -> Leg:
    leg = make.fresh(leg)
    asked = actions.hand_over(
        leg=leg,
        by=it.ivan,
        to=it.finance,
        ask="Please approve.",
        mode=mode,
        version=leg.version,
        now=at(now),
    )
    if not accept:
        return asked
    return actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at(now))


def send_back(it: Company, leg: Leg, now="2 11:00") -> Leg:
    return actions.return_leg(
        leg=leg, by=it.fang, why=ReturnReason.WRONG_DEPARTMENT, version=leg.version, now=at(now)
    )


def test_a_transfer_ends_the_senders_leg_and_passes_the_lead_on():
    it = make.company()
    leg = it.accepted()

    asked = hand_over(it, leg, HandOverMode.TRANSFER)

    leg = make.fresh(leg)
    assert (leg.state, leg.is_lead) == (LegState.TRANSFERRED, False)
    assert (asked.is_lead, asked.customer) == (True, it.it)
    assert make.clock(leg.ticket, "leg_delivery", leg=0).state == ClockState.MET
    ticket = Ticket.objects.get(pk=leg.ticket_id)
    ticket = actions.resolve(ticket=ticket, by=it.fang, version=ticket.version, now=at("2 14:00"))
    assert ticket.state == TicketState.RESOLVED


def test_a_returned_transfer_gives_the_lead_and_the_time_back():
    it = make.company()
    leg = it.accepted()
    asked = hand_over(it, leg, HandOverMode.TRANSFER, accept=False)

    asked = send_back(it, asked)

    leg = make.fresh(leg)
    assert (asked.state, asked.return_reason) == (LegState.RETURNED, "wrong_department")
    assert (leg.state, leg.is_lead, leg.ended_at) == (LegState.WORKING, True, None)
    delivery = make.clock(leg.ticket, "leg_delivery", leg=0)
    assert delivery.due_at == at("3 11:00")  # 480 minutes from 10:00 and the half hour away
    assert not leg.ticket.clocks.filter(leg=asked, metric="leg_delivery").exists()


def test_an_offered_leg_may_be_passed_on_without_being_accepted():
    it = make.company()
    leg = it.submit().legs.get()

    asked = hand_over(it, leg, HandOverMode.TRANSFER, accept=False)

    assert asked.is_lead
    assert make.clock(leg.ticket, "acceptance", leg=0).state == ClockState.MET
    send_back(it, asked)
    assert make.fresh(leg).state == LegState.OFFERED
    assert make.clock(leg.ticket, "acceptance", leg=0).state == ClockState.RUNNING


def test_a_parallel_leg_leaves_the_sender_working_and_must_be_done_before_resolving():
    it = make.company()
    leg = it.accepted()
    asked = hand_over(it, leg, HandOverMode.PARALLEL)
    ticket = Ticket.objects.get(pk=leg.ticket_id)
    assert make.fresh(leg).waiting_on == WaitingOn.SUPPLIER
    with pytest.raises(actions.OpenLegsError) as caught:
        actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=at("2 11:00"))
    assert caught.value.legs == [asked]

    actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:30"))
    ticket = Ticket.objects.get(pk=leg.ticket_id)
    ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=at("2 11:40"))
    assert ticket.state == TicketState.RESOLVED


def test_a_relay_through_a_transfer_comes_back_to_who_waits():
    it = make.company()
    leg = it.accepted()
    asked = hand_over(it, leg, HandOverMode.RELAY)
    passed = actions.hand_over(
        leg=asked,
        by=it.fang,
        to=it.hr,
        ask="Yours",
        mode=HandOverMode.TRANSFER,
        version=asked.version,
        now=at("2 11:00"),
    )
    assert make.fresh(leg).waiting_on == WaitingOn.OTHER_LEG
    passed = actions.accept_leg(
        leg=passed, by=it.hr_head, version=passed.version, now=at("2 11:10")
    )
    actions.deliver_leg(leg=passed, by=it.hr_head, version=passed.version, now=at("2 11:30"))

    assert make.fresh(leg).state == LegState.WORKING
    assert make.fresh(leg).is_lead


def test_rework_lets_the_relay_wait_again_and_credits_the_time():
    it = make.company()
    leg = it.accepted()
    asked = hand_over(it, leg, HandOverMode.RELAY)
    asked = actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:00"))
    asked = actions.rework_leg(
        leg=asked, by=it.ivan, why="A page is missing", version=asked.version, now=at("2 11:30")
    )

    assert (asked.state, asked.rework_count) == (LegState.REWORK, 1)
    assert make.fresh(leg).state == LegState.WAITING
    asked = actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:45"))
    assert make.clock(leg.ticket, "leg_delivery", leg=1).used_seconds == 45 * 60
    assert make.fresh(leg).state == LegState.WORKING


def test_a_sender_takes_back_what_it_handed_over():
    it = make.company()
    leg = it.accepted()
    asked = hand_over(it, leg, HandOverMode.RELAY)

    asked = actions.withdraw_leg(
        leg=asked, by=it.ivan, why="Not needed", version=asked.version, now=at("2 11:00")
    )

    assert asked.state == LegState.CANCELLED
    assert make.fresh(leg).state == LegState.WORKING
    assert make.clock(leg.ticket, "leg_delivery", leg=1).state == ClockState.VOID


def test_returns_between_two_departments_are_counted():
    it = make.company()
    leg = it.accepted()
    for minute in (10, 20, 30):
        asked = hand_over(it, leg, HandOverMode.RELAY, f"2 11:{minute}", accept=False)
        send_back(it, asked, f"2 11:{minute + 5}")

    told = OutboxEvent.objects.filter(name="desk.leg_returned.v1").order_by("pk")
    assert [event.payload["returns"] for event in told] == [1, 2, 3]


def test_the_first_leg_cannot_be_returned_and_nobody_hands_over_to_themselves():
    it = make.company()
    leg = it.accepted()
    with pytest.raises(actions.NothingToReturnError):
        actions.return_leg(
            leg=leg,
            by=it.ivan,
            why=ReturnReason.WRONG_DEPARTMENT,
            version=leg.version,
            now=at("2 11:00"),
        )
    with pytest.raises(actions.SameDepartmentError):
        actions.hand_over(
            leg=leg, by=it.ivan, to=it.it, ask="?", version=leg.version, now=at("2 11:00")
        )
    with pytest.raises(actions.ServiceNotOfferedError):
        actions.hand_over(
            leg=leg,
            by=it.ivan,
            to=it.finance,
            ask="?",
            service=it.service,
            version=leg.version,
            now=at("2 11:00"),
        )


def test_delivering_twice_is_refused_and_adds_no_event():
    it = make.company()
    asked = hand_over(it, it.accepted(), HandOverMode.RELAY)
    actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:00"))
    before = make.kinds(asked.ticket)

    with pytest.raises(actions.LegChangedError) as caught:
        actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:01"))

    assert [event.kind for event in caught.value.changes] == ["leg_delivered"]
    assert make.kinds(asked.ticket) == before


def test_only_the_asking_department_confirms_a_delivery_and_not_who_did_it():
    it = make.company()
    asked = hand_over(it, it.accepted(), HandOverMode.RELAY)
    asked = actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:00"))
    for outsider in (it.fang, it.anna, it.fei):
        with pytest.raises(PermissionDenied):
            actions.confirm_leg(leg=asked, by=outsider, version=asked.version, now=at("2 11:05"))


def test_nobody_accepts_or_looks_at_a_delivery_and_time_does():
    it = make.company()
    asked = hand_over(it, it.accepted(), HandOverMode.RELAY, accept=False)
    assert not timers.accept_by_itself(leg_id=asked.pk, now=at("2 11:29"))
    assert timers.accept_by_itself(leg_id=asked.pk, now=at("2 11:31"))
    assert not timers.accept_by_itself(leg_id=asked.pk, now=at("2 11:32"))
    asked = make.fresh(asked)
    assert (asked.state, asked.auto_accepted) == (LegState.ACCEPTED, True)
    assert make.clock(asked.ticket, "acceptance", leg=1).state == ClockState.BREACHED

    asked = actions.deliver_leg(leg=asked, by=it.fei, version=asked.version, now=at("2 14:00"))
    assert asked.lapse_at == at("4 14:00")
    assert not timers.confirm_leg_by_itself(leg_id=asked.pk, now=at("4 13:59"))
    assert timers.confirm_leg_by_itself(leg_id=asked.pk, now=at("4 14:00"))
    assert make.fresh(asked).state == LegState.CONFIRMED
