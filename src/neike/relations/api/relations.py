"""Relations: list, read, state, propose, confirm, contest, end; one's private note."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from neike.kernel.policies import policy
from neike.org.choices import PersonKind
from neike.org.models import Department, Person, Position
from neike.relations import actions, policies, queries
from neike.relations.api.asking import RELATION, Caller, caller, refusal, relation_changed
from neike.relations.api.fields import (
    Acting,
    Contest,
    EndIt,
    NewRelation,
    NoteIn,
    SetCloseness,
)
from neike.relations.api.shown import (
    ChangeOut,
    NoteOut,
    RelationOut,
    RelationPage,
    RelationRefusal,
    change_shown,
    relation_shown,
)
from neike.relations.choices import Origin, RelationKind, RelationLevel, RelationState
from neike.relations.models import ServiceRelation

router = Router()
_PAGE = 50
_After = Annotated[int, Query(ge=0, le=2**63 - 1)]


@router.get("/relations", response=RelationPage, summary="Relations you may see")
@policy("relations.use")
def list_relations(
    request: HttpRequest,
    after: _After = 0,
    level: RelationLevel | None = None,
    kind: RelationKind | None = None,
    state: RelationState | None = None,
    department: UUID | None = None,
) -> dict[str, Any]:
    """List relations in the order they were made, 50 at a time; `department` is either end."""
    who = caller(request).who
    rows = queries.relations_visible_to(who).filter(pk__gt=after)
    for field, value in (("level", level), ("kind", kind), ("state", state)):
        if value is not None:
            rows = rows.filter(**{field: value})
    if department is not None:
        rows = rows.filter(
            Q(provider_department__public_id=department)
            | Q(customer_department__public_id=department)
        )
    found = list(rows.order_by("pk")[: _PAGE + 1])
    return {
        "relations": [relation_shown(row, who) for row in found[:_PAGE]],
        "next": found[_PAGE - 1].pk if len(found) > _PAGE else None,
    }


@router.post("/relations", response=RELATION, summary="State or propose a relation")
@policy("relations.use")
def make_relation(request: HttpRequest, body: NewRelation) -> Status[Any]:
    """State a relation for your own end, or propose it to both."""
    who = caller(request)
    provider, customer = _end(body.level, body.provider), _end(body.level, body.customer)
    if provider is None or customer is None:
        return Status(422, RelationRefusal(code="end_unknown", detail="There is no such end."))
    common: dict[str, Any] = {
        "provider": provider,
        "customer": customer,
        "kind": body.kind,
        "closeness": body.closeness,
        "valid_from": body.valid_from,
        "by": who.person,
        "now": who.now,
    }

    def run() -> ServiceRelation:
        if body.propose:
            return actions.propose(origin=Origin.DECLARED, **common)
        return actions.declare(side=body.side, **common)

    return relation_changed(who, run)


def _end(level: RelationLevel, public_id: UUID) -> Department | Position | Person | None:
    if level == RelationLevel.DEPARTMENT:
        return Department.objects.filter(public_id=public_id).first()
    if level == RelationLevel.POSITION:
        return Position.objects.filter(public_id=public_id).first()
    return Person.objects.filter(public_id=public_id, kind=PersonKind.HUMAN).first()


@router.get("/relations/{relation_id}", response=RelationOut, summary="One relation")
@policy("relations.use")
def read_relation(request: HttpRequest, relation_id: UUID) -> dict[str, Any]:
    """Return a relation as it is today."""
    who = caller(request)
    return relation_shown(who.relation(relation_id), who.who)


@router.get("/relations/{relation_id}/changes", response=list[ChangeOut], summary="Its history")
@policy("relations.use")
def read_changes(request: HttpRequest, relation_id: UUID) -> list[dict[str, Any]]:
    """Return what happened to a relation, newest first."""
    who = caller(request)
    relation = who.relation(relation_id)
    inside = bool(policies.may_read_inside(who.who, relation))
    return [change_shown(each, inside=inside) for each in queries.history_of(relation)]


@router.post("/relations/{relation_id}/confirm", response=RELATION, summary="Confirm it")
@policy("relations.use")
def confirm(request: HttpRequest, relation_id: UUID, body: Acting) -> Status[Any]:
    """Say for your end that the relation holds."""
    who, relation = _found(request, relation_id)
    return relation_changed(
        who,
        lambda: actions.confirm(
            relation=relation, by=who.person, side=body.side, version=body.version, now=who.now
        ),
    )


@router.post("/relations/{relation_id}/contest", response=RELATION, summary="Contest it")
@policy("relations.use")
def contest(request: HttpRequest, relation_id: UUID, body: Contest) -> Status[Any]:
    """Say for your end that the relation does not hold, and why."""
    who, relation = _found(request, relation_id)
    return relation_changed(
        who,
        lambda: actions.contest(
            relation=relation,
            by=who.person,
            side=body.side,
            reason=body.reason,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/relations/{relation_id}/end", response=RELATION, summary="End it")
@policy("relations.use")
def end(request: HttpRequest, relation_id: UUID, body: EndIt) -> Status[Any]:
    """End a relation, or turn down a mere proposal."""
    who, relation = _found(request, relation_id)
    return relation_changed(
        who,
        lambda: actions.end(
            relation=relation,
            by=who.person,
            side=body.side,
            reason=body.reason,
            on=body.on,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/relations/{relation_id}/closeness", response=RELATION, summary="Say how close")
@policy("relations.use")
def set_closeness(request: HttpRequest, relation_id: UUID, body: SetCloseness) -> Status[Any]:
    """Say how much the customer's work depends on the provider's."""
    who, relation = _found(request, relation_id)
    return relation_changed(
        who,
        lambda: actions.set_closeness(
            relation=relation,
            by=who.person,
            closeness=body.closeness,
            version=body.version,
            now=who.now,
        ),
    )


@router.get("/relations/{relation_id}/note", response=NoteOut, summary="Your private note")
@policy("relations.use")
def read_note(request: HttpRequest, relation_id: UUID) -> dict[str, Any]:
    """Return your own note about a relation; nobody else reads it."""
    who, relation = _found(request, relation_id)
    note = queries.note_of(relation, person=who.person)
    return {"text": note.text if note else "", "written_at": note.written_at if note else None}


@router.put(
    "/relations/{relation_id}/note",
    response={200: NoteOut, 422: RelationRefusal},
    summary="Write your private note",
)
@policy("relations.use")
def write_note(request: HttpRequest, relation_id: UUID, body: NoteIn) -> Status[Any]:
    """Keep, replace or (empty) remove your own note about a relation."""
    who, relation = _found(request, relation_id)
    try:
        note = actions.write_note(relation=relation, by=who.person, text=body.text, now=who.now)
    except actions.RelationError as error:
        return Status(422, refusal(error))
    said = {"text": note.text if note else "", "written_at": note.written_at if note else None}
    return Status(200, said)


def _found(request: HttpRequest, relation_id: UUID) -> tuple[Caller, ServiceRelation]:
    who = caller(request)
    return who, who.relation(relation_id)
