"""What the board of a lead counts: the departments of a `scope`, in a period, of what the reader is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from neike.catalog.choices import TargetMetric
from neike.desk import policies
from neike.desk.choices import LegState, ReturnReason, WaitingOn
from neike.desk.models import OPEN_LEGS, Leg, Segment, Ticket
from neike.desk.policies import Standing
from neike.engines.shares import Share, wilson
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries.flows import PARTIES, Pair, pairs_of
from neike.insights.queries.kept import METRICS
from neike.insights.queries.telling import Told
from neike.org.periods import Period
from neike.org.queries import OrgChart

OLDEST: Final = 10
PAUSES: Final = (WaitingOn.REQUESTER, WaitingOn.APPROVER, WaitingOn.THIRD_PARTY)
"""Whom somebody who pauses a hand-over waits for, in the order of the page."""
Scope = Collection[int]


@dataclass(frozen=True, slots=True)
class KeptBeside:
    """A share kept in a period beside the one of the period before; None: no promise came to its end."""

    now: Share | None
    before: Share | None

    @property
    def verdict(self) -> str:
        """Whether a difference can be told: "none" (no comparator), "same" (the intervals overlap), "more", "fewer"."""
        if self.now is None or self.before is None:
            return "none"
        if self.now.overlaps(self.before):
            return "same"
        return "more" if self.now.value > self.before.value else "fewer"


def scope_of(who: Standing, organisation: OrgChart, department_id: int) -> frozenset[int]:
    """Return a department with all below it on the chart, as far as the person leads them."""
    return (organisation.subtree(department_id) | {department_id}) & who.leads


def kept_by_metric(scope: Scope, period: Period, told: Told) -> dict[TargetMetric, KeptBeside]:
    """Return the share kept by metric, in the order of the loop page; two queries."""
    found = _kept_by("metric", scope, period, told, Q())
    return {metric: found[metric.value] for metric in METRICS if metric.value in found}


def kept_by_service(scope: Scope, metric: str, period: Period, told: Told) -> dict[int, KeptBeside]:
    """Return the share of a metric kept, by service; two queries."""
    return _kept_by("service_id", scope, period, told, Q(metric=metric))


def kept_by_customer(
    scope: Scope, metric: str, period: Period, told: Told
) -> dict[int, KeptBeside]:
    """Return the share of a metric kept, by asking department; two queries."""
    return _kept_by("customer_id", scope, period, told, Q(metric=metric))


def _kept_by(field: str, scope: Scope, period: Period, told: Told, of: Q) -> dict[Any, KeptBeside]:
    """Return shares by a field, those that ended in the period alone; most first."""
    now = _shares(field, scope, period, told, of)
    before = _shares(field, scope, period.previous(), told, of)
    ordered = sorted(now, key=lambda key: (-now[key].n, key))
    return {key: KeptBeside(now[key], before.get(key)) for key in ordered}


def _shares(field: str, scope: Scope, period: Period, told: Told, of: Q) -> dict[Any, Share]:
    rows = (
        Outcome.objects.filter(told.rows(period, "day"), of, supplier__in=scope)
        .values_list(field)
        .annotate(hits=Count("pk", filter=Q(kept=True)), ended=Count("pk"))
        .order_by()
    )
    found = {key: wilson(hits, ended) for key, hits, ended in rows}
    return {key: share for key, share in found.items() if share}


@dataclass(frozen=True, slots=True)
class WaitSplit:
    """The working seconds of the hand-overs settled in a period, by whom was waited for, and how many waited so."""

    settled: int
    seconds: Mapping[WaitingOn, int]
    legs: Mapping[WaitingOn, int]

    @property
    def total(self) -> int:
        """All seconds together."""
        return sum(self.seconds.values())

    def share(self, party: WaitingOn) -> float:
        """Return a party's share of the time, 0 to 1; 0 when there was none."""
        return self.seconds[party] / self.total if self.total else 0.0


def wait_split(scope: Scope, period: Period, told: Told) -> WaitSplit:
    """Return how the working time of what the scope settled was spent; one query."""
    sums: dict[str, Any] = {"settled": Count("pk")}
    for party in PARTIES:
        spent = f"{party.value}_seconds"
        sums |= {
            f"time_{party.value}": Sum(spent),
            f"legs_{party.value}": Count("pk", filter=Q(**{f"{spent}__gt": 0})),
        }
    rows = LegFlow.objects.filter(told.rows(period, "settled_day"), supplier__in=scope)
    found = rows.aggregate(**sums)
    return WaitSplit(
        found["settled"],
        {party: found[f"time_{party.value}"] or 0 for party in PARTIES},
        {party: found[f"legs_{party.value}"] for party in PARTIES},
    )


def pairs(scope: Scope, period: Period, told: Told) -> list[Pair]:
    """Return the hand-overs that the scope served, by (supplier, customer), most first; two queries."""
    flows = LegFlow.objects.filter(told.rows(period, "offered_day"), supplier__in=scope)
    outcomes = Outcome.objects.filter(told.rows(period, "day"), supplier__in=scope)
    found = pairs_of(flows, outcomes)
    return sorted(found, key=lambda one: (-one.legs, one.supplier_id, one.customer_id))


def return_reasons(scope: Scope, period: Period, told: Told) -> dict[ReturnReason, int]:
    """Return how many hand-overs asked of the scope in the period were sent back, by reason; one query."""
    rows = (
        Leg.objects.filter(told.legs(period), supplier__in=scope, state=LegState.RETURNED)
        .values_list("return_reason")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found = dict(rows)
    return {reason: found[reason.value] for reason in ReturnReason if found.get(reason.value)}


def pause_reasons(scope: Scope, period: Period, told: Told) -> dict[WaitingOn, int]:
    """Return how many hand-overs asked of the scope in the period paused, by whom they waited for; one query."""
    rows = (
        Segment.objects.filter(
            leg__in=Leg.objects.filter(told.legs(period), supplier__in=scope),
            waiting_on__in=PAUSES,
        )
        .values_list("waiting_on")
        .annotate(number=Count("leg", distinct=True))
        .order_by()
    )
    found = dict(rows)
    return {party: found[party.value] for party in PAUSES if found.get(party.value)}


@dataclass(frozen=True, slots=True)
class Load:
    """The open hand-overs in one person's hands (None: nobody's); `waiting` of them wait for others."""

    person_id: int | None
    public_id: str
    name: str
    open: int
    waiting: int


@dataclass(frozen=True, slots=True)
class AtThisMoment:
    """What a scope owes now; people stand in the order of their names, never of their numbers."""

    open: int
    overdue: int
    unassigned: int
    oldest: list[Leg]
    loads: list[Load]


def at_this_moment(who: Standing, scope: Scope, *, now: datetime) -> AtThisMoment:
    """Return what departments that the person leads owe now; of others nothing. Two queries."""
    led = [pk for pk in scope if pk in who.leads]
    legs = Leg.objects.filter(OPEN_LEGS, supplier__in=led)
    loads, overdue = _loads(legs, now)
    return AtThisMoment(
        open=sum(each.open for each in loads),
        overdue=overdue,
        unassigned=sum(each.open for each in loads if each.person_id is None),
        oldest=_oldest(who, legs),
        loads=[each for each in loads if each.person_id is not None],
    )


def _loads(legs: QuerySet[Leg], now: datetime) -> tuple[list[Load], int]:
    rows = (
        legs.values_list("assignee_id", "assignee__public_id", "assignee__name")
        .annotate(
            number=Count("pk"),
            waits=Count("pk", filter=Q(state=LegState.WAITING)),
            late=Count("pk", filter=Q(next_due_at__lt=now)),
        )
        .order_by("assignee__name_latin", "assignee__name", "assignee_id")
    )
    found, overdue = [], 0
    for pk, public_id, name, number, waits, late in rows:
        overdue += late
        found.append(Load(pk, str(public_id or ""), name or "", number, waits))
    return found, overdue


def _oldest(who: Standing, legs: QuerySet[Leg]) -> list[Leg]:
    """Return the ten asked for first; `redacted` are those that are confidential and not the person's to read."""
    readable = Ticket.objects.filter(policies.readable_by(who), pk=OuterRef("ticket_id"))
    marked = legs.annotate(redacted=Q(ticket__confidential=True) & ~Exists(readable))
    beside = marked.select_related("ticket", "service", "assignee")
    return list(beside.order_by("offered_at", "pk")[:OLDEST])
