"""What time does when people do not. Each is decided anew under the lock, so that doing it twice does it once.

All return whether something happened.
"""

from datetime import datetime

from django.db import transaction

from neike.catalog.choices import Priority
from neike.desk import events, projections, ticket_events
from neike.desk.actions.errors import OpenLegsError, StepsMissingError, TasksOpenError
from neike.desk.actions.handovers import let_return
from neike.desk.actions.tickets import let_confirm, let_resolve
from neike.desk.actions.work import Work, begin_leg
from neike.desk.choices import (
    ClockState,
    EventKind,
    LegState,
    ReturnReason,
    TicketState,
    WaitingOn,
)
from neike.desk.live import topics_of
from neike.desk.models import Clock, Leg
from neike.kernel import live
from neike.org import queries as org_queries

WARN, DUE = 75, 100


@transaction.atomic
def accept_by_itself(*, leg_id: int, now: datetime) -> bool:
    """Accept an offered leg whose acceptance target is used up; flagged, and the promise counts as missed."""
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    if leg.state != LegState.OFFERED or not _acceptance_is_over(leg, now):
        return False
    event = work.happen(EventKind.LEG_ACCEPTED, leg.no, person=None, automatic=True)
    work.tell(events.LegAccepted, event, leg_no=leg.no)
    work.finish()
    return True


def _acceptance_is_over(leg: Leg, now: datetime) -> bool:
    running = leg.clocks.filter(metric="acceptance", state=ClockState.RUNNING, due_at__lte=now)
    return running.exists()


@transaction.atomic
def confirm_leg_by_itself(*, leg_id: int, now: datetime) -> bool:
    """Accept a delivery that nobody looked at for two working days."""
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    if leg.state != LegState.DELIVERED or leg.is_lead or not _lapsed(leg.lapse_at, now):
        return False
    event = work.happen(EventKind.LEG_CONFIRMED, leg.no, automatic=True)
    work.tell(events.LegConfirmed, event, leg_no=leg.no)
    work.finish()
    return True


@transaction.atomic
def confirm_by_itself(*, ticket_id: int, now: datetime) -> bool:
    """Close a request whose result nobody looked at for three working days."""
    work = Work(ticket_events.lock(ticket_id, now=now), by=None, now=now)
    if work.ticket.state != TicketState.RESOLVED or not _lapsed(work.ticket.lapse_at, now):
        return False
    let_confirm(work, automatic=True)
    work.finish()
    return True


@transaction.atomic
def remind_requester(*, leg_id: int, now: datetime) -> bool:
    """Call to mind a question that has waited for three working days, once."""
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    if not _waits_for_requester(leg) or not _lapsed(leg.remind_at, now):
        return False
    event = work.happen(EventKind.LEG_REMINDED, leg.no)
    work.tell(events.RequesterReminded, event, leg_no=leg.no)
    work.finish()
    return True


@transaction.atomic
def give_up_waiting(*, leg_id: int, now: datetime) -> bool:
    """End a wait for the requester after five working days: resolve, or give the leg back to its sender (S8).

    While other departments still work on the request nothing happens.
    """
    work, leg = begin_leg(Leg.objects.get(pk=leg_id), by=None, now=now)
    if not _waits_for_requester(leg) or not _lapsed(leg.lapse_at, now):
        return False
    if not leg.is_lead:
        let_return(work, leg, ReturnReason.MISSING_INFORMATION)
    else:
        work.happen(EventKind.LEG_RESUMED, leg.no, automatic=True)
        try:
            let_resolve(work, leg, automatic=True)
        except (OpenLegsError, StepsMissingError, TasksOpenError):
            return False
    work.finish()
    return True


def _waits_for_requester(leg: Leg) -> bool:
    return leg.state == LegState.WAITING and leg.waiting_on == WaitingOn.REQUESTER


def _lapsed(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


@transaction.atomic
def warn(*, clock_id: int, now: datetime) -> bool:
    """Tell that a promise has used 75 or 100 percent of its working time: once per step (R18).

    Only within the working time of the department that has the ball, unless the request is urgent.
    """
    ticket_id = Clock.objects.values_list("ticket_id", flat=True).get(pk=clock_id)
    work = Work(ticket_events.lock(ticket_id, now=now), by=None, now=now)
    clock = Clock.objects.select_related("ticket", "leg__supplier").get(pk=clock_id)
    percent = _step(clock, now)
    if clock.state != ClockState.RUNNING or percent <= clock.warned:
        return False
    if not _may_disturb(clock, now):
        return False
    clock.warned = percent
    clock.save(update_fields=["warned"])
    work.announce(
        events.ClockWarned(
            ticket_id=clock.ticket_id,
            seq=work.ticket.version,
            at=now,
            by_id=None,
            clock_id=clock.pk,
            percent=percent,
        )
    )
    return True


def _step(clock: Clock, now: datetime) -> int:
    if _lapsed(clock.due_at, now):
        return DUE
    return WARN if _lapsed(clock.warn_at, now) else 0


def _may_disturb(clock: Clock, now: datetime) -> bool:
    leg = clock.leg or clock.ticket.legs.select_related("supplier").get(is_lead=True)
    if leg.priority == Priority.URGENT:
        return True
    on = org_queries.organisation_day(now)
    calendar = org_queries.calendar_of(leg.supplier, on=on)
    return org_queries.prepared_calendar(calendar).is_open(now)


@transaction.atomic
def reckon_anew(*, ticket_id: int, now: datetime) -> bool:
    """Bring the open clocks of a request in line with the present hours of their calendars (R15)."""
    log = ticket_events.lock(ticket_id, now=now)
    facts = log.facts()
    projections.write(log.ticket, facts)
    live.changed(*topics_of(log.ticket, facts, ()), now=now)
    return True
