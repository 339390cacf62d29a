"""Requests in the search index: the same rule as `policies.readable_by`, written as scopes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from neike.desk import policies
from neike.desk.choices import Visibility
from neike.desk.models import Message, Ticket
from neike.kernel.search import SearchDocument
from neike.kernel.search.documents import Scope
from neike.org.models import Person

KIND = "desk.ticket"
_SERVES, _HEADS, _LEADS, _OWNS = "desk.serves", "desk.heads", "desk.leads", "desk.owns"


def search_scopes(person: Person, now: datetime) -> set[Scope]:
    """Return the scopes a person has in the desk now."""
    who = policies.standing(person, now=now)
    return (
        {("person", str(pk)) for pk in who.acting_for}
        | {(_SERVES, str(pk)) for pk in who.serves | who.leads}
        | {(_HEADS, str(pk)) for pk in who.heads}
        | {(_LEADS, str(pk)) for pk in who.leads}
        | {(_OWNS, str(pk)) for pk in who.owns}
    )


def search_documents(tickets: QuerySet[Ticket] | None = None) -> Iterator[SearchDocument]:
    """Return the documents of requests (None: of all), reading 500 at a time."""
    found = Ticket.objects.all() if tickets is None else tickets
    public = Message.objects.filter(visibility=Visibility.PUBLIC)
    prefetched = found.order_by("pk").prefetch_related(
        "legs", "participants", Prefetch("messages", queryset=public, to_attr="public_messages")
    )
    for ticket in prefetched.iterator(chunk_size=500):
        yield _document(ticket, [message.body for message in ticket.public_messages])


def search_document(ticket: Ticket) -> SearchDocument:
    """Return what may be found of one request: its title, answers and public messages."""
    return next(search_documents(Ticket.objects.filter(pk=ticket.pk)))


def _document(ticket: Ticket, messages: Iterable[str]) -> SearchDocument:
    answers = [str(answer) for answer in ticket.answers.values() if isinstance(answer, str)]
    return SearchDocument(
        kind=KIND,
        object_id=str(ticket.pk),
        url=ticket.path,
        title=f"{ticket} {ticket.title}",
        scopes=frozenset(_scopes(ticket)),
        changed_at=ticket.last_activity_at,
        body="\n".join([*answers, *messages])[:100_000],
        excerpt=" ".join(answers)[:200],
    )


def _scopes(ticket: Ticket) -> Iterator[Scope]:
    legs = list(ticket.legs.all())
    people = {ticket.requester_id, ticket.raised_by_id}
    people |= {leg.assignee_id for leg in legs if leg.assignee_id}
    people |= {each.person_id for each in ticket.participants.all()}
    yield from (("person", str(pk)) for pk in people)
    yield from ((_HEADS, str(leg.supplier_id)) for leg in legs)
    if ticket.confidential:
        return
    yield from ((_SERVES, str(leg.supplier_id)) for leg in legs)
    yield _LEADS, str(ticket.customer_id)
    yield _OWNS, str(ticket.service_id)
