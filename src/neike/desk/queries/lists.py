"""The queue as a page shows it: saved views, filters, live counts and rows, in a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from neike.catalog import queries as catalog_queries
from neike.desk import policies
from neike.desk.choices import (
    DELIVERED_LEG_STATES,
    ClockState,
    LegState,
    WaitingOn,
)
from neike.desk.models import OPEN_LEGS, Clock, Leg, Ticket
from neike.desk.policies import Standing
from neike.desk.queries.filters import ORDERS, Filters, Moment, Order, Sort, condition
from neike.desk.queries.own import hidden_tickets
from neike.desk.queries.queues import COUNT_CAP, Cursor, Page, page_of
from neike.org.models import BusinessCalendar

RECENT: Final = timedelta(days=14)
"""How long what is done stays in the view of what was done recently."""


class View(models.TextChoices):
    """The saved views of a queue, in the order of their tabs."""

    OPEN = "open", _("All open")
    MINE = "mine", _("Mine")
    OFFERED = "offered", _("To accept")
    TODAY = "today", _("Due today")
    OVERDUE = "overdue", _("Overdue")
    WAITING = "waiting", _("Waiting for others")
    SNOOZED = "snoozed", _("Hidden by me")
    DONE = "done", _("Done recently")


@dataclass(frozen=True, slots=True)
class BarLeg:
    """One leg in a row's small relay bar; `state` is a `LegState`."""

    no: int
    state: str
    supplier_id: int


@dataclass(frozen=True, slots=True)
class RowClock:
    """The promise a row shows: its earliest running clock, else the paused one with the least time left."""

    state: str
    due_at: datetime | None
    warn_at: datetime | None
    remaining_seconds: int | None
    calendar_id: int
    used_seconds: int = 0
    late_seconds: int = 0


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue. `rows` are named tuples of `ROW_FIELDS` and `redacted`; the rest by leg or ticket id."""

    rows: list[Any]
    following: Cursor | None
    bars: Mapping[int, list[BarLeg]] = field(default_factory=dict)
    clocks: Mapping[int, RowClock] = field(default_factory=dict)
    calendars: Mapping[int, BusinessCalendar] = field(default_factory=dict)


ROW_FIELDS: Final = (
    "pk",
    "version",
    "state",
    "waiting_on",
    "priority",
    "is_lead",
    "since",
    "offered_at",
    "delivered_at",
    "next_due_at",
    "customer_id",
    "supplier_id",
    "service_id",
    "assignee_id",
    "assignee__name",
    "ticket_id",
    "ticket__number",
    "ticket__title",
    "ticket__confidential",
    "ticket__requester__name",
    "ticket__last_activity_at",
)


def _view_condition(
    who: Standing, view: str, *, now: datetime, midnight: datetime, hidden: Collection[int] = ()
) -> Q:
    """Return the condition of a view; `hidden` are the requests the reader has put out of their own sight."""
    if view == View.SNOOZED:
        return Q(ticket__in=hidden)
    shown = _shown(who, view, now=now, midnight=midnight)
    return shown & ~Q(ticket__in=hidden) if hidden else shown


def _shown(who: Standing, view: str, *, now: datetime, midnight: datetime) -> Q:
    conditions = {
        View.OPEN: Q(),
        View.MINE: Q(assignee__in=who.acting_for),
        View.OFFERED: Q(state=LegState.OFFERED),
        View.TODAY: Q(next_due_at__gte=now, next_due_at__lt=midnight),
        View.OVERDUE: Q(next_due_at__lt=now),
        View.WAITING: Q(state=LegState.WAITING) & ~Q(waiting_on=WaitingOn.SUPPLIER),
    }
    return conditions[View(view)]


def legs_of_queue(
    who: Standing,
    departments: Collection[int],
    view: str,
    *,
    now: datetime,
    midnight: datetime,
    hidden: Collection[int] = (),
) -> QuerySet[Leg]:
    """Return the legs of a view for somebody who works these departments' queues (nothing of others').

    `redacted` marks those that are confidential and not theirs to read. `midnight` ends the reader's day. `hidden`
    are the requests they hide from themselves: in no view of open work but that of what is hidden.
    """
    mine = [each for each in departments if who.serves_in(each)]
    legs = _with_redaction(who, mine)
    if view == View.DONE:
        return legs.filter(state__in=DELIVERED_LEG_STATES, delivered_at__gte=now - RECENT)
    wanted = _view_condition(who, view, now=now, midnight=midnight, hidden=hidden)
    return legs.filter(wanted, OPEN_LEGS)


def _with_redaction(who: Standing, departments: Collection[int]) -> QuerySet[Leg]:
    readable = Ticket.objects.filter(policies.readable_by(who), pk=OuterRef("ticket_id"))
    return Leg.objects.filter(supplier__in=departments).annotate(
        redacted=Q(ticket__confidential=True) & ~Exists(readable)
    )


def counts_of_views(
    who: Standing,
    departments: Collection[int],
    *,
    now: datetime,
    midnight: datetime,
    hidden: Collection[int] = (),
) -> dict[str, int]:
    """Return how many legs each view holds, in two queries; beyond `COUNT_CAP` pages write "999+"."""
    mine = [each for each in departments if who.serves_in(each)]
    still_open = Leg.objects.filter(OPEN_LEGS, supplier__in=mine)
    views = [view for view in View if view != View.DONE]
    found: dict[str, int] = still_open.aggregate(
        **{
            view.value: Count(
                "pk",
                filter=_view_condition(who, view, now=now, midnight=midnight, hidden=hidden)
                or None,
            )
            for view in views
        }
    )
    done = Leg.objects.filter(
        supplier__in=mine, state__in=DELIVERED_LEG_STATES, delivered_at__gte=now - RECENT
    )
    found[View.DONE.value] = done.order_by()[: COUNT_CAP + 1].count()
    return found


def counts_of_saved(
    who: Standing,
    departments: Collection[int],
    views: Mapping[int, tuple[str, Filters]],
    moment: Moment,
    *,
    within: Mapping[int, Collection[int]],
    hidden: Collection[int] = (),
) -> dict[int, int]:
    """Return how many open legs each saved view, by its id, holds for this reader; one query for all of them.

    Each view is (view it narrows, filters), and `within` the departments it is about. Views of what is done are
    not counted. Beyond `COUNT_CAP` pages write "999+".
    """
    wanted = {pk: each for pk, each in views.items() if each[0] != View.DONE}
    if not wanted:
        return {}
    times = {"now": moment.now, "midnight": moment.midnight}
    mine = [each for each in departments if who.serves_in(each)]
    legs = _with_redaction(who, mine).filter(OPEN_LEGS)
    counts = {
        f"view_{pk}": Count(
            "pk",
            filter=Q(supplier__in=within[pk])
            & _view_condition(who, view, **times, hidden=hidden)
            & condition(filters, who, moment),
        )
        for pk, (view, filters) in wanted.items()
    }
    found = legs.aggregate(**counts)
    return {pk: found[f"view_{pk}"] for pk in wanted}


def order_of(view: str, sort: str) -> Order:
    """Return the order of a view: what was done last is in front, where nothing else was asked for."""
    if view == View.DONE and sort == Sort.DUE:
        return Order("delivered_at", newest_first=True)
    return ORDERS[sort]


def queue_rows(
    legs: QuerySet[Leg], view: str, *, sort: str, after: Cursor | None = None, size: int = 50
) -> Page[Any]:
    """Return one page of rows in the order asked for: named tuples of `ROW_FIELDS` and `redacted`. One query."""
    order = order_of(view, sort)
    rows: Any = legs.values_list(*ROW_FIELDS, "redacted", named=True)
    return page_of(
        rows,
        field=order.field,
        after=after,
        size=size,
        newest_first=order.newest_first,
        words=order.words,
    )


def queue_page(
    legs: QuerySet[Leg],
    view: str,
    *,
    sort: str = Sort.DUE,
    after: Cursor | None = None,
    size: int = 50,
) -> QueuePage:
    """Return one page of a queue in the order asked for, with all its rows show. Three queries."""
    page = queue_rows(legs, view, sort=sort, after=after, size=size)
    if not page.rows:
        return QueuePage([], None)
    clocks = _clocks(page.rows)
    return QueuePage(
        rows=list(page.rows),
        following=page.following,
        bars=_bars({row.ticket_id for row in page.rows}),
        clocks=clocks,
        calendars=catalog_queries.calendars(),
    )


def _bars(tickets: Collection[int]) -> dict[int, list[BarLeg]]:
    bars: dict[int, list[BarLeg]] = {each: [] for each in tickets}
    found = Leg.objects.filter(ticket__in=tickets).order_by("ticket", "no")
    for ticket, no, state, supplier in found.values_list("ticket_id", "no", "state", "supplier_id"):
        bars[ticket].append(BarLeg(no, state, supplier))
    return bars


def _clocks(rows: Collection[Any]) -> dict[int, RowClock]:
    """Return the clock each row shows; a lead leg answers for its ticket's clocks too."""
    leads = {row.ticket_id: row.pk for row in rows if row.is_lead}
    open_clocks = Clock.objects.filter(
        Q(leg__in=[row.pk for row in rows]) | Q(leg__isnull=True, ticket__in=list(leads))
    ).exclude(state=ClockState.VOID)
    fields = ("leg_id", "ticket_id", "metric", "state", "due_at", "warn_at")
    more = ("remaining_seconds", "calendar_id", "used_seconds", "late_seconds")
    best: dict[int, tuple[tuple[int, float], RowClock]] = {}
    for leg, ticket, metric, *values in open_clocks.values_list(*fields, *more):
        clock = RowClock(*values)
        key = leg or leads[ticket]
        rank = _rank(clock, metric)
        if key not in best or rank < best[key][0]:
            best[key] = rank, clock
    return {key: clock for key, (_rank_, clock) in best.items()}


def _rank(clock: RowClock, metric: str) -> tuple[int, float]:
    """Running before paused before ended; among equals the one that is due first, or tells the whole story."""
    if clock.state == ClockState.RUNNING:
        return 0, clock.due_at.timestamp() if clock.due_at else float("inf")
    if clock.state == ClockState.PAUSED:
        return 1, clock.remaining_seconds or 0
    return 2, {"leg_delivery": 0, "end_to_end": 1}.get(metric, 2)


def filter_values(who: Standing, departments: Collection[int]) -> dict[str, set[int]]:
    """Return the ids of services, customers and assignees that occur in open, readable legs; one query."""
    mine = [each for each in departments if who.serves_in(each)]
    readable = Ticket.objects.filter(policies.readable_by(who), pk=OuterRef("ticket_id"))
    rows = (
        Leg.objects.filter(OPEN_LEGS, supplier__in=mine)
        .filter(Q(ticket__confidential=False) | Exists(readable))
        .order_by()
        .values_list("service_id", "customer_id", "assignee_id")
        .distinct()
    )
    found: dict[str, set[int]] = {"services": set(), "customers": set(), "assignees": set()}
    for service, customer, assignee in rows:
        found["services"].add(service)
        found["customers"].add(customer)
        if assignee:
            found["assignees"].add(assignee)
    return found


def waiting_for_departments(departments: Collection[int], person_id: int, *, now: datetime) -> int:
    """Return how much waits for somebody at the desk: offers to their departments and work in their hands.

    What they hide from themselves does not count.
    """
    at_hand = Q(assignee=person_id) & ~Q(state=LegState.WAITING)
    waiting = Leg.objects.filter(
        Q(state=LegState.OFFERED, supplier__in=departments) | at_hand, OPEN_LEGS
    ).exclude(ticket__in=hidden_tickets(person_id, now=now))
    return waiting.order_by()[: COUNT_CAP + 1].count()


def open_hand_overs(departments: Collection[int]) -> tuple[int, int]:
    """Return how many requests have an open hand-over by some departments (ids), and how many for them."""
    legs = Leg.objects.filter(OPEN_LEGS)
    return (
        legs.filter(supplier__in=departments).values("ticket").distinct().count(),
        legs.filter(customer__in=departments).values("ticket").distinct().count(),
    )
