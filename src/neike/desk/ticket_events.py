"""Appending to a ticket's log, under the lock of the ticket's row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from neike.catalog.choices import HandOverMode
from neike.desk import terms
from neike.desk.choices import EventKind
from neike.desk.models import Ticket, TicketEvent
from neike.desk.replay import Course, Event, TicketFacts, apply
from neike.org.models import Person


class TicketLog:
    """The log of one locked ticket and the state it leads to; `new` is not written yet.

    `projections.commit(log)` writes the new events and what follows from them.
    """

    def __init__(self, ticket: Ticket, *, now: datetime) -> None:
        self.ticket, self.now = ticket, now
        rows = TicketEvent.objects.filter(ticket=ticket).order_by("seq") if ticket.pk else ()
        self.events = [terms.as_event(row) for row in rows]
        self.new: list[TicketEvent] = []
        self._terms = terms.terms_of(terms.standards_named(self.events))
        self.course = Course(self._terms)
        for event in self.events:
            apply(self.course, event)

    def append(
        self,
        kind: EventKind,
        *,
        by: Person | None,
        leg_no: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Event:
        """Let something happen now, by somebody or (None) by time.

        It never lies before the event in front of it, even where the clocks of two machines differ.

        Raises:
            IllegalEventError: the state does not allow it.
        """
        event = Event(
            seq=self.course.version + 1,
            kind=kind.value,
            leg_no=leg_no,
            by_id=by.pk if by else None,
            at=max(self.now, self.course.at) if self.course.at else self.now,
            data=dict(data or {}),
        )
        missing = terms.standards_named([event]) - self._terms.keys()
        self._terms.update(terms.terms_of(missing))
        apply(self.course, event)
        self.events.append(event)
        self.new.append(as_row(self.ticket, event, recorded_at=self.now))
        return event

    def facts(self) -> TicketFacts:
        """Return the state the log leads to."""
        return self.course.facts()


def as_row(ticket: Ticket, event: Event, *, recorded_at: datetime) -> TicketEvent:
    """Return an event as its unsaved row."""
    return TicketEvent(
        ticket=ticket,
        seq=event.seq,
        kind=event.kind,
        leg_no=event.leg_no,
        by_id=event.by_id,
        at=event.at,
        recorded_at=recorded_at,
        data=event.data,
    )


def lock(ticket_id: int, *, now: datetime) -> TicketLog:
    """Lock a ticket and return its log; to be called inside a transaction.

    Raises:
        Ticket.DoesNotExist: there is none of that id.
    """
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    return TicketLog(ticket, now=now)


def submitted_data(ticket: Ticket) -> dict[str, Any]:
    """Return what the first event of a log says of its request."""
    return {
        "requester": ticket.requester_id,
        "customer": ticket.customer_id,
        "supplier": ticket.supplier_id,
        "service": ticket.service_id,
        "standard": ticket.standard_id,
        "form": ticket.form_id,
        "priority": str(ticket.priority),
        "channel": str(ticket.channel),
        "confidential": ticket.confidential,
    }


def first_leg_data(ticket: Ticket) -> dict[str, Any]:
    """Return what the event says that offers leg 0."""
    return {
        "parent": None,
        "mode": HandOverMode.RELAY.value,
        "supplier": ticket.supplier_id,
        "customer": ticket.customer_id,
        "service": ticket.service_id,
        "standard": ticket.standard_id,
        "ask": "",
    }
