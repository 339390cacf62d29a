"""What programs are shown: every field named; a new column shows nowhere by itself."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema

from neike.org.models import Department, Person, Position
from neike.relations import policies
from neike.relations.choices import Side
from neike.relations.models import Agreement, RelationChange, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import Mean, NeedShown


class PersonOut(Schema):
    """Somebody."""

    id: UUID
    name: str


class EndOut(Schema):
    """An end of a relation: a department (`label` is its code), a position or a person."""

    id: UUID
    label: str


class RelationOut(Schema):
    """A relation. `why_ended` is told to people of the two ends only; `you_speak_for` are the ends you act for."""

    id: UUID
    version: int
    level: str
    provider: EndOut
    customer: EndOut
    kind: str
    origin: str
    state: str
    closeness: int
    valid_from: date
    valid_to: date | None
    provider_confirmed_on: date | None
    customer_confirmed_on: date | None
    provider_contested_on: date | None
    customer_contested_on: date | None
    why_ended: str | None
    you_speak_for: list[str]


class RelationPage(Schema):
    """A part of a list; `next` continues it as `after`."""

    relations: list[RelationOut]
    next: int | None


class ChangeOut(Schema):
    """Something that happened to a relation; who and why is told to people of the two ends only."""

    seq: int
    kind: str
    side: str
    on: date
    at: datetime
    state: str
    by: PersonOut | None
    reason: str | None


class MeanOut(Schema):
    """A mean of levels 1-5 and how many people it stands on."""

    value: float | None
    n: int


class NeedOut(Schema):
    """A need. While `hidden` you owe a guess, and its levels are null."""

    id: UUID
    version: int
    dimension: str
    statement: str
    hidden: bool
    importance: int | None
    expected: int | None
    measure: str
    amount: Decimal | None
    unit: str
    review_on: date
    stated_by: PersonOut
    retired_on: date | None
    guessed: MeanOut | None
    guessed_importance: MeanOut | None
    perceived: MeanOut
    kano_answers: int


class SignatureOut(Schema):
    """A signature."""

    by: PersonOut
    at: datetime


class AgreementOut(Schema):
    """An agreement on a version of a service standard."""

    id: UUID
    version: int
    relation: UUID
    service: str
    standard: UUID
    standard_version: int
    state: str
    valid_from: date | None
    valid_to: date | None
    review_on: date | None
    provider_signed: SignatureOut | None
    customer_signed: SignatureOut | None
    why_ended: str
    previous: UUID | None


class NoteOut(Schema):
    """Your private note."""

    text: str
    written_at: datetime | None


class WrongValue(Schema):
    """A value of the wrong type or form: where it stands in what was sent, and what is wrong with it."""

    where: list[str | int]
    what: str


class RelationRefusal(Schema):
    """The state or a rule does not allow it; `code` names the rule, `detail` says it in words.

    With the code "invalid" `detail` lists the values of the wrong form.
    `relation`, `agreement` or `need` is the one in the way.
    """

    code: str
    detail: str | list[WrongValue]
    field: str | None = None
    relation: UUID | None = None
    agreement: UUID | None = None
    need: UUID | None = None


class RelationConflict(Schema):
    """Somebody was faster; `version` is the present one."""

    code: str = "changed"
    detail: str
    version: int


def person(someone: Person | None) -> PersonOut | None:
    """Show somebody."""
    return PersonOut(id=someone.public_id, name=someone.name) if someone else None


def relation_shown(relation: ServiceRelation, who: Standing) -> dict[str, Any]:
    """Show a relation with its ends read along."""
    inside = bool(policies.may_read_inside(who, relation))
    return {
        "id": relation.public_id,
        "provider": _end(relation, Side.PROVIDER),
        "customer": _end(relation, Side.CUSTOMER),
        "why_ended": relation.why_ended if inside else None,
        "you_speak_for": [side.value for side in who.sides_acted_for(relation)],
        **{name: getattr(relation, name) for name in _AS_THEY_ARE},
    }


_AS_THEY_ARE = (
    "version",
    "level",
    "kind",
    "origin",
    "state",
    "closeness",
    "valid_from",
    "valid_to",
    "provider_confirmed_on",
    "customer_confirmed_on",
    "provider_contested_on",
    "customer_contested_on",
)


def _end(relation: ServiceRelation, side: Side) -> dict[str, Any]:
    end: Department | Position | Person = getattr(relation, f"{side}_{relation.level}")
    return {"id": end.public_id, "label": str(end)}


def change_shown(change: RelationChange, *, inside: bool) -> dict[str, Any]:
    """Show a change; who and why only to people of the two ends."""
    return {
        "seq": change.seq,
        "kind": change.kind,
        "side": change.side,
        "on": change.on,
        "at": change.at,
        "state": change.state,
        "by": person(change.by) if inside else None,
        "reason": change.reason if inside else None,
    }


def need_shown(found: NeedShown) -> dict[str, Any]:
    """Show a need as far as its reader may know it."""
    need, version = found.need, found.version
    return {
        "id": need.public_id,
        "version": need.version,
        "dimension": need.dimension,
        "statement": version.statement,
        "hidden": found.hidden,
        "importance": found.importance,
        "expected": found.expected,
        "measure": version.measure,
        "amount": found.amount,
        "unit": version.unit,
        "review_on": version.review_on,
        "stated_by": person(need.stated_by),
        "retired_on": need.retired_on,
        "guessed": _mean(found.guessed),
        "guessed_importance": _mean(found.guessed_importance),
        "perceived": _mean(found.perceived),
        "kano_answers": found.kano_answers,
    }


def _mean(found: Mean | None) -> dict[str, Any] | None:
    return {"value": found.value, "n": found.n} if found else None


def agreement_shown(agreement: Agreement) -> dict[str, Any]:
    """Show an agreement."""
    return {
        "id": agreement.public_id,
        "version": agreement.version,
        "relation": agreement.relation.public_id,
        "service": agreement.service.key,
        "standard": agreement.standard.public_id,
        "standard_version": agreement.standard.version,
        "state": agreement.state,
        "valid_from": agreement.valid_from,
        "valid_to": agreement.valid_to,
        "review_on": agreement.review_on,
        "provider_signed": _signature(agreement, Side.PROVIDER),
        "customer_signed": _signature(agreement, Side.CUSTOMER),
        "why_ended": agreement.why_ended,
        "previous": agreement.previous.public_id if agreement.previous else None,
    }


def _signature(agreement: Agreement, side: Side) -> dict[str, Any] | None:
    if not agreement.signed_by_side(side):
        return None
    return {
        "by": person(getattr(agreement, f"{side}_signed_by")),
        "at": getattr(agreement, f"{side}_signed_at"),
    }
