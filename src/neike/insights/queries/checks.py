"""Whether the kept numbers equal what they were computed from."""

from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q

from neike.desk.choices import ClockState
from neike.desk.models import Clock, Leg
from neike.insights.models import (
    ChangedPair,
    DailyShare,
    LegFlow,
    ObservedEdge,
    Outcome,
    ProjectedTicket,
)
from neike.insights.queries.legs import between_departments
from neike.insights.queries.observed import freshness
from neike.insights.queries.spans import in_period
from neike.kernel.registries import Problem
from neike.org import queries as org_queries
from neike.org.choices import PersonKind
from neike.org.periods import Period

_SHOWN: Final = 20


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
    )
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
    """Return pairs whose edge of this or the last quarter is not what the database counts of their legs.

    Marked pairs are left aside, and all of them while everything is counted anew: a job will have them soon.
    """
    if not freshness().is_complete:
        return []
    quarter = org_queries.current_quarter(now)
    return [*_wrong_edges(quarter.previous()), *_wrong_edges(quarter)][:_SHOWN]


def _wrong_edges(quarter: Period) -> list[Problem]:
    marked = set(ChangedPair.objects.values_list("supplier_id", "customer_id").distinct())
    edges = ObservedEdge.objects.filter(quarter_start=quarter.start, quarters=1)
    have = {
        (supplier, customer): tuple(counts)
        for supplier, customer, *counts in edges.values_list(*_EDGE)
    }
    want = _counted(quarter)
    wrong = sorted(
        pair for pair in (want.keys() | have.keys()) - marked if want.get(pair) != have.get(pair)
    )
    return [
        Problem(
            f"edge:{quarter.start} {supplier} > {customer}",
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


def _counted(quarter: Period) -> dict[tuple[int, int], tuple[int, ...]]:
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
