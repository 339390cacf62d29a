"""What a back-test says to one reader: attainment by promise, priority and customer, the curve, what would have failed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import Priority, TargetMetric
from neike.catalog.models import ServiceStandard
from neike.desk import queries as desk_queries
from neike.desk.models import Ticket
from neike.desk.policies import Standing
from neike.engines.backtest import (
    Attainment,
    Verdict,
    attainment,
    curve,
    hits_needed,
    shortest_supported,
)
from neike.insights.models import BackTest, ObservedEdge
from neike.insights.queries.backtest_rows import METRICS, Rows, unpack
from neike.insights.queries.telling import STRONG, Told
from neike.org.periods import quarter_number

_POINTS: Final = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
"""Targets of the curve, as multiples of the draft's."""
_SEVERAL: Final = 2


@dataclass(frozen=True, slots=True)
class PastLine:
    """One promise over the past; `priority` "" is all of them together, each judged by its own target.

    `target` is in working seconds, None where the priorities have different ones. `shortest` is the shortest target
    that the past supports, in working seconds, None if none does or there is no single one. `needed` is how many of
    `found.n` would have had to be kept, None: that many can never tell.
    """

    metric: TargetMetric
    priority: str
    target: int | None
    found: Attainment
    verdict: Verdict
    shortest: float | None
    needed: int | None


def back_test_of(standard: ServiceStandard) -> BackTest | None:
    """Return the report about a version of a standard, asked for or finished."""
    return BackTest.objects.filter(standard=standard).select_related("asked_by").first()


def is_stale(test: BackTest) -> bool:
    """Whether the draft, its calendar or its hours were changed after it was asked for."""
    return test.fingerprint != catalog_queries.fingerprint(test.standard)


def rows_told(test: BackTest, told: Told, *, fiscal_start: int) -> tuple[Rows, bool]:
    """Return the clocks a reader is told of, and whether they are all; as `telling` says of every number."""
    rows = unpack(test.rows)
    if told.own is None or not len(rows):
        return rows, True
    own = np.array(sorted(told.own), dtype=np.int64)
    mask = np.isin(rows.supplier, own) | np.isin(rows.customer, own)
    strong = _strong(rows, fiscal_start)
    places = np.flatnonzero(~mask)
    keys = zip(
        rows.supplier[places].tolist(),
        rows.customer[places].tolist(),
        rows.quarter[places].tolist(),
        strict=True,
    )
    mask[places] = np.array([key in strong for key in keys], dtype=np.bool_)
    return rows.where(mask), bool(mask.all())


def _strong(rows: Rows, fiscal_start: int) -> set[tuple[int, int, int]]:
    edges = ObservedEdge.objects.filter(
        STRONG, quarters=1, supplier__in=np.unique(rows.supplier).tolist()
    )
    return {
        (supplier, customer, quarter_number(start, fiscal_start=fiscal_start))
        for supplier, customer, start in edges.values_list(
            "supplier_id", "customer_id", "quarter_start"
        )
    }


def lines(rows: Rows, standard: ServiceStandard, promised: float) -> Iterator[PastLine]:
    """Yield every promise of a standard over the past: for all priorities, and if several occurred for each of them."""
    targets = catalog_queries.promises(standard)
    for metric in TargetMetric:
        own = rows.of(metric.value)
        by_priority = {one.value: targets[one.value].get(metric.value) for one in Priority}
        if not any(by_priority.values()):
            continue
        different = set(by_priority.values())
        yield _line(own, metric, "", different.pop() if len(different) == 1 else None, promised)
        parts = {priority: own.of(metric.value, priority) for priority in by_priority}
        if sum(bool(len(part)) for part in parts.values()) < _SEVERAL:
            continue
        for priority, target in by_priority.items():
            if target and len(parts[priority]):
                yield _line(parts[priority], metric, priority, target, promised)


def _line(
    rows: Rows, metric: TargetMetric, priority: str, target: int | None, promised: float
) -> PastLine:
    found = attainment(rows.shares(), 1)
    return PastLine(
        metric,
        priority,
        target,
        found,
        found.verdict(promised),
        shortest_supported(rows.history(), promised) if target else None,
        hits_needed(found.n, promised),
    )


def by_customer(rows: Rows) -> dict[int, Attainment]:
    """Return the attainment by customer department, the most requests first."""
    customers, counts = np.unique(rows.customer, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return {
        int(customers[place]): attainment(rows.where(rows.customer == customers[place]).shares(), 1)
        for place in order
    }


def curve_around(rows: Rows, target: int | None) -> list[tuple[float, Attainment]]:
    """Return (target, attainment): in working seconds around `target`, else in shares of each one's own."""
    if target is None:
        return list(zip(_POINTS, curve(rows.shares(), _POINTS), strict=True))
    points = [target * each for each in _POINTS]
    return list(zip(points, curve(rows.history(), points), strict=True))


def missed_tickets(rows: Rows, who: Standing) -> tuple[QuerySet[Ticket], int]:
    """Return the requests that would have broken the promise and that the person may read, newest first, and how many would."""
    ids: NDArray[np.int64] = np.unique(rows.ticket[rows.kept == 0])
    newest = ids[::-1][:_MOST_MISSED].tolist()
    readable = desk_queries.tickets_visible_to(who).filter(pk=OuterRef("pk"))
    found = Ticket.objects.filter(pk__in=newest).filter(Exists(readable)).order_by("-pk")
    return found.select_related("service"), len(ids)


_MOST_MISSED: Final = 300
"""The list of what would have failed goes so far back."""


def used_by(rows: Rows) -> dict[int, tuple[float, float]]:
    """Return the longest (working seconds used, target) per request among those that would have failed."""
    found: dict[int, tuple[float, float]] = {}
    late = rows.where(rows.kept == 0)
    for ticket, used, target in zip(
        late.ticket.tolist(), late.used.tolist(), late.target.tolist(), strict=True
    ):
        if ticket not in found or used > found[ticket][0]:
            found[ticket] = (used, target)
    return found


__all__ = [
    "METRICS",
    "PastLine",
    "back_test_of",
    "by_customer",
    "curve_around",
    "is_stale",
    "lines",
    "missed_tickets",
    "rows_told",
    "used_by",
]
