"""The two ends of a relation to be: of one level, not the same, part of the organisation on the day."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Q

from neike.org import queries as org_queries
from neike.org.choices import PersonKind
from neike.org.models import Department, Person, Position
from neike.relations.actions.errors import (
    CycleError,
    EndNotThereError,
    LevelsDifferError,
    SameEndError,
)
from neike.relations.choices import RelationKind, RelationLevel
from neike.relations.models import ServiceRelation
from neike.relations.models.relations import OPEN

End = Department | Position | Person
HIERARCHY: Final = (RelationKind.TEAM, RelationKind.BOSS)
_LOCK: Final = 0x6E65696B_626F7373  # PostgreSQL advisory lock: "neik", "boss"


def level_of(provider: End, customer: End) -> RelationLevel:
    """Return the level two ends share.

    Raises:
        LevelsDifferError: they are of different kinds.
        SameEndError: they are the same.
    """
    levels = {_level(provider), _level(customer)}
    if len(levels) > 1:
        raise LevelsDifferError
    if provider.pk == customer.pk:
        raise SameEndError
    return levels.pop()


def _level(end: End) -> RelationLevel:
    if isinstance(end, Department):
        return RelationLevel.DEPARTMENT
    return RelationLevel.POSITION if isinstance(end, Position) else RelationLevel.PERSON


def refuse_absent(ends: Iterable[End], *, days: Iterable[date]) -> None:
    """Go on when both ends are part of the organisation on each of the days.

    Raises:
        EndNotThereError: one is closed, has left, or does not exist yet.
    """
    for on in sorted(set(days)):
        for end in ends:
            if not _is_there(end, on):
                raise EndNotThereError(_label(end, on), on)


def _is_there(end: End, on: date) -> bool:
    if isinstance(end, Person):
        stays = end.left_on is None or end.left_on > on
        return stays and end.kind == PersonKind.HUMAN and end.erased_at is None
    department_id = end.department_id if isinstance(end, Position) else end.pk
    return org_queries.chart(on=on).is_active(department_id)


def _label(end: End, on: date) -> str:
    if isinstance(end, Department):
        return org_queries.chart(on=on).name(end.pk) or end.code
    return str(end)


def refuse_cycle(relation: ServiceRelation) -> None:
    """Go on when nobody would be their own boss, by the open team and boss relations of the level.

    Raises:
        CycleError: the boss of the new relation stands, through others, below the one they would lead.
    """
    if relation.kind not in HIERARCHY:
        return
    _one_at_a_time()
    boss, report = _boss_and_report(relation)
    above, seen = {boss}, set[int]()
    while above:
        if report in above:
            raise CycleError
        seen |= above
        above = _bosses_of(above, relation) - seen


def _one_at_a_time() -> None:
    """Let one transaction at a time say who leads whom, so that two cannot close a cycle between them.

    On SQLite the transaction, begun IMMEDIATE, already holds the database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _boss_and_report(relation: ServiceRelation) -> tuple[int, int]:
    ends = (relation.provider_id, relation.customer_id)
    return ends if relation.kind == RelationKind.TEAM else (ends[1], ends[0])


def _bosses_of(reports: set[int], relation: ServiceRelation) -> set[int]:
    provider, customer = f"provider_{relation.level}", f"customer_{relation.level}"
    rows = ServiceRelation.objects.filter(OPEN, level=relation.level).exclude(pk=relation.pk)
    team = Q(kind=RelationKind.TEAM, **{f"{customer}__in": reports})
    boss = Q(kind=RelationKind.BOSS, **{f"{provider}__in": reports})
    found = rows.filter(team | boss).values_list("kind", f"{provider}_id", f"{customer}_id")
    return {by if kind == RelationKind.TEAM else to for kind, by, to in found}
