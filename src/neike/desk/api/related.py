"""Related requests for programs: relate, merge, split, resolve with parts."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Header, Router, Schema, Status

from neike.catalog import queries as catalog_queries
from neike.desk import actions, queries
from neike.desk.api import shown
from neike.desk.api.asking import ANSWERS, Caller, caller, changed, refusal
from neike.desk.api.fields import Reason, Seen, Sent, ServiceKey, Title, WithNote, is_keepable
from neike.desk.api.shown import Conflict, Refusal, RequestShown
from neike.desk.choices import LinkKind
from neike.desk.models import Ticket
from neike.kernel.policies import policy

router = Router()
Kind = Literal[
    "related", "duplicates", "duplicated_by", "caused_by", "causes", "child_of", "parent_of"
]


class NewLink(Sent):
    """Another request and how it is related, seen from this one."""

    other: UUID
    kind: Kind


class Merge(Seen):
    """Into which request this one goes."""

    into: UUID
    reason: Reason = ""


class Split(Sent):
    """What a new request is made of. Without `answers` the words of the public messages answer its first text."""

    service: ServiceKey
    title: Title = ""
    messages: Annotated[list[UUID], Field(max_length=500)] = []
    answers: dict[str, Any] | None = Field(None, description="Answers by field key.")
    part: bool = False


class NotResolved(Schema):
    """A part that was not resolved, and why."""

    number: str
    reason: str


class FamilyShown(Schema):
    """A request resolved with its parts: `resolved` holds their numbers."""

    request: RequestShown
    resolved: list[str]
    refused: list[NotResolved]


def _other(who: Caller, public_id: UUID) -> Ticket:
    """Return another request.

    Raises:
        UnknownRequestError: there is none, or not for this person.
    """
    found = queries.tickets_visible_to(who.who).filter(public_id=public_id).first()
    if found is None:
        raise actions.UnknownRequestError
    return found


@router.post("/requests/{request_id}/links", response=ANSWERS)
@policy("desk.use")
def add_link(request: HttpRequest, request_id: UUID, body: NewLink) -> Status[Any]:
    """Relate a request to another one."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.link(
            ticket=ticket,
            other=_other(who, body.other),
            kind=LinkKind(body.kind),
            by=who.person,
            now=who.now,
        ),
    )


@router.delete("/requests/{request_id}/links/{kind}/{other_id}", response=ANSWERS)
@policy("desk.use")
def remove_link(request: HttpRequest, request_id: UUID, kind: Kind, other_id: UUID) -> Status[Any]:
    """Take a relation away."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.unlink(
            ticket=ticket,
            other=_other(who, other_id),
            kind=LinkKind(kind),
            by=who.person,
            now=who.now,
        ),
    )


@router.post("/requests/{request_id}/merge", response=ANSWERS)
@policy("desk.use")
def merge_request(request: HttpRequest, request_id: UUID, body: Merge) -> Status[Any]:
    """Merge a request into another one; for ten minutes it can be undone."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.merge(
            ticket=ticket,
            into=_other(who, body.into),
            by=who.person,
            why=body.reason,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/requests/{request_id}/unmerge", response=ANSWERS)
@policy("desk.use")
def unmerge_request(request: HttpRequest, request_id: UUID, body: Seen) -> Status[Any]:
    """Take a merge back within ten minutes."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.unmerge(ticket=ticket, by=who.person, version=body.version, now=who.now),
    )


@router.post("/requests/{request_id}/split", response={201: RequestShown, 422: Refusal})
@policy("desk.use")
def split_request(
    request: HttpRequest,
    request_id: UUID,
    body: Split,
    idempotency_key: Annotated[
        str | None,
        Header(None, alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{1,60}$"),
    ] = None,
) -> Status[Any]:
    """Make another request of messages of one, or a part of it, for the same requester."""
    who = caller(request)
    ticket = who.ticket(request_id)
    if not is_keepable(body.answers or {}):
        return Status(422, Refusal(code="invalid"))
    found = queries.messages_visible_to(who.who, ticket).filter(public_id__in=body.messages)
    try:
        service = catalog_queries.service_by_key(body.service)
        if service is None:
            raise actions.ServiceNotOfferedError
        made = actions.split(
            ticket=ticket,
            messages=list(found.values_list("pk", flat=True)),
            service=service,
            by=who.person,
            title=body.title,
            answers=body.answers,
            as_part=body.part,
            client_key=f"api:{idempotency_key}" if idempotency_key else "",
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, shown.request_shown(who.who, who.ticket(made.public_id)))


@router.post(
    "/requests/{request_id}/resolve-with-parts",
    response={200: FamilyShown, 409: Conflict, 422: Refusal},
)
@policy("desk.use")
def resolve_with_parts(request: HttpRequest, request_id: UUID, body: WithNote) -> Status[Any]:
    """Resolve a request, then each of its open parts as far as you may; says which were not resolved and why."""
    who = caller(request)
    ticket = who.ticket(request_id)
    told: list[actions.FamilyResolved] = []

    def run() -> None:
        given = {"note": body.note, "version": body.version, "now": who.now}
        told.append(actions.resolve_family(ticket=ticket, by=who.person, **given))  # type: ignore[arg-type]  # each of its type

    answer = changed(who, request_id, run)
    if not told:
        return answer
    return Status(
        200,
        FamilyShown(
            request=answer.value,
            resolved=[str(each) for each in told[0].done],
            refused=[NotResolved(number=str(part), reason=why) for part, why in told[0].refused],
        ),
    )
