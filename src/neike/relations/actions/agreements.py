"""Agreements: proposed, signed by both sides, replaced by newer ones, declined or ended."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from neike.catalog.choices import ServiceState, StandardState
from neike.catalog.models import ServiceStandard
from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.relations import policies
from neike.relations.actions.errors import (
    AgreementChangedError,
    DayError,
    DuplicateAgreementError,
    NotPossibleError,
    SideNeededError,
    StandardUnfitError,
)
from neike.relations.actions.work import needed_reason
from neike.relations.choices import AgreementState, EndCause, RelationLevel, RelationState, Side
from neike.relations.events import AgreementChanged
from neike.relations.models import Agreement, ServiceRelation
from neike.relations.terms import half_year_after

LATEST_REVIEW: Final = timedelta(days=2 * 366)
SIDES: Final = (Side.PROVIDER, Side.CUSTOMER)


@transaction.atomic
def propose_agreement(
    *, relation: ServiceRelation, standard: ServiceStandard, by: Person | None, now: datetime
) -> Agreement:
    """Ask both sides to sign a version of a service standard; replaces an unsigned proposal of an older version.

    `by` is None where a newly published version asks by itself.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        NotPossibleError: the relation has ended, is contested or is not between departments.
        StandardUnfitError: the standard is no draft-free version in force, or another department's.
        DuplicateAgreementError: this version is in force or waits for signatures already.
    """
    relation = ServiceRelation.objects.select_for_update().get(pk=relation.pk)
    if by is not None:
        require(policies.may_act(policies.standing(by, now=now), relation))
    if relation.level != RelationLevel.DEPARTMENT:
        raise NotPossibleError("not_between_departments")
    if relation.state in (RelationState.ENDED, RelationState.CONTESTED):
        raise NotPossibleError(f"relation_{relation.state}")
    _refuse_unfit(standard, relation, org_queries.organisation_day(now))
    previous = _make_room(relation, standard, now)
    made = Agreement(
        relation=relation,
        service=standard.service,
        standard=standard,
        proposed_by=by,
        proposed_at=now,
        previous=previous,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        found = relation.agreements.filter(service=standard.service_id).order_by("-pk").first()
        if found is None:
            raise
        raise DuplicateAgreementError(found) from None
    return _tell(made, "proposed", by, now)


@transaction.atomic
def sign(
    *,
    agreement: Agreement,
    by: Person,
    version: int,
    now: datetime,
    side: Side | str | None = None,
) -> Agreement:
    """Sign for one's end. The second signature puts the agreement into force that day and ends the one it replaces.

    Who speaks for both ends and does not say for which signs for the one that has not signed.

    Raises:
        PermissionDenied: `by` does not speak for the end.
        AgreementChangedError: somebody was faster.
        NotPossibleError: it does not wait for this signature, or the relation has ended or is contested.
        SideNeededError: `by` speaks for both ends, and neither has signed.
    """
    found = _locked(agreement, version)
    acting = _side(found, by, side, now)
    if found.state != AgreementState.PROPOSED or found.signed_by_side(acting):
        raise NotPossibleError("not_to_sign")
    if found.relation.state in (RelationState.ENDED, RelationState.CONTESTED):
        raise NotPossibleError(f"relation_{found.relation.state}")
    setattr(found, f"{acting}_signed_by", by)
    setattr(found, f"{acting}_signed_at", now)
    if all(found.signed_by_side(each) for each in SIDES):
        _put_into_force(found, org_queries.organisation_day(now), by, now)
    return _tell(found, "signed", by, now, side=acting)


@transaction.atomic
def decline_agreement(
    *, agreement: Agreement, by: Person, reason: str, version: int, now: datetime
) -> Agreement:
    """Refuse to sign, with a reason for the other side; what is in force stays so.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        ReasonNeededError: no reason, or too long.
        AgreementChangedError: somebody was faster.
        NotPossibleError: it does not wait for signatures.
    """
    return _finish(
        agreement, by, reason, version, now, AgreementState.PROPOSED, _declined, "declined"
    )


@transaction.atomic
def end_agreement(
    *, agreement: Agreement, by: Person, reason: str, version: int, now: datetime
) -> Agreement:
    """End an agreement in force, today, with a reason for the other side.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        ReasonNeededError: no reason, or too long.
        AgreementChangedError: somebody was faster.
        NotPossibleError: it is not in force.
    """
    return _finish(agreement, by, reason, version, now, AgreementState.IN_FORCE, _ended, "ended")


@transaction.atomic
def review_agreement(
    *, agreement: Agreement, by: Person, review_on: date | None, version: int, now: datetime
) -> Agreement:
    """Note that an agreement was looked at and holds on; None as the next date is half a year from today.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        DayError: the date is not in the future, or too far in it.
        AgreementChangedError: somebody was faster.
        NotPossibleError: it is not in force.
    """
    found = _locked(agreement, version)
    acting = _side(found, by, None, now, either=True)
    if found.state != AgreementState.IN_FORCE:
        raise NotPossibleError("not_in_force")
    on = org_queries.organisation_day(now)
    next_day = review_on or half_year_after(on)
    if not on < next_day <= on + LATEST_REVIEW:
        raise DayError("review_past" if next_day <= on else "review_late")
    found.review_on = next_day
    return _tell(found, "reviewed", by, now, side=acting)


def end_all(relation: ServiceRelation, *, on: date, now: datetime) -> None:
    """End every agreement of a relation that has ended: what is in force on the day, what waits without a word."""
    for each in relation.agreements.select_for_update().filter(
        state__in=(AgreementState.PROPOSED, AgreementState.IN_FORCE)
    ):
        if each.state == AgreementState.IN_FORCE and each.valid_from is not None:
            each.valid_to = max(on, each.valid_from)
        each.state, each.ended_cause = AgreementState.ENDED, EndCause.RELATION_ENDED
        _tell(each, "ended", None, now)


def _refuse_unfit(standard: ServiceStandard, relation: ServiceRelation, on: date) -> None:
    service = standard.service
    if standard.state != StandardState.PUBLISHED or service.standard_id != standard.pk:
        raise StandardUnfitError("not_in_force")
    if service.state == ServiceState.RETIRED:
        raise StandardUnfitError("retired")
    provider = relation.provider_id
    below = org_queries.chart(on=on).subtree(provider)
    if service.department_id not in below | {provider}:
        raise StandardUnfitError("other_department")


def _make_room(
    relation: ServiceRelation, standard: ServiceStandard, now: datetime
) -> Agreement | None:
    """Take back the proposal of an older version; return what is in force."""
    rows = relation.agreements.select_for_update().filter(service=standard.service_id)
    current = rows.filter(state=AgreementState.IN_FORCE).first()
    waiting = rows.filter(state=AgreementState.PROPOSED).first()
    for each in (current, waiting):
        if each is not None and each.standard_id == standard.pk:
            raise DuplicateAgreementError(each)
    if waiting is not None:
        waiting.state, waiting.ended_cause = AgreementState.ENDED, EndCause.NEWER_STANDARD
        _tell(waiting, "ended", None, now)
    return current


def _put_into_force(agreement: Agreement, on: date, by: Person, now: datetime) -> None:
    rows = agreement.relation.agreements.select_for_update().filter(
        service=agreement.service_id, state=AgreementState.IN_FORCE
    )
    for old in rows:
        old.state, old.valid_to = AgreementState.SUPERSEDED, on
        _tell(old, "superseded", by, now)
        agreement.previous = old if agreement.previous_id is None else agreement.previous
    agreement.state = AgreementState.IN_FORCE
    agreement.valid_from = on
    agreement.review_on = half_year_after(on)


def _locked(agreement: Agreement, version: int) -> Agreement:
    """Lock the relation first, then its agreement: every action takes them in this order."""
    relation = ServiceRelation.objects.select_for_update().get(pk=agreement.relation_id)
    found = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("service", "standard")
        .get(pk=agreement.pk)
    )
    found.relation = relation
    if found.version != version:
        raise AgreementChangedError(found)
    return found


def _side(
    agreement: Agreement,
    by: Person,
    asked: Side | str | None,
    now: datetime,
    *,
    either: bool = False,
) -> Side:
    who = policies.standing(by, now=now)
    if asked is not None:
        require(policies.may_sign(who, agreement, asked))
        return Side(asked)
    require(policies.may_act(who, agreement.relation))
    sides = who.sides_acted_for(agreement.relation)
    unsigned = [each for each in sides if not agreement.signed_by_side(each)]
    if either or len(sides) == 1:
        return sides[0]
    if len(unsigned) != 1:
        raise SideNeededError
    return unsigned[0]


def _finish(
    agreement: Agreement,
    by: Person,
    reason: str,
    version: int,
    now: datetime,
    state: AgreementState,
    write: Callable[[Agreement, date], None],
    change: str,
) -> Agreement:
    said = needed_reason(reason)
    found = _locked(agreement, version)
    acting = _side(found, by, None, now, either=True)
    if found.state != state:
        raise NotPossibleError(f"not_{state}")
    write(found, org_queries.organisation_day(now))
    found.ended_reason = said
    return _tell(found, change, by, now, side=acting)


def _declined(agreement: Agreement, _on: date) -> None:
    agreement.state = AgreementState.DECLINED


def _ended(agreement: Agreement, on: date) -> None:
    agreement.state, agreement.valid_to = AgreementState.ENDED, on


def _tell(
    agreement: Agreement,
    change: str,
    by: Person | None,
    now: datetime,
    *,
    side: str = Side.NONE,
) -> Agreement:
    """Save the agreement, write the record (without the reason, which is for the two ends), announce."""
    agreement.version += 1
    agreement.save()
    record(
        action=f"relations.agreement_{change}",
        subject=agreement,
        by=by,
        after={"state": agreement.state, "side": str(side), "version": agreement.version},
        now=now,
    )
    event = AgreementChanged(
        agreement_id=agreement.pk,
        relation_id=agreement.relation_id,
        change=change,
        side=str(side),
        by_id=by.pk if by else None,
        at=now,
        version=agreement.version,
    )
    announce(event, aggregate=f"relation:{agreement.relation_id}", now=now)
    return agreement
