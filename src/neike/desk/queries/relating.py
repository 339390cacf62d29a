"""Requests that hang together, as far as somebody may read them: to others a related request is simply absent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.choices import OPEN_TICKET_STATES, EventKind, LinkKind
from neike.desk.models import Ticket, TicketEvent, TicketLink
from neike.desk.policies import Standing
from neike.desk.queries.access import tickets_visible_to
from neike.desk.queries.finding import KIND
from neike.desk.queries.mine import number_in
from neike.kernel import search
from neike.org import queries as org_queries
from neike.org.models import Person

MOST_FOUND: Final = 8
RELATING: Final = (
    EventKind.LINKED,
    EventKind.UNLINKED,
    EventKind.MERGED,
    EventKind.UNMERGED,
)
"""The kinds of events whose data name another request as `other`."""


def others_named(who: Standing, events: Iterable[TicketEvent]) -> dict[int, Ticket]:
    """Return the other requests that a log names, by id, only those the person may read.

    One query; none when the log names none.
    """
    named = {event.data["other"] for event in events if event.kind in RELATING}
    if not named:
        return {}
    return tickets_visible_to(who).in_bulk(named)


def links_visible_to(who: Standing, ticket: Ticket) -> QuerySet[TicketLink]:
    """Return the relations of a request whose other end the person may read."""
    found = ticket.links.filter(other__in=tickets_visible_to(who))
    return found.select_related("other").order_by("kind", "other__number")


def merged_into(who: Standing, ticket: Ticket) -> Ticket | None:
    """Return the request that another one was merged into, if the person may read it."""
    links = TicketLink.objects.filter(ticket=ticket, kind=LinkKind.MERGED_INTO)
    return tickets_visible_to(who).filter(pk__in=links.values("other")).first()


def open_parts(who: Standing, ticket: Ticket) -> QuerySet[Ticket]:
    """Return the open parts of a request that the person may read, by number."""
    links = TicketLink.objects.filter(ticket=ticket, kind=LinkKind.PARENT_OF)
    found = tickets_visible_to(who).filter(pk__in=links.values("other"))
    return found.filter(state__in=OPEN_TICKET_STATES).order_by("number")


def services_to_raise(who: Standing, person: Person, requester: Person) -> QuerySet[Service]:
    """Return the services that a person may ask for in place of a requester who is offered them."""
    found = catalog_queries.services_visible_to(requester, who.on).filter(form__isnull=False)
    if requester.pk != person.pk:
        own = org_queries.department_of(requester, on=who.on)
        if own is None or own.pk not in who.leads:
            found = found.filter(department__in=who.serves | who.leads)
    return found.order_by("department", "key")


def requests_meant(
    person: Person, text: str, *, without: int | None = None, now: datetime
) -> list[Ticket]:
    """Return the requests somebody may mean by a number or by words, best first, at most `MOST_FOUND`.

    Only what they may read is looked through; `without` is the id of one to leave out.
    """
    who = policies.standing(person, now=now)
    rows = tickets_visible_to(who).exclude(pk=without) if without else tickets_visible_to(who)
    number = number_in(text.partition(" ")[0])
    if number is not None:
        found = rows.filter(number=number).first()
        if found is not None:
            return [found]
    hits = search.search_for(person, text, now=now, kinds=[KIND], limit=MOST_FOUND + 1).hits
    order = [int(hit.object_id) for hit in hits]
    known = rows.in_bulk(order)
    return [known[pk] for pk in order if pk in known][:MOST_FOUND]
