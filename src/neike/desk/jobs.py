"""What the desk does by the clock: look for what is due, and queue one small job for each."""

from collections.abc import Iterable
from datetime import datetime

from neike.desk.actions import timers
from neike.desk.models import Leg, Ticket
from neike.desk.queries import timers as due
from neike.kernel.jobs import Job, enqueue, every, job


@job("desk.accept_by_itself")
def accept_by_itself(*, leg_id: int, now: datetime) -> None:
    """Accept an offered leg that nobody accepted in time."""
    timers.accept_by_itself(leg_id=leg_id, now=now)


@job("desk.remind_requester")
def remind_requester(*, leg_id: int, now: datetime) -> None:
    """Call a question to the requester's mind."""
    timers.remind_requester(leg_id=leg_id, now=now)


@job("desk.lapse")
def lapse(*, leg_id: int, now: datetime) -> None:
    """End a wait that took too long."""
    timers.give_up_waiting(leg_id=leg_id, now=now)
    timers.confirm_leg_by_itself(leg_id=leg_id, now=now)


@job("desk.confirm_by_itself")
def confirm_by_itself(*, ticket_id: int, now: datetime) -> None:
    """Close a resolved request that nobody looked at."""
    timers.confirm_by_itself(ticket_id=ticket_id, now=now)


@job("desk.reckon_anew")
def reckon_anew(*, ticket_id: int, now: datetime) -> None:
    """Bring a request's open clocks in line with changed hours."""
    timers.reckon_anew(ticket_id=ticket_id, now=now)


@job("desk.warn")
def warn(*, clock_id: int, now: datetime) -> None:
    """Tell that a promise is nearly or fully used up."""
    timers.warn(clock_id=clock_id, now=now)


@every("*/5 * * * *")
@job("desk.look_for_what_is_due")
def look_for_what_is_due(*, now: datetime) -> None:
    """Queue what time has to do. What could not be done is tried again in the next hour."""
    _queue_legs(accept_by_itself, due.to_accept(now), now)
    _queue_legs(remind_requester, due.to_remind(now), now)
    _queue_legs(lapse, due.to_lapse(now), now)
    _queue_tickets(confirm_by_itself, due.to_close(now), now)


@every("*/5 * * * *")
@job("desk.look_for_warnings")
def look_for_warnings(*, now: datetime) -> None:
    """Queue the warnings that are due; those outside working hours come again at the next look."""
    for clock in due.to_warn(now):
        enqueue(warn, key=f"{clock.pk}:{now.isoformat()}", now=now, clock_id=clock.pk)


@every("*/5 * * * *")
@job("desk.look_for_changed_hours")
def look_for_changed_hours(*, now: datetime) -> None:
    """Queue the requests whose calendar has changed (R15)."""
    _queue_tickets(reckon_anew, due.reckoned_with_older_hours(), now)


def _queue_legs(entry: Job, legs: Iterable[Leg], now: datetime) -> None:
    for leg in legs:
        enqueue(entry, key=f"{leg.pk}:{leg.version}:{now:%Y%m%d%H}", now=now, leg_id=leg.pk)


def _queue_tickets(entry: Job, tickets: Iterable[Ticket], now: datetime) -> None:
    for ticket in tickets:
        key = f"{ticket.pk}:{ticket.version}:{now:%Y%m%d%H%M}"
        enqueue(entry, key=key, now=now, ticket_id=ticket.pk)
