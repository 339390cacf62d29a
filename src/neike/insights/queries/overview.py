"""All departments side by side, and what is open at this moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from neike.catalog.choices import TargetMetric
from neike.desk.models import OPEN_LEGS, Leg
from neike.engines.shares import Share, wilson
from neike.insights.models import DailyShare, LegFlow, Outcome
from neike.insights.queries.kept import headline_of
from neike.insights.queries.spans import in_period
from neike.insights.queries.telling import Told
from neike.org.periods import Period


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Legs a department owes at this moment, and those of them past a promise."""

    legs: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Serving:
    """A department's headline: legs asked for, by how many departments, and the share of `metric` kept."""

    legs: int
    customers: int
    metric: TargetMetric | None
    kept: Share | None
    open: OpenNow


def open_now(now: datetime, told: Told, *, supplier_id: int | None = None) -> dict[int, OpenNow]:
    """Return what is open by department, those with nothing left out; one query."""
    legs = Leg.objects.filter(OPEN_LEGS, told.open_legs(now))
    if supplier_id is not None:
        legs = legs.filter(supplier=supplier_id)
    rows = (
        legs.values_list("supplier_id")
        .annotate(legs=Count("pk"), late=Count("pk", filter=Q(next_due_at__lt=now)))
        .order_by()
    )
    return {supplier: OpenNow(count, late) for supplier, count, late in rows}


def overview(
    period: Period, told: Told, *, now: datetime
) -> tuple[dict[int, Serving], dict[tuple[int, int], int]]:
    """Return the headline of every department that serves, and legs by (supplier, customer); four queries."""
    matrix = _matrix(period, told)
    kept = _kept(period, told)
    owed = open_now(now, told)
    servings = {
        supplier: _serving(supplier, matrix, kept.get(supplier, {}), owed.get(supplier, OpenNow()))
        for supplier in {pair[0] for pair in matrix} | kept.keys() | owed.keys()
    }
    return servings, matrix


def _serving(
    supplier: int,
    matrix: Mapping[tuple[int, int], int],
    kept: Mapping[str, Share],
    owed: OpenNow,
) -> Serving:
    asked = [legs for (serving, _customer), legs in matrix.items() if serving == supplier]
    metric = headline_of(kept)
    return Serving(sum(asked), len(asked), metric, kept[metric] if metric else None, owed)


def _matrix(period: Period, told: Told) -> dict[tuple[int, int], int]:
    rows = (
        LegFlow.objects.filter(told.rows(period, "offered_day"))
        .values_list("supplier_id", "customer_id")
        .annotate(legs=Count("pk"))
        .order_by()
    )
    return {(supplier, customer): legs for supplier, customer, legs in rows}


def _kept(period: Period, told: Told) -> dict[int, dict[str, Share]]:
    found: dict[int, dict[str, Share]] = {}
    for supplier, metric, hits, misses in _sums(period, told):
        share = wilson(hits, hits + misses)
        if share:
            found.setdefault(supplier, {})[metric] = share
    return found


def _sums(period: Period, told: Told) -> Iterator[tuple[int, str, int, int]]:
    """Yield supplier, metric, kept, missed: of one's own departments from the daily sums, else pair by pair."""
    days = DailyShare.objects.filter(in_period(period, "day"))
    if told.own is not None:
        yield from (
            Outcome.objects.filter(told.rows(period, "day"))
            .exclude(supplier__in=told.own)
            .values_list("supplier_id", "metric")
            .annotate(
                hits=Count("pk", filter=Q(kept=True)), misses=Count("pk", filter=Q(kept=False))
            )
            .order_by()
        )
        days = days.filter(supplier__in=told.own)
    yield from (
        days.values_list("supplier_id", "metric")
        .annotate(hits=Sum("kept"), misses=Sum("missed"))
        .order_by()
    )
