"""What follows from merging: those it concerns are told, and the search index and the survivor's readers follow."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.desk import events, policies, queries
from neike.desk.models import Ticket
from neike.desk.receivers.finding import ticket_of
from neike.desk.telling import label_of, tell
from neike.kernel import search
from neike.kernel.outbox import receives
from neike.org.models import Person


def _people(ticket: Ticket) -> list[Person]:
    """Return who asked for a request, follows it or works on it."""
    found = [ticket.requester, ticket.raised_by]
    found += [each.person for each in ticket.participants.select_related("person")]
    return found + [leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee]


@receives(events.TicketMerged)
def tell_of_a_merge(event: events.TicketMerged, *, now: datetime) -> None:
    """Tell all whom the merged request concerns where it goes on; by its name only those who may read that."""
    ticket, into = ticket_of(event.ticket_id), ticket_of(event.into_id)
    for person in _people(ticket):
        if policies.may_read(policies.standing(person, now=now), into):
            title = _("%(ticket)s was merged and goes on as %(other)s")
            tell([person], ticket, event, title, now=now, other=label_of(into))
        else:
            title = _("%(ticket)s was merged into another request")
            tell([person], ticket, event, title, now=now)


@receives(events.TicketUnmerged)
def tell_of_an_undone_merge(event: events.TicketUnmerged, *, now: datetime) -> None:
    """Tell the same people that it goes on by itself again."""
    ticket = ticket_of(event.ticket_id)
    title = _("%(ticket)s goes on by itself again: merging was undone")
    tell(_people(ticket), ticket, event, title, now=now)


def _index_both(event: events.TicketMerged | events.TicketUnmerged, *, now: datetime) -> None:
    """Let the search index follow who may find the two."""
    for pk in (event.ticket_id, event.into_id):
        search.index(queries.search_document(ticket_of(pk)))


for _kind in (events.TicketMerged, events.TicketUnmerged):
    receives(_kind, name=f"desk.index_after.{_kind.name}")(_index_both)
