"""For which requests a rule by time is due, and the key that makes it fire once for each cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from neike.desk.choices import ClockState, LegState, RuleTrigger
from neike.desk.models import Clock, Leg, Rule, RuleFiring, Ticket, TicketEvent
from neike.desk.queries import rules
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries

MOST: Final = 500
_FAR: Final = 12
"""So many hours of the wall may hold one working hour, with a week of holidays on top."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a rule by time is due: `key` names it within the request."""

    ticket_id: int
    key: str
    leg_no: int | None = None


def due_by_time(rule: Rule, *, now: datetime) -> Iterator[Cause]:
    """Yield the causes for which a rule is due and has not fired, at most `MOST` looked at."""
    match rules.version_of(rule).trigger:
        case RuleTrigger.QUIET:
            yield from _quiet(rule, now)
        case RuleTrigger.WAITING:
            yield from _waiting(rule, now)
        case RuleTrigger.DUE:
            yield from _due(rule, now)


def _fired(rule: Rule) -> QuerySet[RuleFiring]:
    return RuleFiring.objects.filter(rule=rule)


def _calendar(ticket: Ticket) -> PreparedCalendar:
    return org_queries.prepared_calendar(ticket.standard.calendar)


def _quiet(rule: Rule, now: datetime) -> Iterator[Cause]:
    wait = rules.hours(rules.version_of(rule))
    seen = _fired(rule).filter(ticket=OuterRef("pk"), seq__gte=OuterRef("version"))
    tickets = rules.open_in_reach(rule).filter(submitted_at__lte=now - wait).exclude(Exists(seen))
    for ticket in tickets.select_related("standard__calendar").order_by("last_activity_at")[:MOST]:
        last = last_done_by_people(ticket)
        if last and _calendar(ticket).worked_between(last.at, now) >= wait:
            yield Cause(ticket.pk, f"quiet:{last.seq}")


def last_done_by_people(ticket: Ticket) -> TicketEvent | None:
    """Return the last event that no rule has caused: what rules do is no activity."""
    events = TicketEvent.objects.filter(ticket=ticket).order_by("-seq")
    return next((event for event in events[:50] if "rule" not in event.data), None)


def _waiting(rule: Rule, now: datetime) -> Iterator[Cause]:
    wait = rules.hours(rules.version_of(rule))
    seen = _fired(rule).filter(ticket=OuterRef("ticket"), fired_at__gte=OuterRef("since"))
    legs = Leg.objects.filter(
        ticket__in=rules.open_in_reach(rule).values("pk"),
        state=LegState.WAITING,
        since__lte=now - wait,
    ).exclude(Exists(seen))
    if rule.department_id is not None:
        legs = legs.filter(supplier=rule.department_id)
    for leg in legs.select_related("ticket__standard__calendar").order_by("since")[:MOST]:
        if _calendar(leg.ticket).worked_between(leg.since, now) >= wait:
            yield Cause(leg.ticket_id, f"waiting:{leg.no}:{leg.since:%Y%m%d%H%M%S}", leg.no)


def _due(rule: Rule, now: datetime) -> Iterator[Cause]:
    ahead = rules.hours(rules.version_of(rule))
    key = Concat(Value("due:"), Cast(OuterRef("pk"), CharField()))
    seen = _fired(rule).filter(ticket=OuterRef("ticket"), key=key)
    clocks = Clock.objects.filter(
        ticket__in=rules.open_in_reach(rule).values("pk"),
        state=ClockState.RUNNING,
        due_at__gt=now,
        due_at__lte=now + ahead * _FAR + timedelta(days=10),
    ).exclude(Exists(seen))
    if rule.department_id is not None:
        clocks = clocks.filter(ticket__supplier=rule.department_id) | clocks.filter(
            leg__supplier=rule.department_id
        )
    rows = clocks.select_related("calendar").annotate(leg_no=F("leg__no")).order_by("due_at")[:MOST]
    for clock in rows:
        calendar = org_queries.prepared_calendar(clock.calendar)
        if clock.due_at and calendar.worked_between(now, clock.due_at) <= ahead:
            yield Cause(clock.ticket_id, f"due:{clock.pk}", clock.leg_no)
