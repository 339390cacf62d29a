"""What the two ends do with a relation: confirm, contest, end, say how close it is, correct its start."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.org.models import Person
from neike.relations.actions import agreements
from neike.relations.actions.ends import refuse_absent
from neike.relations.actions.errors import DayError, NotPossibleError
from neike.relations.actions.work import Work, in_range, needed_reason
from neike.relations.choices import ChangeKind, RelationState, Side
from neike.relations.models import ServiceRelation


@transaction.atomic
def confirm(
    *,
    relation: ServiceRelation,
    by: Person,
    version: int,
    now: datetime,
    side: Side | str | None = None,
) -> ServiceRelation:
    """Say for one's end that the relation holds; takes back what the end contested.

    Who speaks for both ends and does not say for which speaks for the one that has not confirmed.

    Raises:
        PermissionDenied: `by` does not speak for the end.
        RelationChangedError: somebody was faster.
        NotPossibleError: it has ended, or this end has confirmed already.
        SideNeededError: `by` speaks for both ends, and neither or both have confirmed.
    """
    work = Work.locked(relation, by=by, version=version, now=now)
    acting = work.side(side, preferred=_unconfirmed(work.relation))
    if work.relation.confirmed_by_side(acting):
        raise NotPossibleError("confirmed_already")
    setattr(work.relation, f"{acting}_confirmed_on", work.on)
    setattr(work.relation, f"{acting}_confirmed_by", by)
    setattr(work.relation, f"{acting}_contested_on", None)
    return work.finish(ChangeKind.CONFIRMED, side=acting)


@transaction.atomic
def contest(
    *,
    relation: ServiceRelation,
    by: Person,
    reason: str,
    version: int,
    now: datetime,
    side: Side | str | None = None,
) -> ServiceRelation:
    """Say for one's end that the relation does not hold as the other side says, and why.

    A mere proposal is not contested but turned down: `end`.

    Raises:
        PermissionDenied: `by` does not speak for the end.
        ReasonNeededError: no reason, or too long.
        RelationChangedError: somebody was faster.
        NotPossibleError: it has ended, is a mere proposal, or this end contests it already.
        SideNeededError: `by` speaks for both ends.
    """
    said = needed_reason(reason)
    work = Work.locked(relation, by=by, version=version, now=now)
    acting = work.side(side)
    if work.relation.state == RelationState.PROPOSED:
        raise NotPossibleError("mere_proposal")
    if work.relation.contested_by_side(acting):
        raise NotPossibleError("contested_already")
    setattr(work.relation, f"{acting}_contested_on", work.on)
    setattr(work.relation, f"{acting}_confirmed_on", None)
    setattr(work.relation, f"{acting}_confirmed_by", None)
    return work.finish(ChangeKind.CONTESTED, side=acting, reason=said)


@transaction.atomic
def end(
    *,
    relation: ServiceRelation,
    by: Person,
    reason: str,
    version: int,
    now: datetime,
    on: date | None = None,
    side: Side | str | None = None,
) -> ServiceRelation:
    """End a relation on a day (today unless said; half-open), or turn down a mere proposal; remembered with its reason.

    A day to come is only noted; the relation ends when it comes. A proposal is turned down at once, whatever day.

    Raises:
        PermissionDenied: `by` does not speak for the end.
        ReasonNeededError: no reason, or too long.
        DayError: the day lies before the start.
        RelationChangedError: somebody was faster.
        NotPossibleError: it has ended.
    """
    said = needed_reason(reason)
    work = Work.locked(relation, by=by, version=version, now=now)
    acting = work.side(side, preferred=Side.PROVIDER)
    proposal = work.relation.state == RelationState.PROPOSED
    if proposal:
        work.relation.rejected_on = work.on
    day = work.on if proposal or on is None else on
    return _end(work, day, side=acting, reason=said)


def _end(
    work: Work,
    on: date,
    *,
    side: str = Side.NONE,
    reason: str = "",
    data: dict[str, object] | None = None,
) -> ServiceRelation:
    relation = work.relation
    if on < relation.valid_from:
        raise DayError("before_start")
    relation.valid_to, relation.ended_reason = on, reason
    if on <= work.on:
        relation.state = RelationState.ENDED
        agreements.end_all(relation, on=on, now=work.now)
    return work.finish(ChangeKind.ENDED, side=side, on=on, reason=reason, data=data)


@transaction.atomic
def set_closeness(
    *, relation: ServiceRelation, by: Person, closeness: int, version: int, now: datetime
) -> ServiceRelation:
    """Say how much the customer's work depends on the provider's, 1 to 3.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        BadValueError: it is not 1, 2 or 3.
        RelationChangedError: somebody was faster.
        NotPossibleError: it has ended, or is that close already.
    """
    in_range("closeness", closeness, 1, 3, _("Please choose how close the relation is."))
    work = Work.locked(relation, by=by, version=version, now=now)
    acting = work.side(None, preferred=Side.CUSTOMER)
    before = work.relation.closeness
    if before == closeness:
        raise NotPossibleError("unchanged")
    work.relation.closeness = closeness
    return work.finish(
        ChangeKind.CLOSENESS_CHANGED, side=acting, data={"closeness": closeness, "before": before}
    )


@transaction.atomic
def correct_start(
    *,
    relation: ServiceRelation,
    by: Person,
    valid_from: date,
    reason: str,
    version: int,
    now: datetime,
) -> ServiceRelation:
    """Correct since when a relation holds; the history keeps the earlier day.

    Raises:
        PermissionDenied: `by` speaks for neither end.
        ReasonNeededError: no reason, or too long.
        DayError: the day lies in the future, or after the end.
        EndNotThereError: an end did not exist yet.
        RelationChangedError: somebody was faster.
        NotPossibleError: it has ended.
    """
    said = needed_reason(reason)
    work = Work.locked(relation, by=by, version=version, now=now)
    found, before = work.relation, work.relation.valid_from
    acting = work.side(None, preferred=Side.PROVIDER)
    if valid_from > work.on:
        raise DayError("future")
    if found.valid_to is not None and found.valid_to < valid_from:
        raise DayError("before_start")
    ends = (getattr(found, f"{side}_{found.level}") for side in (Side.PROVIDER, Side.CUSTOMER))
    refuse_absent(tuple(ends), days=(valid_from,))
    found.valid_from = valid_from
    data = {"valid_from": valid_from.isoformat(), "before": before.isoformat()}
    return work.finish(
        ChangeKind.CORRECTED, side=acting, on=min(valid_from, before), reason=said, data=data
    )


def _unconfirmed(relation: ServiceRelation) -> Side | None:
    """Return the only side that has not confirmed, or None when neither or both have."""
    open_sides = [
        side for side in (Side.PROVIDER, Side.CUSTOMER) if not relation.confirmed_by_side(side)
    ]
    return open_sides[0] if len(open_sides) == 1 else None
