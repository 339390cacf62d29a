"""What the organisation chart says about who serves whom: team, boss, neighbours."""

from collections.abc import Iterable
from datetime import date
from itertools import permutations
from typing import Final, NamedTuple

from django.db.models import Q

from neike.org import queries as org_queries
from neike.org.choices import PersonKind
from neike.org.models import Person, Placement
from neike.relations.choices import Origin, RelationKind, RelationLevel
from neike.relations.models import ServiceRelation
from neike.relations.models.relations import OPEN

NEIGHBOURS_MOST: Final = 20
"""Among more sibling departments nobody is proposed as a neighbour: everybody would be."""


class Pair(NamedTuple):
    """A relation between two persons, by ids."""

    kind: str
    provider_id: int
    customer_id: int


def reporting_lines(on: date) -> dict[int, int]:
    """Return to whom each person reports on a day: own line, post above, or lead; who reports to nobody is left out."""
    placed = Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        Q(person__left_on__isnull=True) | Q(person__left_on__gt=on),
        valid_from__lte=on,
        is_primary=True,
        person__kind=PersonKind.HUMAN,
        person__erased_at__isnull=True,
    )
    present = set(placed.values_list("person_id", flat=True))
    managers = org_queries.managers_of(present, on=on)
    return _without_circles(
        {person: manager for person, manager in managers.items() if manager in present}
    )


def _without_circles(lines: dict[int, int]) -> dict[int, int]:
    """Leave out every line of people who would, by the chart, be their own boss."""
    safe: dict[int, bool] = {}
    for start in lines:
        path: list[int] = []
        each: int | None = start
        while each is not None and each not in safe and each not in path:
            path.append(each)
            each = lines.get(each)
        circle = set(path[path.index(each) :]) if each in path else set[int]()
        safe.update({one: one not in circle for one in path})
    return {person: manager for person, manager in lines.items() if safe[person]}


def chart_pairs(on: date) -> set[Pair]:
    """Return every relation between persons that the chart of a day proposes.

    Each manager serves each direct report (team) and is served by them (boss); the leads of sibling departments
    serve one another (lateral).
    """
    pairs: set[Pair] = set()
    for report, manager in reporting_lines(on).items():
        pairs.add(Pair(RelationKind.TEAM.value, manager, report))
        pairs.add(Pair(RelationKind.BOSS.value, report, manager))
    for one, other in _neighbours(on):
        pairs.add(Pair(RelationKind.LATERAL.value, one, other))
    return pairs


def _neighbours(on: date) -> set[tuple[int, int]]:
    chart = org_queries.chart(on=on)
    parents = {None, *(department.id for department in chart)}
    found: set[tuple[int, int]] = set()
    for parent in parents:
        leads = (chart.lead(each) for each in chart.children(parent) if chart.is_active(each))
        people = {lead.person_id for lead in leads if lead is not None}
        if len(people) <= NEIGHBOURS_MOST:
            found.update(permutations(people, 2))
    present = _present({each for pair in found for each in pair}, on)
    return {pair for pair in found if present.issuperset(pair)}


def _present(people: Iterable[int], on: date) -> set[int]:
    stays = Q(left_on__isnull=True) | Q(left_on__gt=on)
    rows = Person.objects.filter(
        stays, pk__in=list(people), kind=PersonKind.HUMAN, erased_at__isnull=True
    )
    return set(rows.values_list("pk", flat=True))


def open_pairs() -> set[Pair]:
    """Return the open relations between persons, whatever their origin."""
    rows = ServiceRelation.objects.filter(OPEN, level=RelationLevel.PERSON)
    return {Pair(*row) for row in rows.values_list(*_PAIR).iterator()}


def rejected_pairs(after: date) -> set[Pair]:
    """Return the proposals between persons that were turned down after a day."""
    rows = ServiceRelation.objects.filter(level=RelationLevel.PERSON, rejected_on__gt=after)
    return {Pair(*row) for row in rows.values_list(*_PAIR)}


def outdated(pairs: set[Pair]) -> list[int]:
    """Return the ids of the open relations that came from the chart and are not among its `pairs` any more."""
    rows = ServiceRelation.objects.filter(
        OPEN, level=RelationLevel.PERSON, origin=Origin.ORG_CHART, valid_to__isnull=True
    )
    told = rows.order_by("pk").values_list("pk", *_PAIR)
    return [pk for pk, *pair in told.iterator() if Pair(*pair) not in pairs]


def of_leavers(on: date) -> list[int]:
    """Return the ids of the open relations between persons of whom one has left by a day, or was erased."""
    gone = Q()
    for side in ("provider_person", "customer_person"):
        gone |= Q(**{f"{side}__left_on__lte": on}) | Q(**{f"{side}__erased_at__isnull": False})
    rows = ServiceRelation.objects.filter(OPEN, gone, level=RelationLevel.PERSON)
    return list(rows.order_by("pk").values_list("pk", flat=True))


_PAIR: Final = ("kind", "provider_person_id", "customer_person_id")
