"""Agreements: list, propose, sign, decline, review, end."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from neike.catalog import queries as catalog_queries
from neike.kernel.policies import policy, require
from neike.relations import actions, policies, queries
from neike.relations.api.asking import AGREEMENT, Caller, agreement_changed, caller
from neike.relations.api.fields import Acting, NewAgreement, OwedReason, ReviewAgreement
from neike.relations.api.shown import AgreementOut, RelationRefusal, agreement_shown
from neike.relations.models import Agreement

router = Router()


@router.get(
    "/relations/{relation_id}/agreements", response=list[AgreementOut], summary="Its agreements"
)
@policy("relations.use")
def list_agreements(request: HttpRequest, relation_id: UUID) -> list[dict[str, Any]]:
    """List the agreements of a relation, newest first; for people of the two ends."""
    who = caller(request)
    relation = who.relation(relation_id)
    require(policies.may_read_inside(who.who, relation))
    return [agreement_shown(each) for each in queries.agreements_of(relation, who=who.who)]


@router.post("/relations/{relation_id}/agreements", response=AGREEMENT, summary="Ask to sign")
@policy("relations.use")
def propose_agreement(request: HttpRequest, relation_id: UUID, body: NewAgreement) -> Status[Any]:
    """Ask both sides to sign the present standard of a service."""
    who = caller(request)
    relation = who.relation(relation_id)
    require(policies.may_act(who.who, relation))
    service = catalog_queries.service_by_key(body.service)
    if service is None or service.standard is None:
        return Status(
            422, RelationRefusal(code="service_unknown", detail="There is no such service.")
        )
    standard = service.standard
    return agreement_changed(
        who,
        lambda: actions.propose_agreement(
            relation=relation, standard=standard, by=who.person, now=who.now
        ),
    )


@router.get("/agreements/{agreement_id}", response=AgreementOut, summary="One agreement")
@policy("relations.use")
def read_agreement(request: HttpRequest, agreement_id: UUID) -> dict[str, Any]:
    """Return an agreement."""
    return agreement_shown(caller(request).agreement(agreement_id))


@router.post("/agreements/{agreement_id}/sign", response=AGREEMENT, summary="Sign it")
@policy("relations.use")
def sign(request: HttpRequest, agreement_id: UUID, body: Acting) -> Status[Any]:
    """Sign for your end; the second signature puts it into force."""
    who, agreement = _found(request, agreement_id)
    return agreement_changed(
        who,
        lambda: actions.sign(
            agreement=agreement, by=who.person, side=body.side, version=body.version, now=who.now
        ),
    )


@router.post("/agreements/{agreement_id}/decline", response=AGREEMENT, summary="Do not sign it")
@policy("relations.use")
def decline(request: HttpRequest, agreement_id: UUID, body: OwedReason) -> Status[Any]:
    """Refuse to sign, with a reason."""
    who, agreement = _found(request, agreement_id)
    return agreement_changed(
        who,
        lambda: actions.decline_agreement(
            agreement=agreement,
            by=who.person,
            reason=body.reason,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/agreements/{agreement_id}/review", response=AGREEMENT, summary="It was reviewed")
@policy("relations.use")
def review(request: HttpRequest, agreement_id: UUID, body: ReviewAgreement) -> Status[Any]:
    """Note that an agreement was looked at and holds on."""
    who, agreement = _found(request, agreement_id)
    return agreement_changed(
        who,
        lambda: actions.review_agreement(
            agreement=agreement,
            by=who.person,
            review_on=body.review_on,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/agreements/{agreement_id}/end", response=AGREEMENT, summary="End it")
@policy("relations.use")
def end(request: HttpRequest, agreement_id: UUID, body: OwedReason) -> Status[Any]:
    """End an agreement in force, with a reason."""
    who, agreement = _found(request, agreement_id)
    return agreement_changed(
        who,
        lambda: actions.end_agreement(
            agreement=agreement,
            by=who.person,
            reason=body.reason,
            version=body.version,
            now=who.now,
        ),
    )


def _found(request: HttpRequest, agreement_id: UUID) -> tuple[Caller, Agreement]:
    who = caller(request)
    return who, who.agreement(agreement_id)
