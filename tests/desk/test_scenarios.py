"""The scenarios S1-S10 of the clocks page, lived through the actions; expected times from its worked tables."""

from datetime import datetime, timedelta

import pytest

from neike.catalog.choices import Priority
from neike.desk import actions, projections, queries
from neike.desk.actions import timers
from neike.desk.choices import ClockState, LegState, TicketState, WaitingOn
from neike.desk.models import Leg, Ticket
from neike.engines.clocks import Reason
from neike.org.choices import ExceptionKind
from neike.org.models import CalendarException, Person
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _what_is_stored_is_what_the_log_says(db):
    yield
    for ticket in Ticket.objects.all():
        assert projections.differences(ticket) == []


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def say(ticket: Ticket, by: Person, now: datetime) -> None:
    actions.post_message(ticket=ticket, by=by, body="…", now=now)


def wait(leg: Leg, by: Person, waiting_on: WaitingOn, now: datetime) -> Leg:
    leg = make.fresh(leg)
    return actions.wait_leg(
        leg=leg,
        by=by,
        waiting_on=waiting_on,
        reason_given="Which model?",
        follow_up_at=now + timedelta(days=2),
        version=leg.version,
        now=now,
    )


def resume(leg: Leg, by: Person, now: datetime) -> Leg:
    leg = make.fresh(leg)
    return actions.resume_leg(leg=leg, by=by, version=leg.version, now=now)


def resolve(ticket: Ticket, by: Person, now: datetime) -> Ticket:
    return actions.resolve(ticket=ticket, by=by, version=fresh(ticket).version, now=now)


def test_s1_first_and_next_response():
    it = make.company(minutes={"first_response": 60, "next_response": 120, "end_to_end": 900})
    leg = it.accepted(now=at("2 10:00"))
    ticket = leg.ticket
    assert make.clock(ticket, "first_response").due_at == at("2 11:00")
    say(ticket, it.anna, at("2 10:20"))
    assert make.clock(ticket, "first_response").due_at == at("2 11:00")

    say(ticket, it.ivan, at("2 10:50"))
    answered = make.clock(ticket, "first_response")
    assert (answered.state, answered.used_seconds) == (ClockState.MET, 50 * 60)
    say(ticket, it.anna, at("2 11:30"))
    assert make.clock(ticket, "next_response").due_at == at("2 15:00")
    say(ticket, it.anna, at("2 14:00"))
    assert make.clock(ticket, "next_response").due_at == at("2 15:00")
    say(ticket, it.ines, at("2 14:30"))
    assert make.clock(ticket, "next_response").state == ClockState.MET


def test_s2_another_priority_reckons_from_the_start_but_never_less_than_a_first_response_away():
    it = make.company(
        minutes={"first_response": 120, "end_to_end": 900},
        by_priority={("end_to_end", "1"): 240, ("first_response", "1"): 30},
    )
    leg = it.accepted(now=at("2 10:00"))
    ticket = fresh(leg.ticket)
    assert ticket.due_at == at("4 10:00")

    ticket = actions.change_priority(
        ticket=ticket,
        by=it.ivan,
        priority=Priority.URGENT,
        why="The board waits.",
        version=ticket.version,
        now=at("2 16:00"),
    )
    assert ticket.due_at == at("2 16:30")

    early = it.accepted(now=at("2 10:00"), priority=Priority.URGENT).ticket
    early = fresh(early)
    assert early.due_at == at("2 15:30")
    early = actions.change_priority(
        ticket=early,
        by=it.ivan,
        priority=Priority.NORMAL,
        why="It can wait.",
        version=early.version,
        now=at("2 11:00"),
    )
    assert early.due_at == at("4 10:00")


def test_s3_a_late_department_does_not_make_the_next_one_late():
    it = make.company(minutes={"acceptance": 60, "leg_delivery": 120, "end_to_end": 1350})
    leg = it.accepted(now=at("2 09:20"))
    assert fresh(leg.ticket).due_at == at("5 09:20")
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=at("2 10:20")
    )
    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 10:20"))
    actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("3 12:00"))
    resolve(leg.ticket, it.ivan, at("3 14:00"))

    late = make.clock(leg.ticket, "leg_delivery", leg=1)
    own = make.clock(leg.ticket, "leg_delivery", leg=0)
    assert (late.state, late.late_seconds) == (ClockState.BREACHED, 70 * 60)
    assert (own.state, own.used_seconds) == (ClockState.MET, 90 * 60)
    assert make.clock(leg.ticket, "end_to_end").state == ClockState.MET


def test_s4_a_day_off_moves_open_clocks_and_no_verdict():
    it = make.company(minutes={"end_to_end": 300})
    leg = it.accepted(now=at("5 16:00"))
    done = it.accepted(now=at("4 16:00"))
    resolve(done.ticket, it.ivan, at("6 11:00"))
    given = make.clock(done.ticket, "end_to_end")
    assert fresh(leg.ticket).due_at == at("6 12:00")

    CalendarException.objects.create(
        calendar=it.calendar, date=at("6 00:00").date(), kind=ExceptionKind.CLOSED
    )
    it.calendar.revision += 1
    it.calendar.save()
    timers.reckon_anew(ticket_id=leg.ticket_id, now=at("5 17:00"))
    timers.reckon_anew(ticket_id=done.ticket_id, now=at("6 12:00"))

    assert fresh(leg.ticket).due_at == at("9 12:00")
    kept = make.clock(done.ticket, "end_to_end")
    assert (kept.state, kept.used_seconds) == (given.state, given.used_seconds)


def test_s5_lateness_stands_still_while_paused():
    it = make.company(minutes={"end_to_end": 900})
    leg = it.accepted(now=at("5 12:00"))  # 900 minutes: due Monday at noon
    assert fresh(leg.ticket).due_at == at("9 12:00")
    wait(leg, it.ivan, WaitingOn.REQUESTER, at("9 14:00"))
    assert make.clock(leg.ticket, "end_to_end").late_seconds == 30 * 60
    resume(leg, it.ivan, at("10 10:00"))
    resolve(leg.ticket, it.ivan, at("10 11:00"))

    clock = make.clock(leg.ticket, "end_to_end")
    assert (clock.state, clock.late_seconds) == (ClockState.BREACHED, 90 * 60)


def test_s6_reopened_in_five_days_goes_on_and_later_a_follow_up_is_made():
    it = make.company(minutes={"end_to_end": 480})
    leg = it.accepted(now=at("2 09:00"))
    ticket = resolve(leg.ticket, it.ivan, at("2 15:00"))
    ticket = actions.reopen(
        ticket=ticket, by=it.anna, why="Broken again", version=ticket.version, now=at("4 10:00")
    )
    assert (ticket.state, ticket.reopen_count) == (TicketState.IN_PROGRESS, 1)
    assert ticket.due_at == at("4 15:00")

    ticket = resolve(ticket, it.ivan, at("4 14:00"))
    assert queries.reopen_until(ticket) == at("11 14:00")
    with pytest.raises(actions.ReopenWindowOverError):
        actions.reopen(
            ticket=ticket, by=it.anna, why="Again", version=ticket.version, now=at("11 14:01")
        )
    again = actions.follow_up(ticket=ticket, by=it.anna, answers={}, now=at("12 10:00"))
    assert again.follow_up_of == ticket
    assert (again.title, again.due_at) == (ticket.title, at("13 10:30"))


def test_s6_what_closed_by_itself_may_still_be_reopened_but_not_what_the_requester_closed():
    it = make.company()
    ticket = resolve(it.accepted(now=at("2 09:00")).ticket, it.ivan, at("2 15:00"))
    assert timers.confirm_by_itself(ticket_id=ticket.pk, now=at("5 15:00"))
    ticket = fresh(ticket)
    assert ticket.state == TicketState.CLOSED
    ticket = actions.reopen(
        ticket=ticket, by=it.anna, why="No", version=ticket.version, now=at("6 10:00")
    )
    assert ticket.state == TicketState.IN_PROGRESS

    ticket = resolve(ticket, it.ivan, at("6 15:00"))
    ticket = actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=at("6 16:00"))
    with pytest.raises(actions.ReopenWindowOverError):
        actions.reopen(
            ticket=ticket, by=it.anna, why="No", version=ticket.version, now=at("6 16:30")
        )


def test_s8_a_question_is_called_to_mind_and_then_the_request_resolves_itself():
    it = make.company()
    leg = wait(it.accepted(now=at("2 10:00")), it.ivan, WaitingOn.REQUESTER, at("2 10:00"))
    ticket = fresh(leg.ticket)
    assert (ticket.state, ticket.waiting_on) == (TicketState.WAITING, WaitingOn.REQUESTER)
    assert (leg.remind_at, leg.lapse_at) == (at("5 10:00"), at("9 10:00"))
    assert ticket.due_at is None

    assert not timers.remind_requester(leg_id=leg.pk, now=at("5 09:59"))
    assert timers.remind_requester(leg_id=leg.pk, now=at("5 10:00"))
    assert not timers.remind_requester(leg_id=leg.pk, now=at("5 10:05"))
    assert not timers.give_up_waiting(leg_id=leg.pk, now=at("9 09:59"))
    assert timers.give_up_waiting(leg_id=leg.pk, now=at("9 10:00"))
    assert not timers.give_up_waiting(leg_id=leg.pk, now=at("9 10:05"))
    assert fresh(ticket).state == TicketState.RESOLVED


def test_s9_an_approver_has_a_clock_of_their_own():
    it = make.company(minutes={"leg_delivery": 240, "approval": 480, "end_to_end": 900})
    leg = it.accepted(now=at("2 09:30"))
    wait(leg, it.ivan, WaitingOn.APPROVER, at("2 10:00"))
    assert make.clock(leg.ticket, "approval", leg=0).due_at == at("3 10:30")
    resume(leg, it.ivan, at("3 11:00"))

    approval = make.clock(leg.ticket, "approval", leg=0)
    assert (approval.state, approval.late_seconds) == (ClockState.BREACHED, 30 * 60)
    assert make.clock(leg.ticket, "leg_delivery", leg=0).due_at == at("3 16:00")
    assert fresh(leg.ticket).due_at == at("4 09:30")


def test_s10_work_done_while_closed_costs_nothing():
    it = make.company(minutes={"first_response": 60})
    leg = it.accepted(now=at("2 17:50"))
    assert make.clock(leg.ticket, "first_response").due_at == at("3 09:50")
    say(leg.ticket, it.ivan, at("2 20:00"))
    answered = make.clock(leg.ticket, "first_response")
    assert (answered.state, answered.used_seconds) == (ClockState.MET, 10 * 60)


@pytest.mark.parametrize(("allowed", "paused"), [(True, True), (False, False)])
def test_an_outside_supplier_pauses_delivery_only_where_the_standard_says_so(allowed, paused):
    it = make.company(third_party_pauses=allowed)
    leg = wait(it.accepted(), it.ivan, WaitingOn.THIRD_PARTY, at("2 11:00"))

    assert (make.clock(leg.ticket, "leg_delivery", leg=0).state == ClockState.PAUSED) is paused
    assert make.clock(leg.ticket, "end_to_end").state == ClockState.RUNNING


def test_a_clock_explains_itself():
    it = make.company(minutes={"end_to_end": 900})
    ticket = it.submit(now=at("2 10:00"))

    reading = queries.why(make.clock(ticket, "end_to_end"), now=at("2 11:00"))

    assert reading.due == at("4 10:00")
    assert [step.reason for step in reading.why] == [
        Reason.STARTED,
        Reason.WORKED,
        Reason.WORKED,
        Reason.WORKED,
        Reason.DUE,
    ]


def test_a_relay_waits_for_the_requester_when_the_asked_department_does():
    it = make.company()
    leg = it.accepted()
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=at("2 10:30")
    )
    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 10:30"))
    assert fresh(leg.ticket).waiting_on == WaitingOn.OTHER_LEG
    asked = wait(asked, it.fang, WaitingOn.REQUESTER, at("2 11:00"))
    ticket = fresh(leg.ticket)
    assert (ticket.state, ticket.due_at) == (TicketState.WAITING, None)

    say(ticket, it.anna, at("3 11:00"))

    assert make.fresh(asked).state == LegState.WORKING
    assert fresh(ticket).waiting_on == WaitingOn.OTHER_LEG
    assert fresh(ticket).due_at == at("5 10:00")  # 900 minutes from Monday 10:00 and one day


def test_an_unanswered_side_leg_goes_back_to_its_sender():
    it = make.company()
    leg = it.accepted()
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=at("2 10:30")
    )
    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 10:30"))
    asked = wait(asked, it.fang, WaitingOn.REQUESTER, at("2 10:30"))

    assert timers.give_up_waiting(leg_id=asked.pk, now=at("9 10:30"))

    assert make.fresh(asked).state == LegState.RETURNED
    assert make.fresh(leg).state == LegState.WORKING
