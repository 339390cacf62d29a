"""Who was seen to serve whom, so far as it may be shown.

What is shown of a pair is cut by quarters. A quarter of a pair is strong with at least `MIN_PEOPLE` people at each
end, else weak. Of a window of two quarters a page gets the strong quarters only; where none is strong, both together
if they reach the number together. So the volume of a weak quarter is never the difference of two shown ones: next to
a strong quarter it is left out of the longer window, and two weak ones are only told as their sum.
What is left out is told as one sum for the whole organisation, by the rule of `engines.remainders`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import starmap
from typing import Final, Literal, NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from neike.engines.graph import MIN_PEOPLE, Comparison, Edge, Pair, compare
from neike.engines.remainders import Remainder, SmallPair, remainder
from neike.insights.models import ChangedPair, LegFlow, Observation, ObservedEdge
from neike.insights.queries.spans import in_period
from neike.insights.queries.telling import STRONG
from neike.kernel import installation
from neike.kernel.leases import database_now
from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import stamp_of, stamped
from neike.org.models import Person
from neike.org.periods import Period

GONE_AFTER: Final = timedelta(minutes=2)
"""A run that was not heard of for so long is taken for dead; a batch takes a second."""

Quarters = Literal[1, 2]


class EdgeRow(NamedTuple):
    """An edge as it is counted, whether it may be shown or not. Not for pages."""

    supplier_id: int
    customer_id: int
    legs: int
    tickets: int
    supplier_people: int
    customer_people: int
    handovers: int

    @property
    def pair(self) -> Pair:
        """Return the two ends."""
        return self.supplier_id, self.customer_id

    @property
    def is_strong(self) -> bool:
        """Whether enough people stand at each end for it to be shown."""
        return min(self.supplier_people, self.customer_people) >= MIN_PEOPLE


OBSERVED: Final = "observed_edges"
"""The stamp of all edges."""

_NAMES: Final = tuple(EdgeRow.__annotations__)


@dataclass(frozen=True, slots=True)
class ShownEdges:
    """The edges of a window that may be shown, most legs first, and what is to be said of the others.

    `some_hidden` says that there are others; `not_shown` their sum, None where it would give one of them away.
    """

    edges: tuple[EdgeRow, ...]
    some_hidden: bool
    not_shown: Remainder | None


def stamps() -> tuple[SafetyObject, ...]:
    """Return the trigger that tells when kept edges are stale."""
    return (stamped(OBSERVED, "insights_observededge"),)


def shown_edges(quarter: Period, quarters: Quarters = 1) -> ShownEdges:
    """Return what a page may show of the window that ends with `quarter`.

    One query; at most two more when any edge changed since this process last read that window. A page that shows a
    part (one department, a subtree, a kind) filters `edges` and tells `not_shown` as what it is: of the whole
    organisation.
    """
    token = stamp_of(OBSERVED)
    if token is None:
        return _shown(quarter, quarters)
    return _kept(quarter, quarters, token)


@lru_cache(maxsize=8)
def _kept(quarter: Period, quarters: Quarters, _token: str) -> ShownEdges:
    return _shown(quarter, quarters)


def _shown(quarter: Period, quarters: Quarters) -> ShownEdges:
    told, left = _cut(quarter, quarters)
    edges = sorted(told.values(), key=lambda one: (-one.legs, one.pair))
    small = [SmallPair(*pair, legs) for pair, legs in left.items()]
    return ShownEdges(tuple(edges), bool(small), remainder(small))


def edges_to_compare(quarter: Period, quarters: Quarters = 2) -> list[Edge]:
    """Return one edge for every pair with any volume in the window, for `engines.graph`; two queries.

    A pair that may be shown has the volume that may be shown. The others, with fewer than `MIN_PEOPLE` people at
    an end, are there so that no declared relation is taken for paper and the totals hold; the engine never puts
    them among the hidden ones.
    """
    window = _rows(_of(quarter, quarters))
    told, _left = _cut(quarter, quarters, window)
    return [
        Edge(one.supplier_id, one.customer_id, one.legs, one.supplier_people, one.customer_people)
        for one in (told.get(row.pair, row) for row in window)
    ]


def small_pairs(quarter: Period, quarters: Quarters = 2) -> set[Pair]:
    """Return the pairs with volume in the window, but too few people at an end; one query.

    Not for pages: of a pair that is not declared nobody may learn that it exists.
    """
    rows = _of(quarter, quarters).exclude(STRONG)
    return set(rows.values_list("supplier_id", "customer_id"))


def compared(declared: Collection[Pair], quarter: Period, quarters: Quarters = 2) -> Comparison:
    """Compare declared (supplier, customer) pairs with what was observed; two queries.

    Of the classes a page may show `hidden` and `paper`, of `aligned` the volume only where `is_shown`, nothing of
    `too_small`, and of `other` only what `is_shown`. `observed_volume` and `declared_volume` hold the small pairs
    too: a page tells coverage in whole percent, never those two.
    """
    return compare(declared, edges_to_compare(quarter, quarters))


def _of(quarter: Period, quarters: int) -> QuerySet[ObservedEdge]:
    return ObservedEdge.objects.filter(quarter_start=quarter.start, quarters=quarters)


def _rows(edges: QuerySet[ObservedEdge]) -> list[EdgeRow]:
    return list(starmap(EdgeRow, edges.values_list(*_NAMES)))


def _cut(
    quarter: Period, quarters: Quarters, window: Collection[EdgeRow] | None = None
) -> tuple[dict[Pair, EdgeRow], dict[Pair, int]]:
    """Return what may be shown by pair, and the legs left out by pair."""
    rows = _rows(_of(quarter, quarters)) if window is None else window
    alone = _told_alone(quarter) if quarters == 2 else {}  # noqa: PLR2004 - a window of two
    told: dict[Pair, EdgeRow] = {}
    left: dict[Pair, int] = {}
    for row in rows:
        pair = row.pair
        if not row.is_strong:
            left[pair] = row.legs
            continue
        told[pair] = shown = alone.get(pair, row)
        if shown.legs < row.legs:
            left[pair] = row.legs - shown.legs
    return told, left


def _told_alone(quarter: Period) -> Mapping[Pair, EdgeRow]:
    """Return the strong quarters whose other quarter is weak, of the window of two that ends with `quarter`."""
    singles = ObservedEdge.objects.filter(
        quarter_start__in=(quarter.start, quarter.previous().start), quarters=1
    )
    of_pair = singles.filter(supplier=OuterRef("supplier"), customer=OuterRef("customer"))
    strong = singles.filter(STRONG).filter(Exists(of_pair.exclude(STRONG)))
    return {row.pair: row for row in _rows(strong)}


@dataclass(frozen=True, slots=True)
class PersonEdge:
    """How often one person worked for another, and the other for them."""

    other_id: int
    provided: int
    received: int


def person_edges(person: Person, period: Period) -> list[PersonEdge]:
    """Return whom `person` served and was served by in the period, most first; two queries.

    Only for the eyes of `person`, who is one of the two ends of each.
    """
    provided = _others(person, period, "provider_person", "customer_person")
    received = _others(person, period, "customer_person", "provider_person")
    found = [
        PersonEdge(other, provided.get(other, 0), received.get(other, 0))
        for other in provided.keys() | received.keys()
    ]
    return sorted(found, key=lambda one: (-one.provided - one.received, one.other_id))


def _others(person: Person, period: Period, mine: str, theirs: str) -> dict[int, int]:
    rows = (
        LegFlow.objects.filter(
            in_period(period, "offered_day"), **{mine: person, f"{theirs}__isnull": False}
        )
        .exclude(**{theirs: person})
        .values_list(f"{theirs}_id")
        .annotate(legs=Count("pk"))
        .order_by()
    )
    return dict(rows)


def quarters_known() -> list[date]:
    """Return the first days of the quarters with an edge, oldest first; one query."""
    singles = ObservedEdge.objects.filter(quarters=1).order_by("quarter_start")
    return list(singles.values_list("quarter_start", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the edges are: when counted last, and how far a run is that counts all of them now.

    `done` of `total` legs while `is_running`. `is_complete`: every pair is counted, or marked as changed;
    `is_current`: and none is marked.
    """

    observed_at: datetime | None
    is_running: bool
    done: int
    total: int
    is_complete: bool
    is_current: bool


def freshness() -> Freshness:
    """Return how fresh the edges are; at most four small queries."""
    row = Observation.objects.filter(pk=1).first() or Observation()
    same_year = row.fiscal_start == installation.current().fiscal_start_month
    complete = row.complete and same_year
    current = complete and not ChangedPair.objects.exists()
    running = bool(row.token and row.beat_at and row.beat_at > database_now() - GONE_AFTER)
    return Freshness(row.observed_at, running, row.done, row.total, complete, current)
