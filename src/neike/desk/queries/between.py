"""Open requests between the two ends of many relations at once: departments, or the people at their ends."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from neike.desk.models import OPEN_LEGS, Leg
from neike.desk.policies import Standing
from neike.desk.queries.access import tickets_visible_to
from neike.org.models import Placement
from neike.org.standing import on_day

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class People:
    """Who stands at the two ends: any of `serving` for any of `asking`."""

    serving: frozenset[int]
    asking: frozenset[int]


def open_between_departments(who: Standing, pairs: Iterable[Pair]) -> Counter[Pair]:
    """Count the requests in which a (supplier, customer) pair has an open hand-over, as far as one may read them.

    One query; none without pairs.
    """
    wanted = set(pairs)
    if not wanted:
        return Counter()
    suppliers, customers = zip(*wanted, strict=True)
    rows = _open(who).filter(supplier__in=suppliers, customer__in=customers)
    return _counted(rows, "supplier", "customer", wanted)


def open_between_people(who: Standing, pairs: Sequence[People]) -> list[int]:
    """Count, for each pair, the open hand-overs one side works on for a request of the other; one query, or none."""
    if not pairs:
        return []
    serving = frozenset[int]().union(*(each.serving for each in pairs))
    asking = frozenset[int]().union(*(each.asking for each in pairs))
    rows = _open(who).filter(assignee__in=serving, ticket__requester__in=asking)
    found = _counted(rows, "assignee", "ticket__requester")
    return [
        sum(n for (by, to), n in found.items() if by in each.serving and to in each.asking)
        for each in pairs
    ]


def holders(positions: Iterable[int], *, on: date) -> dict[int, frozenset[int]]:
    """Return who holds each of the positions on a day; one query, or none."""
    wanted = frozenset(positions)
    found: defaultdict[int, set[int]] = defaultdict(set)
    if wanted:
        rows = Placement.objects.filter(on_day(on), position__in=wanted)
        for position, person in rows.values_list("position_id", "person_id"):
            found[position].add(person)
    return {position: frozenset(people) for position, people in found.items()}


def _open(who: Standing) -> QuerySet[Leg]:
    readable = Exists(tickets_visible_to(who).filter(pk=OuterRef("ticket")))
    return Leg.objects.filter(OPEN_LEGS).filter(readable)


def _counted(
    rows: QuerySet[Leg], first: str, second: str, wanted: set[Pair] | None = None
) -> Counter[Pair]:
    counts = rows.order_by().values_list(first, second).annotate(n=Count("ticket", distinct=True))
    return Counter(
        {(one, two): n for one, two, n in counts if wanted is None or (one, two) in wanted}
    )
