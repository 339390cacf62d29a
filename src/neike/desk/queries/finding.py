"""Requests in the search index: the same rule as `policies.readable_by`, written as scopes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Self

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from neike.catalog import form_schema
from neike.catalog.models import FormVersion
from neike.desk import policies
from neike.desk.choices import Visibility
from neike.desk.models import Leg, Message, Participant, Ticket
from neike.desk.queries.article_index import article_scopes
from neike.engines.mentions import without
from neike.kernel.search import SearchDocument
from neike.kernel.search.documents import Scope
from neike.kernel.search.models import SearchEntry
from neike.org.models import Person

KIND = "desk.ticket"
_CHUNK: Final = 500
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
        | article_scopes(who)
    )


def search_documents(tickets: QuerySet[Ticket] | None = None) -> Iterator[SearchDocument]:
    """Return the documents of requests (None: of all; not a slice), by key, reading 500 at a time.

    What is indexed meanwhile may leave `tickets` without harm.
    """
    found = Ticket.objects.all() if tickets is None else tickets
    last = 0
    codes: dict[int, frozenset[str]] = {}
    while chunk := list(found.filter(pk__gt=last).order_by("pk").values_list(*_NAMES)[:_CHUNK]):
        rows = [_Row(*values) for values in chunk]
        last = rows[-1].pk
        around = _Around.of([row.pk for row in rows])
        unknown = {row.form_id for row in rows} - codes.keys()
        codes |= {form.pk: _coded(form) for form in FormVersion.objects.filter(pk__in=unknown)}
        yield from (_document(row, around, without=codes[row.form_id]) for row in rows)


def _coded(form: FormVersion) -> frozenset[str]:
    """Return the fields whose answers are codes, ids or dates: nobody looks for them, and nobody reads them."""
    fields = form_schema.parse(form.fields).fields
    return frozenset(one.key for one in fields if one.type not in form_schema.TEXT_TYPES)


def search_document(ticket: Ticket) -> SearchDocument:
    """Return what may be found of one request: its title, answers and public messages."""
    return next(search_documents(Ticket.objects.filter(pk=ticket.pk)))


def not_indexed(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Narrow requests down to those that the search index does not hold, such as imported ones."""
    entry = SearchEntry.objects.filter(
        kind=KIND, object_id=Cast(OuterRef("pk"), output_field=CharField())
    )
    return tickets.filter(~Exists(entry))


class _Row(NamedTuple):
    """What a document says of the request itself."""

    pk: int
    number: int
    title: str
    form_id: int
    answers: dict[str, Any]
    requester_id: int
    raised_by_id: int
    customer_id: int
    service_id: int
    confidential: bool
    last_activity_at: datetime


_NAMES: Final = tuple(_Row.__annotations__)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around requests, by their id: (supplier, assignee) of legs, participants, public messages."""

    legs: Mapping[int, list[tuple[int, int | None]]]
    participants: Mapping[int, list[int]]
    messages: Mapping[int, list[str]]

    @classmethod
    def of(cls, ids: list[int]) -> Self:
        """Read all of it in three queries."""
        legs: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        for ticket, *leg in Leg.objects.filter(ticket__in=ids).values_list(
            "ticket_id", "supplier_id", "assignee_id"
        ):
            legs[ticket].append((leg[0], leg[1]))
        participants: dict[int, list[int]] = defaultdict(list)
        for ticket, person in Participant.objects.filter(ticket__in=ids).values_list(
            "ticket_id", "person_id"
        ):
            participants[ticket].append(person)
        messages: dict[int, list[str]] = defaultdict(list)
        public = Message.objects.filter(ticket__in=ids, visibility=Visibility.PUBLIC)
        for ticket, body in public.order_by("created_at", "pk").values_list("ticket_id", "body"):
            messages[ticket].append(without(body))
        return cls(legs, participants, messages)


def _document(row: _Row, around: _Around, *, without: frozenset[str]) -> SearchDocument:
    answers = [
        answer
        for key, answer in row.answers.items()
        if isinstance(answer, str) and key not in without
    ]
    return SearchDocument(
        kind=KIND,
        object_id=str(row.pk),
        url=Ticket.path_of(row.number),
        title=f"{Ticket.name_of(row.number)} {row.title}",
        scopes=frozenset(_scopes(row, around)),
        changed_at=row.last_activity_at,
        body="\n".join([*answers, *around.messages.get(row.pk, ())])[:100_000],
        excerpt=" ".join(answers)[:200],
    )


def _scopes(row: _Row, around: _Around) -> Iterator[Scope]:
    legs = around.legs.get(row.pk, ())
    people = {row.requester_id, row.raised_by_id, *around.participants.get(row.pk, ())}
    people |= {assignee for _supplier, assignee in legs if assignee}
    yield from (("person", str(pk)) for pk in people)
    yield from ((_HEADS, str(supplier)) for supplier, _assignee in legs)
    if row.confidential:
        return
    yield from ((_SERVES, str(supplier)) for supplier, _assignee in legs)
    yield _LEADS, str(row.customer_id)
    yield _OWNS, str(row.service_id)
