"""What runs by the clock, and what is checked at night."""

from datetime import timedelta

import pytest
from django.db import connection

from neike.desk import actions, checks, jobs, projections
from neike.desk.choices import ClockState, LegState, TicketState, WaitingOn
from neike.desk.models import Clock, Leg, Segment, Ticket
from neike.kernel.jobs.declaring import schedules
from neike.kernel.registries import NIGHTLY_CHECKS, SAFETY_OBJECTS
from neike.org.choices import ExceptionKind
from neike.org.models import CalendarException
from tests.make import desk as make
from tests.make.background import run_jobs
from tests.make.desk import at

pytestmark = pytest.mark.django_db


def look(now) -> None:
    """Let the clock tick once and all that follows be done."""
    jobs.look_for_what_is_due(now=now)
    jobs.look_for_warnings(now=now)
    jobs.look_for_changed_hours(now=now)
    run_jobs(now)


def test_time_accepts_reminds_resolves_and_closes():
    it = make.company()
    ticket = it.submit(now=at("2 10:00"))
    look(at("2 11:05"))
    leg = ticket.legs.get()
    assert (leg.state, leg.auto_accepted) == (LegState.ACCEPTED, True)
    actions.wait_leg(
        leg=leg,
        by=it.ivan,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="?",
        follow_up_at=at("3 10:00"),
        version=leg.version,
        now=at("2 11:10"),
    )
    look(at("5 11:15"))
    assert make.kinds(ticket).count("leg_reminded") == 1
    look(at("9 11:15"))
    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.RESOLVED
    look(at("12 11:20"))
    closed = Ticket.objects.get(pk=ticket.pk)
    assert closed.state == TicketState.CLOSED
    before = make.kinds(ticket)
    look(at("13 11:20"))
    assert make.kinds(ticket) == before
    assert projections.differences(closed) == []


def test_changed_hours_reach_open_clocks_in_the_background():
    it = make.company(minutes={"end_to_end": 900})
    ticket = it.submit(now=at("2 10:00"))
    CalendarException.objects.create(
        calendar=it.calendar, date=at("3 00:00").date(), kind=ExceptionKind.CLOSED
    )
    it.calendar.revision += 1
    it.calendar.save()
    look(at("2 10:30"))
    assert Ticket.objects.get(pk=ticket.pk).due_at == at("5 10:00")
    assert not Clock.objects.exclude(calendar_revision=it.calendar.revision).exists()


def test_all_of_it_is_scheduled_and_registered():
    names = {schedule.job.name for schedule in schedules()}
    assert names >= {
        "desk.look_for_what_is_due",
        "desk.look_for_warnings",
        "desk.look_for_changed_hours",
    }
    keys = {check.key for check in NIGHTLY_CHECKS}
    assert keys >= {"desk.replay", "desk.lead_leg", "desk.segments", "desk.clocks"}
    assert SAFETY_OBJECTS.get("desk_ticketevent_append_only") is not None


def test_every_planted_lie_is_found_at_night():
    it = make.company()
    ticket = make.fresh(it.accepted(now=at("2 10:00"))).ticket
    actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=at("2 11:00"))
    night = at("3 02:00")
    nightly = [
        checks.replay_equals_stored,
        checks.one_lead_leg,
        checks.segments_partition_legs,
        checks.no_clock_runs_at_the_end,
    ]
    assert [check(night) for check in nightly] == [[], [], [], []]

    Ticket.objects.update(state=TicketState.IN_PROGRESS)
    (found,) = checks.replay_equals_stored(night)
    assert "ticket.state: 'in_progress' stored, 'resolved' by its log" in found.detail
    Ticket.objects.update(state=TicketState.RESOLVED)

    Leg.objects.update(is_lead=False)
    assert [problem.detail for problem in checks.one_lead_leg(night)] == ["0 lead legs"]
    Leg.objects.update(is_lead=True)

    Segment.objects.filter(seq=1).update(starts_at=at("2 10:30") - timedelta(seconds=1))
    Segment.objects.filter(seq=0).update(ends_at=at("2 10:29"))
    assert len(checks.segments_partition_legs(night)) == 1

    Clock.objects.filter(metric="end_to_end").update(state=ClockState.RUNNING, stopped_at=None)
    assert len(checks.no_clock_runs_at_the_end(night)) == 1
    assert connection.vendor
