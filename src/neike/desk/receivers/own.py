"""What people keep for themselves follows what happens to the request, and goes with the person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.desk import actions, events
from neike.desk.receivers.finding import ticket_of
from neike.desk.telling import tell
from neike.kernel import live
from neike.kernel.outbox import receives
from neike.org.events import PersonErased


@receives(events.TicketReopened)
def bring_back_what_is_reopened(event: events.TicketReopened, *, now: datetime) -> None:
    """Bring a request back to all who hide it, because it is not solved."""
    ticket = ticket_of(event.ticket_id)
    people = actions.wake(ticket_id=ticket.pk, but=event.by_id)
    live.changed(*(f"person:{person.pk}" for person in people), now=now)
    title = _("Reopened, so it is back in your lists: %(ticket)s")
    tell(people, ticket, event, title, now=now, key="back")


@receives(PersonErased)
def forget_what_they_kept(event: PersonErased, *, now: datetime) -> None:
    """Throw away an erased person's unsent words, reminders and hidden requests."""
    del now
    actions.forget_person(event.person_id)
