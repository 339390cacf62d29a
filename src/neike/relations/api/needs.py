"""Needs: list, state, revise, retire, review, class, guess."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from neike.kernel.policies import policy, require
from neike.relations import actions, policies, queries
from neike.relations.api.asking import NEED, Caller, caller, need_changed
from neike.relations.api.fields import (
    Guess,
    Kano,
    NeedIn,
    NewNeed,
    Review,
    RevisedNeed,
    VersionSeen,
)
from neike.relations.api.shown import NeedOut, need_shown
from neike.relations.models import Need

router = Router()


@router.get("/relations/{relation_id}/needs", response=list[NeedOut], summary="Its needs")
@policy("relations.use")
def list_needs(
    request: HttpRequest, relation_id: UUID, *, retired: bool = False
) -> list[dict[str, Any]]:
    """List what the customer needs, as far as you may know it yet; for people of the two ends."""
    who = caller(request)
    relation = who.relation(relation_id)
    require(policies.may_read_inside(who.who, relation))
    found = queries.needs_of(relation, who=who.who, retired=retired)
    return [need_shown(each) for each in found]


@router.post("/relations/{relation_id}/needs", response=NEED, summary="State a need")
@policy("relations.use")
def state_need(request: HttpRequest, relation_id: UUID, body: NewNeed) -> Status[Any]:
    """Say what your end needs from the provider."""
    who = caller(request)
    relation = who.relation(relation_id)
    return need_changed(
        who,
        lambda: actions.state_need(
            relation=relation,
            by=who.person,
            dimension=body.dimension,
            content=_content(body),
            now=who.now,
        ),
    )


@router.get("/needs/{need_id}", response=NeedOut, summary="One need")
@policy("relations.use")
def read_need(request: HttpRequest, need_id: UUID) -> dict[str, Any]:
    """Return a need as far as you may know it yet."""
    who = caller(request)
    return need_shown(queries.need_shown(who.need(need_id), who=who.who))


@router.put("/needs/{need_id}", response=NEED, summary="Say it anew")
@policy("relations.use")
def revise_need(request: HttpRequest, need_id: UUID, body: RevisedNeed) -> Status[Any]:
    """Say a need anew; the provider guesses again."""
    who, need = _found(request, need_id)
    return need_changed(
        who,
        lambda: actions.revise_need(
            need=need, by=who.person, content=_content(body), version=body.version, now=who.now
        ),
    )


@router.post("/needs/{need_id}/retire", response=NEED, summary="It is not needed any more")
@policy("relations.use")
def retire_need(request: HttpRequest, need_id: UUID, body: VersionSeen) -> Status[Any]:
    """Say that something is not needed any more."""
    who, need = _found(request, need_id)
    return need_changed(
        who,
        lambda: actions.retire_need(need=need, by=who.person, version=body.version, now=who.now),
    )


@router.post("/needs/{need_id}/guess", response=NEED, summary="Guess the expectation")
@policy("relations.use")
def guess(request: HttpRequest, need_id: UUID, body: Guess) -> Status[Any]:
    """Guess what is expected, before it is shown to you."""
    who, need = _found(request, need_id)

    def run() -> Need:
        return actions.guess(
            need=need,
            by=who.person,
            expected=body.expected,
            importance=body.importance,
            version=body.version,
            now=who.now,
        ).need

    return need_changed(who, run)


@router.post("/needs/{need_id}/show", response=NEED, summary="Show it without a guess")
@policy("relations.use")
def show(request: HttpRequest, need_id: UUID, body: VersionSeen) -> Status[Any]:
    """See what is expected without a guess; this is noted."""
    who, need = _found(request, need_id)

    def run() -> Need:
        return actions.show_without_guess(
            need=need, by=who.person, version=body.version, now=who.now
        ).need

    return need_changed(who, run)


@router.post("/needs/{need_id}/reviews", response=NEED, summary="Say how well it was met")
@policy("relations.use")
def review(request: HttpRequest, need_id: UUID, body: Review) -> Status[Any]:
    """Say how well a need was met."""
    who, need = _found(request, need_id)

    def run() -> Need:
        return actions.review_need(
            need=need, by=who.person, perceived=body.perceived, comment=body.comment, now=who.now
        ).need

    return need_changed(who, run)


@router.put("/needs/{need_id}/kano", response=NEED, summary="Answer the pair of questions")
@policy("relations.use")
def answer_kano(request: HttpRequest, need_id: UUID, body: Kano) -> Status[Any]:
    """Say how you feel if the need is met, and if it is not."""
    who, need = _found(request, need_id)

    def run() -> Need:
        return actions.answer_kano(
            need=need,
            by=who.person,
            functional=body.functional,
            dysfunctional=body.dysfunctional,
            now=who.now,
        ).need

    return need_changed(who, run)


def _found(request: HttpRequest, need_id: UUID) -> tuple[Caller, Need]:
    who = caller(request)
    return who, who.need(need_id)


def _content(body: NeedIn) -> actions.NeedContent:
    return actions.NeedContent(
        statement=body.statement,
        importance=body.importance,
        expected=body.expected,
        measure=body.measure,
        amount=body.amount,
        unit=body.unit.value if body.unit else "",
        review_on=body.review_on,
    )
