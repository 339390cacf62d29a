"""Whether the kept numbers equal what they were computed from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ClockState
from neike.desk.models import Clock, Leg
from neike.insights.models import (
    ChangedPair,
    DailyShare,
    LegFlow,
    ObservedEdge,
    Outcome,
    PairShare,
    ProjectedTicket,
)
from neike.insights.queries.legs import between_departments
from neike.insights.queries.observed import freshness
from neike.insights.queries.promises import promised_between
from neike.insights.queries.spans import in_period
from neike.kernel.registries import Problem
from neike.org import queries as org_queries
from neike.org.choices import PersonKind
from neike.org.periods import Period

_SHOWN: Final = 20
_Counts = Mapping[tuple[int, int], tuple[int, ...]]
"""Counts by supplier and customer."""


def disagreements(now: datetime) -> list[Problem]:
    """Return clocks without their outcome, outcomes without their clock, legs left out, and wrong daily sums.

    Requests that wait to be taken in are left aside: the catching-up job will have them within minutes.
    """
    return [*_missing_outcomes(), *_wrong_outcomes(), *_missing_flows(), *_wrong_days()]


def _settled_tickets() -> Exists:
    """Match rows of a request that is taken in up to its last event."""
    return Exists(
        ProjectedTicket.objects.filter(
            ticket=OuterRef("ticket"), version=OuterRef("ticket__version")
        )
    )


def _missing_outcomes() -> list[Problem]:
    outcome = Outcome.objects.filter(
        clock=OuterRef("pk"),
        used_seconds=OuterRef("used_seconds"),
        stopped_at=OuterRef("stopped_at"),
    )
    finished = Clock.objects.filter(
        _settled_tickets(),
        state__in=(ClockState.MET, ClockState.BREACHED),
        stopped_at__isnull=False,
    ).exclude(metric=TargetMetric.APPROVAL)
    return [
        Problem(f"clock:{pk}", "is finished, but its outcome is missing or another")
        for pk in finished.filter(~Exists(outcome)).values_list("pk", flat=True)[:_SHOWN]
    ]


def _wrong_outcomes() -> list[Problem]:
    wrong = Outcome.objects.filter(_settled_tickets()).exclude(
        Q(kept=True, clock__state=ClockState.MET) | Q(kept=False, clock__state=ClockState.BREACHED)
    )
    return [
        Problem(f"clock:{pk}", "has an outcome that it does not say")
        for pk in wrong.values_list("pk", flat=True)[:_SHOWN]
    ]


def _missing_flows() -> list[Problem]:
    flow = LegFlow.objects.filter(
        leg=OuterRef("pk"), supplier=OuterRef("supplier"), customer=OuterRef("customer")
    )
    missing = Leg.objects.filter(_settled_tickets()).filter(~Exists(flow))
    return [
        Problem(f"leg:{pk}", "is not counted in the flow between departments")
        for pk in missing.values_list("pk", flat=True)[:_SHOWN]
    ]


def _wrong_days() -> list[Problem]:
    rows = (
        Outcome.objects.values_list("day", "supplier_id", "metric")
        .annotate(hits=Count("pk", filter=Q(kept=True)), misses=Count("pk", filter=Q(kept=False)))
        .order_by()
    )
    want = {(day, who, metric): (hits, misses) for day, who, metric, hits, misses in rows}
    days = DailyShare.objects.exclude(kept=0, missed=0)
    have = {
        (day, who, metric): (kept, missed)
        for day, who, metric, kept, missed in days.values_list(
            "day", "supplier_id", "metric", "kept", "missed"
        )
    }
    wrong = sorted(cell for cell in want.keys() | have.keys() if want.get(cell) != have.get(cell))
    return [
        Problem(
            f"day:{day} department:{who} {metric}",
            f"{have.get((day, who, metric))} stored, {want.get((day, who, metric))} counted",
        )
        for day, who, metric in wrong[:_SHOWN]
    ]


def wrong_edges(now: datetime) -> list[Problem]:
    """Return pairs whose edge or share of this or the last quarter is not what the database counts of their legs.

    Marked pairs are left aside, and all of them while everything is counted anew: a job will have them soon.
    """
    if not freshness().is_complete:
        return []
    quarter = org_queries.current_quarter(now)
    found = [
        problem
        for each in (quarter.previous(), quarter)
        for problem in (
            *_different("edge", each, _stored_edges(each), _counted(each)),
            *_different("share", each, _stored_shares(each), _counted_shares(each)),
        )
    ]
    return found[:_SHOWN]


def _different(what: str, quarter: Period, have: _Counts, want: _Counts) -> list[Problem]:
    marked = set(ChangedPair.objects.values_list("supplier_id", "customer_id").distinct())
    wrong = sorted(
        pair for pair in (want.keys() | have.keys()) - marked if want.get(pair) != have.get(pair)
    )
    return [
        Problem(
            f"{what}:{quarter.start} {supplier} > {customer}",
            f"{have.get((supplier, customer))} stored, {want.get((supplier, customer))} counted",
        )
        for supplier, customer in wrong[:_SHOWN]
    ]


_EDGE: Final = (
    "supplier_id",
    "customer_id",
    "legs",
    "tickets",
    "supplier_people",
    "customer_people",
    "handovers",
)


def _stored_edges(quarter: Period) -> _Counts:
    edges = ObservedEdge.objects.filter(quarter_start=quarter.start, quarters=1)
    return {
        (supplier, customer): tuple(counts)
        for supplier, customer, *counts in edges.values_list(*_EDGE)
    }


def _stored_shares(quarter: Period) -> _Counts:
    shares = PairShare.objects.filter(quarter_start=quarter.start)
    return {
        (supplier, customer): tuple(counts)
        for supplier, customer, *counts in shares.values_list(
            "supplier_id", "customer_id", "kept", "missed"
        )
    }


def _counted_shares(quarter: Period) -> _Counts:
    rows = (
        promised_between()
        .filter(in_period(quarter, "day"))
        .values_list("supplier_id", "customer_id")
        .annotate(hits=Count("pk", filter=Q(kept=True)), misses=Count("pk", filter=Q(kept=False)))
        .order_by()
    )
    return {(supplier, customer): (hits, misses) for supplier, customer, hits, misses in rows}


def _counted(quarter: Period) -> _Counts:
    rows = (
        between_departments()
        .filter(in_period(quarter, "offered_day"))
        .values_list("supplier_id", "customer_id")
        .annotate(
            legs=Count("pk"),
            tickets=Count("ticket_id", distinct=True),
            supplier_people=_people("provider_person"),
            customer_people=_people("customer_person"),
            handovers=Count("pk", filter=Q(handed_over=True)),
        )
        .order_by()
    )
    return {(supplier, customer): tuple(counts) for supplier, customer, *counts in rows}


def _people(name: str) -> Count:
    human = Q(**{f"{name}__kind": PersonKind.HUMAN})
    return Count(f"{name}_id", distinct=True, filter=human)
