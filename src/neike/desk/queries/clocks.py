"""Clocks and why they are due when they are."""

from datetime import datetime

from neike.desk import terms
from neike.desk.choices import ClockState
from neike.desk.models import Clock, Ticket
from neike.desk.replay import Course, apply
from neike.engines.clocks import ClockReading, reopen_window
from neike.org import queries as org_queries


def clocks_of(ticket: Ticket) -> list[Clock]:
    """Return the clocks of a request and its legs that are not void, those due first in front."""
    found = ticket.clocks.exclude(state=ClockState.VOID)
    found = found.select_related("leg", "calendar").prefetch_related("calendar__years")
    return sorted(
        found,
        key=lambda clock: (
            clock.stopped_at is not None,
            clock.due_at is None,
            clock.due_at or clock.started_at,
        ),
    )


def readings(ticket: Ticket, *, now: datetime) -> list[tuple[Clock, ClockReading]]:
    """Return all clocks of a request that are not void, in the order of `clocks_of`, each with its reasons.

    The log is read once for all of them.
    """
    events = [terms.as_event(row) for row in ticket.events.order_by("seq")]
    course = Course(terms.terms_of(terms.standards_named(events)))
    for event in events:
        apply(course, event)
    courses = {(each.leg_no, each.metric, each.cycle): each for each in course.all_clocks()}
    at = max(now, events[-1].at)
    found = []
    for clock in clocks_of(ticket):
        key = (clock.leg.no if clock.leg else None, clock.metric, clock.cycle)
        found.append((clock, courses[key].reading(at=at, with_why=True)))
    return found


def why(clock: Clock, *, now: datetime) -> ClockReading:
    """Return the clock as it stands now with the steps that lead to its due time (`reading.why`).

    Amounts are working time of the clock's calendar. Of a clock that stopped under older hours the stored
    verdict stands; the steps are then those of today's hours.
    """
    ticket = clock.ticket
    events = [terms.as_event(row) for row in ticket.events.order_by("seq")]
    course = Course(terms.terms_of(terms.standards_named(events)))
    for event in events:
        apply(course, event)
    leg_no = clock.leg.no if clock.leg else None
    found = next(
        each
        for each in course.all_clocks()
        if (each.leg_no, each.metric, each.cycle) == (leg_no, clock.metric, clock.cycle)
    )
    return found.reading(at=max(now, events[-1].at), with_why=True)


def reopen_until(ticket: Ticket) -> datetime | None:
    """Return until when a resolved request may be reopened (R12); None: not resolved, or without end."""
    if ticket.resolved_at is None:
        return None
    calendar = org_queries.prepared_calendar(ticket.standard.calendar)
    return reopen_window(calendar, ticket.resolved_at)
