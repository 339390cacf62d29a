"""What programs are shown: one schema per audience, every field named; a new column shows nowhere by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from ninja import Schema

from neike.desk import policies, queries
from neike.desk.choices import EventKind, Visibility
from neike.desk.models import Leg, Message, Ticket, TicketEvent, TicketLink
from neike.desk.policies import Standing
from neike.org import queries as org_queries
from neike.org.models import Person

YEARS: Final = "standard__calendar__years"
"""What a list prefetches, so that it costs the same at any length."""


class PersonShown(Schema):
    """Somebody."""

    id: UUID
    name: str


class LegShown(Schema):
    """A hand-over as everybody on the request sees it."""

    no: int
    version: int
    state: str
    mode: str
    supplier: UUID
    customer: UUID
    assignee: PersonShown | None
    is_lead: bool
    waiting_on: str
    offered_at: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None
    confirmed_at: datetime | None
    due_at: datetime | None
    due_may_move: bool


class LegForServing(LegShown):
    """A hand-over as those who serve see it."""

    ask: str
    waiting_reason: str
    follow_up_at: datetime | None
    return_reason: str
    rework_count: int


class MessageShown(Schema):
    """A message; `body` is Markdown as typed, in which `@{id}` stands for the person of that id in `mentions`."""

    id: UUID
    author: PersonShown
    visibility: str
    body: str
    mentions: list[PersonShown]
    created_at: datetime


class RequestLine(Schema):
    """A request in a list.

    `due_may_move`: the make-up working days of the year of `due_at` are not published yet.
    """

    id: UUID
    number: str
    version: int
    title: str
    service: str
    state: str
    waiting_on: str
    priority: str
    requester: PersonShown
    customer: UUID
    supplier: UUID
    submitted_at: datetime
    due_at: datetime | None
    due_may_move: bool
    last_activity_at: datetime


class RequestList(Schema):
    """A page of requests; `next` goes into `after`, null on the last page."""

    items: list[RequestLine]
    next: str | None


class LinkShown(Schema):
    """Another request as it is related to this one; only those you may read."""

    kind: str
    id: UUID
    number: str
    title: str
    state: str
    due_at: datetime | None


class RequestForRequester(RequestLine):
    """A request as the asking side sees it."""

    audience: Literal["requester"] = "requester"
    confidential: bool
    answers: dict[str, Any]
    resolved_at: datetime | None
    closed_at: datetime | None
    legs: list[LegShown]
    messages: list[MessageShown]
    links: list[LinkShown]


class RequestForServing(RequestLine):
    """A request as those who serve see it, with internal messages."""

    audience: Literal["serving"] = "serving"
    confidential: bool
    answers: dict[str, Any]
    resolved_at: datetime | None
    closed_at: datetime | None
    legs: list[LegForServing]
    messages: list[MessageShown]
    links: list[LinkShown]


RequestShown = RequestForServing | RequestForRequester


class Change(Schema):
    """Something that happened since the version you read."""

    version: int
    kind: str
    by: PersonShown | None
    at: datetime


class Conflict(Schema):
    """Somebody was faster; nothing was saved. `version` is the present one of what you tried to change."""

    code: Literal["changed"] = "changed"
    detail: str
    version: int
    changes: list[Change]


class Refusal(Schema):
    """The state or a rule does not allow it; `code` names the rule, `detail` says it in words."""

    code: str
    detail: Any = None


def person(someone: Person | None) -> PersonShown | None:
    """Show somebody."""
    return PersonShown(id=someone.public_id, name=someone.name) if someone else None


def may_move(promised: Ticket | Leg, due_at: datetime | None) -> bool:
    """Tell whether a due time may move; no query when `YEARS` were prefetched."""
    if due_at is None:
        return False
    return org_queries.provisional_year(promised.standard.calendar, due_at) is not None


def line(ticket: Ticket) -> dict[str, Any]:
    """Return the fields of a request in a list."""
    return {
        "id": ticket.public_id,
        "number": str(ticket),
        "version": ticket.version,
        "title": ticket.title,
        "service": ticket.service.key,
        "state": ticket.state,
        "waiting_on": ticket.waiting_on,
        "priority": ticket.priority,
        "requester": person(ticket.requester),
        "customer": ticket.customer.public_id,
        "supplier": ticket.supplier.public_id,
        "submitted_at": ticket.submitted_at,
        "due_at": ticket.due_at,
        "due_may_move": may_move(ticket, ticket.due_at),
        "last_activity_at": ticket.last_activity_at,
    }


def request_shown(who: Standing, ticket: Ticket) -> RequestShown:
    """Show a request to somebody who may read it, as much as their side sees."""
    serving = bool(policies.may_read_internal(who, ticket))
    legs = list(
        ticket.legs.select_related("supplier", "customer", "assignee", "standard__calendar")
        .prefetch_related(YEARS)
        .order_by("no")
    )
    messages = queries.messages_visible_to(who, ticket).prefetch_related("mentions__person")
    more = {
        "confidential": ticket.confidential,
        "answers": ticket.answers,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "legs": [leg_shown(leg, serving=serving) for leg in legs],
        "links": [link_shown(each) for each in queries.links_visible_to(who, ticket)],
        "messages": [message_shown(each) for each in messages],
    }
    kind = RequestForServing if serving else RequestForRequester
    return kind(**line(ticket), **more)


def link_shown(link: TicketLink) -> LinkShown:
    """Show a related request."""
    return LinkShown(
        kind=link.kind,
        id=link.other.public_id,
        number=str(link.other),
        title=link.other.title,
        state=link.other.state,
        due_at=link.other.due_at,
    )


def leg_shown(leg: Leg, *, serving: bool) -> LegShown:
    """Show a hand-over."""
    fields: dict[str, Any] = {
        "no": leg.no,
        "version": leg.version,
        "state": leg.state,
        "mode": leg.mode,
        "supplier": leg.supplier.public_id,
        "customer": leg.customer.public_id,
        "assignee": person(leg.assignee),
        "is_lead": leg.is_lead,
        "waiting_on": leg.waiting_on,
        "offered_at": leg.offered_at,
        "accepted_at": leg.accepted_at,
        "delivered_at": leg.delivered_at,
        "confirmed_at": leg.confirmed_at,
        "due_at": leg.next_due_at,
        "due_may_move": may_move(leg, leg.next_due_at),
    }
    if not serving:
        return LegShown(**fields)
    return LegForServing(
        **fields,
        ask=leg.ask,
        waiting_reason=leg.waiting_reason,
        follow_up_at=leg.follow_up_at,
        return_reason=leg.return_reason,
        rework_count=leg.rework_count,
    )


def message_shown(message: Message) -> MessageShown:
    """Show a message."""
    return MessageShown(
        id=message.public_id,
        author=PersonShown(id=message.author.public_id, name=message.author.name),
        visibility=message.visibility,
        body=message.body,
        mentions=[
            PersonShown(id=each.person.public_id, name=each.person.name)
            for each in message.mentions.all()
        ],
        created_at=message.created_at,
    )


def changes_shown(events: Sequence[TicketEvent], *, serving: bool) -> list[Change]:
    """Show what happened; internal messages only to those who serve, relations to other requests never."""
    return [
        Change(version=event.seq, kind=event.kind, by=person(event.by), at=event.at)
        for event in events
        if event.kind not in (EventKind.LINKED, EventKind.UNLINKED)
        and (
            serving
            or event.kind != EventKind.MESSAGE_POSTED
            or event.data.get("visibility") != Visibility.INTERNAL
        )
    ]
