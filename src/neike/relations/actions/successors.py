"""Propose ended relations with the departments in which their closed ends went on, many at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import transaction

from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.org import queries as org_queries
from neike.org.models import Department, DepartmentSuccession
from neike.relations.actions.ends import HIERARCHY
from neike.relations.actions.errors import RelationError
from neike.relations.actions.making import REMEMBERED, propose
from neike.relations.actions.work import shown
from neike.relations.choices import ChangeKind, Origin, RelationLevel, RelationState, Side
from neike.relations.events import RelationChanged
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.models.relations import OPEN

_PAIR: Final = ("kind", "provider_department_id", "customer_department_id")
Heirs = Mapping[tuple[int, date], list[int]]
"""The successors of a department that closed on a day."""


class _Wanted(NamedTuple):
    """A relation between departments, by ids."""

    kind: str
    provider_id: int
    customer_id: int


def propose_successors(relations: Sequence[ServiceRelation], *, now: datetime) -> int:
    """Propose ended relations between departments with those in which their closed ends went on; return how many.

    Only what both or one side stood by; what cannot be (the same department twice, a closed one, a relation that
    exists or was turned down lately) is left out. A fixed number of statements, in the caller's transaction.
    """
    agreed = [
        one
        for one in relations
        if one.level == RelationLevel.DEPARTMENT
        and one.valid_to is not None
        and (one.provider_confirmed_on or one.customer_confirmed_on)
    ]
    all_wanted = _wanted(agreed, _heirs(agreed))
    made = _propose_leading(
        {one: close for one, close in all_wanted.items() if one.kind in HIERARCHY}, now
    )
    wanted = {one: close for one, close in all_wanted.items() if one.kind not in HIERARCHY}
    if not wanted:
        return made
    on = org_queries.organisation_day(now)
    chart = org_queries.chart(on=on)
    known = _known(wanted, on)
    rows = [
        ServiceRelation(
            level=RelationLevel.DEPARTMENT,
            kind=one.kind,
            provider_department_id=one.provider_id,
            customer_department_id=one.customer_id,
            origin=Origin.ORG_CHART,
            state=RelationState.PROPOSED,
            closeness=closeness,
            valid_from=on,
            version=1,
        )
        for one, closeness in sorted(wanted.items())
        if one not in known
        and chart.is_active(one.provider_id)
        and chart.is_active(one.customer_id)
    ]
    return made + _insert(rows, now)


def _propose_leading(wanted: Mapping[_Wanted, int], now: datetime) -> int:
    """Propose who leads whom one by one: each may close a circle with the one before. Rare between departments."""
    made = 0
    for one, closeness in sorted(wanted.items()):
        provider, customer = (
            Department.objects.get(pk=end) for end in (one.provider_id, one.customer_id)
        )
        try:
            with transaction.atomic():
                propose(
                    provider=provider,
                    customer=customer,
                    kind=one.kind,
                    origin=Origin.ORG_CHART,
                    by=None,
                    now=now,
                    closeness=closeness,
                )
        except RelationError:
            continue
        made += 1
    return made


def _heirs(relations: Sequence[ServiceRelation]) -> Heirs:
    ends = {end for one in relations for end in _ends(one)}
    rows = DepartmentSuccession.objects.filter(
        predecessor__in=ends, date__in={one.valid_to for one in relations}
    )
    found: dict[tuple[int, date], list[int]] = defaultdict(list)
    for predecessor, day, successor in rows.order_by("pk").values_list(
        "predecessor_id", "date", "successor_id"
    ):
        found[predecessor, day].append(successor)
    return found


def _ends(relation: ServiceRelation) -> Iterator[int]:
    yield relation.provider_department_id or 0
    yield relation.customer_department_id or 0


def _wanted(relations: Sequence[ServiceRelation], heirs: Heirs) -> dict[_Wanted, int]:
    """Return the relations to propose with their closeness."""
    wanted: dict[_Wanted, int] = {}
    for one in relations:
        if one.valid_to is None:
            continue
        day = one.valid_to
        provider, customer = _ends(one)
        for new_provider in heirs.get((provider, day)) or [provider]:
            for new_customer in heirs.get((customer, day)) or [customer]:
                if new_provider != new_customer:
                    wanted.setdefault(_Wanted(one.kind, new_provider, new_customer), one.closeness)
    return wanted


def _known(wanted: Mapping[_Wanted, int], on: date) -> set[_Wanted]:
    """Return which of them exist, or were turned down lately."""
    near = ServiceRelation.objects.filter(
        level=RelationLevel.DEPARTMENT,
        provider_department__in={one.provider_id for one in wanted},
        customer_department__in={one.customer_id for one in wanted},
    )
    rows = (near.filter(OPEN), near.filter(rejected_on__gt=on - REMEMBERED))
    return {_Wanted(*row) for some in rows for row in some.values_list(*_PAIR)}


def _insert(rows: Sequence[ServiceRelation], now: datetime) -> int:
    """Write proposals; what somebody else made meanwhile is left out."""
    ServiceRelation.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(
        ServiceRelation.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk")
    )
    if not made:
        return 0
    RelationChange.objects.bulk_create(
        RelationChange(
            relation=one,
            seq=1,
            kind=ChangeKind.PROPOSED,
            at=now,
            on=one.valid_from,
            state=one.state,
        )
        for one in made
    )
    record_all(
        [
            Record(
                action="relations.relation_proposed",
                subject=one,
                by=None,
                now=now,
                after=shown(one),
            )
            for one in made
        ]
    )
    announce_all([_told(one, now) for one in made], now=now)
    return len(made)


def _told(relation: ServiceRelation, now: datetime) -> tuple[RelationChanged, str]:
    event = RelationChanged(
        relation_id=relation.pk,
        seq=1,
        change=ChangeKind.PROPOSED.value,
        side=Side.NONE.value,
        by_id=None,
        at=now,
    )
    return event, f"relation:{relation.pk}"
