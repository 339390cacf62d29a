"""Who serves whom, and who waits for whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet, Sum

from neike.catalog.choices import TargetMetric
from neike.desk.choices import WaitingOn
from neike.engines.shares import Share, wilson
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries.telling import Told
from neike.org.periods import Period

PARTIES: Final = (
    WaitingOn.SUPPLIER,
    WaitingOn.REQUESTER,
    WaitingOn.APPROVER,
    WaitingOn.THIRD_PARTY,
    WaitingOn.OTHER_LEG,
)
"""Whom a leg can wait for, in the order of the page."""


@dataclass(frozen=True, slots=True)
class CustomerFlow:
    """How many legs a department was asked for by one customer; `share` of all, 0 to 1."""

    customer_id: int
    legs: int
    share: float


@dataclass(frozen=True, slots=True)
class Pair:
    """The hand-overs from a customer to a supplier in a period; `kept` are the deliveries that ended in it."""

    supplier_id: int
    customer_id: int
    legs: int
    returned: int
    kept: Share | None


@dataclass(frozen=True, slots=True)
class Waits:
    """The working seconds of the legs settled in a period, by whom was waited for."""

    legs: int
    seconds: Mapping[WaitingOn, int]

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self.seconds.values())

    def share(self, party: WaitingOn) -> float:
        """Return a party's share of the time, 0 to 1; 0 when there was none."""
        return self.seconds[party] / self.total if self.total else 0.0


def known_days() -> tuple[date, date] | None:
    """Return the first and the last day on which somebody was asked for something; None before that."""
    days = LegFlow.objects.order_by("offered_day").values_list("offered_day", flat=True)
    first, last = days.first(), days.last()  # two looks at the ends of an index
    return (first, last) if first and last else None


def customers(supplier_id: int, period: Period, told: Told) -> list[CustomerFlow]:
    """Return who asked the department for something in the period, most first; one query.

    Shares are of what is told.
    """
    rows = (
        LegFlow.objects.filter(told.rows(period, "offered_day"), supplier=supplier_id)
        .values_list("customer_id")
        .annotate(legs=Count("pk"))
        .order_by("-legs", "customer_id")
    )
    found = [(customer, legs) for customer, legs in rows]
    total = sum(legs for _customer, legs in found)
    return [CustomerFlow(customer, legs, legs / total) for customer, legs in found]


def waits(supplier_id: int, period: Period, told: Told) -> Waits:
    """Return how the working time of the department's legs was spent that were settled in the period; one query."""
    found = LegFlow.objects.filter(
        told.rows(period, "settled_day"), supplier=supplier_id
    ).aggregate(
        legs=Count("pk"), **{party.value: Sum(f"{party.value}_seconds") for party in PARTIES}
    )
    return Waits(found["legs"], {party: found[party.value] or 0 for party in PARTIES})


def neighbours(department_id: int, period: Period, told: Told) -> list[Pair]:
    """Return the hand-overs to and from a department in the period, most first; four queries."""
    pairs: list[Pair] = []
    for side in ("supplier", "customer"):
        flows = LegFlow.objects.filter(told.rows(period, "offered_day"), **{side: department_id})
        outcomes = Outcome.objects.filter(told.rows(period, "day"), **{side: department_id})
        pairs += pairs_of(flows, outcomes)
    unique = {(pair.supplier_id, pair.customer_id): pair for pair in pairs}
    return sorted(unique.values(), key=lambda one: (-one.legs, one.supplier_id, one.customer_id))


def pairs_of(flows: QuerySet[LegFlow], outcomes: QuerySet[Outcome]) -> list[Pair]:
    """Return these flows by (supplier, customer) with the deliveries among these outcomes; two queries."""
    deliveries = (
        outcomes.filter(metric=TargetMetric.LEG_DELIVERY)
        .values_list("supplier_id", "customer_id")
        .annotate(n=Count("pk"), hits=Count("pk", filter=Q(kept=True)))
        .order_by()
    )
    kept = {(supplier, customer): wilson(hits, n) for supplier, customer, n, hits in deliveries}
    rows = (
        flows.values_list("supplier_id", "customer_id")
        .annotate(legs=Count("pk"), back=Count("pk", filter=Q(returned=True)))
        .order_by()
    )
    return [
        Pair(supplier, customer, legs, back, kept.get((supplier, customer)))
        for supplier, customer, legs, back in rows
    ]


def flow_matrix(
    departments: Collection[int], period: Period, told: Told
) -> dict[tuple[int, int], int]:
    """Return the number of legs by (supplier, customer) among these departments; one query."""
    rows = (
        LegFlow.objects.filter(
            told.rows(period, "offered_day"), supplier__in=departments, customer__in=departments
        )
        .values_list("supplier_id", "customer_id")
        .annotate(legs=Count("pk"))
        .order_by()
    )
    return {(supplier, customer): legs for supplier, customer, legs in rows}
