"""Requests in the search index: the same rule as `policies.readable_by`, written as scopes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from neike.catalog import form_schema
from neike.catalog.models import FormVersion
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
    prefetched = (
        found.order_by("pk")
        .select_related("form")
        .prefetch_related(
            "legs", "participants", Prefetch("messages", queryset=public, to_attr="public_messages")
        )
    )
    codes: dict[int, frozenset[str]] = {}
    for ticket in prefetched.iterator(chunk_size=500):
        if ticket.form_id not in codes:
            codes[ticket.form_id] = _coded(ticket.form)
        words = [message.body for message in ticket.public_messages]
        yield _document(ticket, words, without=codes[ticket.form_id])


def _coded(form: FormVersion) -> frozenset[str]:
    """Return the fields whose answers are codes, ids or dates: nobody looks for them, and nobody reads them."""
    fields = form_schema.parse(form.fields).fields
    return frozenset(one.key for one in fields if one.type not in form_schema.TEXT_TYPES)


def search_document(ticket: Ticket) -> SearchDocument:
    """Return what may be found of one request: its title, answers and public messages."""
    return next(search_documents(Ticket.objects.filter(pk=ticket.pk)))


def _document(
    ticket: Ticket, messages: Iterable[str], *, without: frozenset[str]
) -> SearchDocument:
    answers = [
        answer
        for key, answer in ticket.answers.items()
        if isinstance(answer, str) and key not in without
    ]
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
