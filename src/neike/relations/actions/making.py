"""Relations come into being: proposed by the product or by people, or stated by one of the two ends."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from neike.kernel.policies import require
from neike.org.models import Person
from neike.relations import policies
from neike.relations.actions.ends import End, level_of, refuse_absent, refuse_cycle
from neike.relations.actions.errors import (
    DayError,
    DuplicateRelationError,
    RejectedLatelyError,
)
from neike.relations.actions.work import Work
from neike.relations.choices import (
    ChangeKind,
    Closeness,
    Origin,
    RelationKind,
    RelationState,
    Side,
)
from neike.relations.models import ServiceRelation
from neike.relations.models.relations import OPEN

REMEMBERED: Final = timedelta(days=2 * 91)
"""For how long a proposal that was turned down is not made again: two quarters."""


@transaction.atomic
def propose(
    *,
    provider: End,
    customer: End,
    kind: RelationKind | str,
    origin: Origin | str,
    by: Person | None,
    now: datetime,
    valid_from: date | None = None,
    closeness: int = Closeness.REGULAR,
) -> ServiceRelation:
    """Propose a relation to both sides; nobody has agreed yet. `by` is None for the product itself.

    Raises:
        PermissionDenied: `by` speaks for neither end (and is no quality officer of the organisation).
        SameEndError, LevelsDifferError, EndNotThereError, DayError, CycleError: the ends or days do not fit.
        DuplicateRelationError: it exists.
        RejectedLatelyError: it was turned down within the last two quarters.
    """
    work = _begin(provider, customer, kind, by, now, valid_from, closeness)
    relation = work.relation
    relation.origin = Origin(origin)
    if by is not None:
        require(policies.may_propose(work.who, relation))
    _refuse_rejected(relation, work.on)
    _insert(relation)
    return work.finish(ChangeKind.PROPOSED, on=relation.valid_from)


@transaction.atomic
def declare(
    *,
    provider: End,
    customer: End,
    kind: RelationKind | str,
    by: Person,
    now: datetime,
    side: Side | str | None = None,
    valid_from: date | None = None,
    closeness: int = Closeness.REGULAR,
) -> ServiceRelation:
    """State a relation for one's own end; the other end is asked to confirm it.

    `side` says for which end; who speaks for both and does not say so speaks for the provider.

    Raises:
        PermissionDenied: `by` does not speak for the end.
        SameEndError, LevelsDifferError, EndNotThereError, DayError, CycleError: the ends or days do not fit.
        DuplicateRelationError: it exists.
    """
    work = _begin(provider, customer, kind, by, now, valid_from, closeness)
    relation = work.relation
    relation.origin = Origin.DECLARED
    acting = work.side(side, preferred=Side.PROVIDER)
    setattr(relation, f"{acting}_confirmed_on", work.on)
    setattr(relation, f"{acting}_confirmed_by", by)
    _insert(relation)
    return work.finish(ChangeKind.DECLARED, side=acting, on=relation.valid_from)


def _begin(
    provider: End,
    customer: End,
    kind: RelationKind | str,
    by: Person | None,
    now: datetime,
    valid_from: date | None,
    closeness: int,
) -> Work:
    level = level_of(provider, customer)
    relation = ServiceRelation(
        level=level,
        kind=RelationKind(kind),
        state=RelationState.PROPOSED,
        closeness=Closeness(closeness),
        **{f"provider_{level}": provider, f"customer_{level}": customer},
    )
    work = Work(relation, by=by, now=now)
    relation.valid_from = valid_from or work.on
    if relation.valid_from > work.on:
        raise DayError("future")
    refuse_absent((provider, customer), days=(relation.valid_from, work.on))
    refuse_cycle(relation)
    return work


def _same(relation: ServiceRelation) -> dict[str, object]:
    return {
        "level": relation.level,
        f"provider_{relation.level}": relation.provider_id,
        f"customer_{relation.level}": relation.customer_id,
        "kind": relation.kind,
    }


def _refuse_rejected(relation: ServiceRelation, on: date) -> None:
    rows = ServiceRelation.objects.filter(rejected_on__gt=on - REMEMBERED, **_same(relation))
    found = rows.order_by("-rejected_on").first()
    if found is not None:
        raise RejectedLatelyError(found)


def _insert(relation: ServiceRelation) -> None:
    """Save the new row; the database decides who is first when two do so at once."""
    existing = ServiceRelation.objects.filter(OPEN, **_same(relation))
    found = existing.first()
    if found is not None:
        raise DuplicateRelationError(found)
    try:
        with transaction.atomic():
            relation.state = RelationState.PROPOSED
            relation.save()
    except IntegrityError:
        found = existing.first()
        if found is None:
            raise
        raise DuplicateRelationError(found) from None
