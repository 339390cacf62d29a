"""How promises were kept: shares and times of the clocks that stopped in a period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from neike.catalog.choices import TargetMetric
from neike.engines.quantiles import Quantile, quantile
from neike.engines.shares import Share, wilson
from neike.insights.models import Outcome
from neike.insights.queries.telling import Told
from neike.org.periods import Period

METRICS: Final = (
    TargetMetric.ACCEPTANCE,
    TargetMetric.FIRST_RESPONSE,
    TargetMetric.NEXT_RESPONSE,
    TargetMetric.LEG_DELIVERY,
    TargetMetric.END_TO_END,
    TargetMetric.APPROVAL,
)
"""The order of the page."""
_HEADLINES: Final = (
    TargetMetric.LEG_DELIVERY,
    TargetMetric.END_TO_END,
    TargetMetric.FIRST_RESPONSE,
    TargetMetric.ACCEPTANCE,
    TargetMetric.NEXT_RESPONSE,
    TargetMetric.APPROVAL,
)


@dataclass(frozen=True, slots=True)
class Performance:
    """How one metric went: the share kept, and the working seconds used (median, 95th percentile)."""

    kept: Share
    median: Quantile
    p95: Quantile


@dataclass(frozen=True, slots=True)
class Bin:
    """The clocks whose working time as a share of their target is in (`low`, `high`]; `high` None: no end."""

    low: float
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A department's outcomes in a period.

    `overall[metric]`; `by_customer[customer][metric]` for every customer of whom a clock stopped;
    `used[metric]` bins of working time used as a share of the target.
    """

    overall: Mapping[TargetMetric, Performance]
    by_customer: Mapping[int, Mapping[TargetMetric, Performance]]
    used: Mapping[TargetMetric, tuple[Bin, ...]]

    @property
    def headline(self) -> TargetMetric | None:
        """The metric a department is looked at by first; None when no clock stopped."""
        return headline_of(self.overall)


def headline_of(metrics: Iterable[str]) -> TargetMetric | None:
    """Return the metric that says most of those there are: delivery of a leg, else end to end, and so on."""
    there = set(metrics)
    return next((metric for metric in _HEADLINES if metric in there), None)


def kept(supplier_id: int, period: Period, told: Told) -> Kept:
    """Return how the department kept its promises, so far as it is told; one query over an index that holds all it asks for."""
    rows = list(
        Outcome.objects.filter(told.rows(period, "day"), supplier=supplier_id).values_list(
            "metric", "customer_id", "kept", "used_seconds", "target_seconds"
        )
    )
    overall: dict[TargetMetric, Performance] = {}
    by_customer: dict[int, dict[TargetMetric, Performance]] = {}
    used: dict[TargetMetric, tuple[Bin, ...]] = {}
    names = np.array([row[0] for row in rows])
    numbers = np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), 4)
    for metric in METRICS:
        some = numbers[names == metric.value] if rows else numbers
        if len(some):
            overall[metric] = _performance(some)
            used[metric] = _bins(some[:, 2] / some[:, 3])
            for customer, part in _by_customer(some):
                by_customer.setdefault(customer, {})[metric] = _performance(part)
    return Kept(overall, by_customer, used)


def _by_customer(rows: NDArray[np.int64]) -> Iterable[tuple[int, NDArray[np.int64]]]:
    ordered = rows[np.argsort(rows[:, 0], kind="stable")]
    customers, firsts = np.unique(ordered[:, 0], return_index=True)
    return zip(customers.tolist(), np.split(ordered, firsts[1:]), strict=True)


def _performance(rows: NDArray[np.int64]) -> Performance:
    """Return the performance of rows (customer, kept, used, target); at least one."""
    share = wilson(int(rows[:, 1].sum()), len(rows))
    median, p95 = quantile(rows[:, 2], 0.5), quantile(rows[:, 2], 0.95)
    if share is None or median is None or p95 is None:
        raise ValueError("there is no performance without a row")
    return Performance(share, median, p95)


def _bins(used: NDArray[np.float64]) -> tuple[Bin, ...]:
    """Return bins of a quarter of the target up to twice the target, and all beyond."""
    edges = np.array([*np.arange(0, 2.01, 0.25), np.inf])
    # Exactly the target is kept (R4), so each bin holds its upper edge: (0.75, 1.0].
    places = np.clip(np.searchsorted(edges, used, side="left") - 1, 0, len(edges) - 2)
    counts = np.bincount(places, minlength=len(edges) - 1)
    return tuple(
        Bin(float(low), None if np.isinf(high) else float(high), int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )
