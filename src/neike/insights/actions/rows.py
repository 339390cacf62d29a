"""The rows that follow from stored requests, computed from a few reads for hundreds of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from neike.catalog.models import ServiceStandard
from neike.desk.choices import ClockState, LegState, WaitingOn
from neike.desk.models import Clock, Leg, Segment, Ticket
from neike.engines import clocks as engine
from neike.engines.worktime import PreparedCalendar
from neike.insights.models import LegFlow, Outcome
from neike.org import queries as org_queries

FINISHED = (ClockState.MET, ClockState.BREACHED)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be stored of some requests."""

    outcomes: list[Outcome]
    flows: list[LegFlow]


def rows_of(tickets: Sequence[Ticket], zone: str) -> Rows:
    """Return the rows of the requests; days are counted in `zone`. Five queries."""
    known = {ticket.pk: ticket for ticket in tickets}
    legs = {leg.pk: leg for leg in Leg.objects.filter(ticket__in=known)}
    return Rows(_outcomes(known, legs, ZoneInfo(zone)), _flows(known, legs, ZoneInfo(zone)))


def _outcomes(tickets: dict[int, Ticket], legs: dict[int, Leg], zone: ZoneInfo) -> list[Outcome]:
    clocks = Clock.objects.filter(ticket__in=tickets, state__in=FINISHED, stopped_at__isnull=False)
    return [_outcome(clock, tickets, legs, zone) for clock in clocks]


def _outcome(
    clock: Clock, tickets: dict[int, Ticket], legs: dict[int, Leg], zone: ZoneInfo
) -> Outcome:
    of = tickets[clock.ticket_id] if clock.leg_id is None else legs[clock.leg_id]
    assert clock.stopped_at is not None  # noqa: S101 - the query asked for those that stopped
    return Outcome(
        clock_id=clock.pk,
        ticket_id=clock.ticket_id,
        leg_id=clock.leg_id,
        supplier_id=of.supplier_id,
        customer_id=of.customer_id,
        service_id=of.service_id,
        metric=clock.metric,
        day=_day(clock.stopped_at, zone),
        stopped_at=clock.stopped_at,
        used_seconds=clock.used_seconds,
        target_seconds=clock.target_seconds,
        kept=clock.state == ClockState.MET,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _flows(tickets: dict[int, Ticket], legs: dict[int, Leg], zone: ZoneInfo) -> list[LegFlow]:
    calendars = _calendars({ticket.standard_id for ticket in tickets.values()})
    segments = _segments([leg.pk for leg in legs.values() if _settled_at(leg)])
    return [
        _flow(leg, segments[leg.pk], calendars[tickets[leg.ticket_id].standard_id], zone)
        for leg in legs.values()
    ]


def _calendars(standards: set[int]) -> dict[int, PreparedCalendar]:
    found = ServiceStandard.objects.filter(pk__in=standards).select_related("calendar")
    return {each.pk: org_queries.prepared_calendar(each.calendar) for each in found}


def _segments(legs: list[int]) -> dict[int, list[engine.Segment]]:
    found: dict[int, list[engine.Segment]] = defaultdict(list)
    rows = Segment.objects.filter(leg__in=legs).order_by("leg", "seq")
    for leg, start, end, waiting in rows.values_list(
        "leg_id", "starts_at", "ends_at", "waiting_on"
    ):
        found[leg].append(
            engine.Segment(start=start, end=end, waiting_on=engine.WaitingOn(waiting))
        )
    return found


def _settled_at(leg: Leg) -> datetime | None:
    """Return when the supplier had done its part: delivered, or ended otherwise."""
    return leg.delivered_at or leg.ended_at


def _flow(
    leg: Leg, segments: list[engine.Segment], calendar: PreparedCalendar, zone: ZoneInfo
) -> LegFlow:
    settled = _settled_at(leg)
    flow = LegFlow(
        leg_id=leg.pk,
        ticket_id=leg.ticket_id,
        supplier_id=leg.supplier_id,
        customer_id=leg.customer_id,
        offered_day=_day(leg.offered_at, zone),
        settled_day=_day(settled, zone) if settled else None,
        returned=leg.state == LegState.RETURNED,
        reworks=leg.rework_count,
    )
    if settled:
        spent = engine.time_by_wait(segments, calendar, at=settled)
        for waiting in WaitingOn:
            if waiting != WaitingOn.NONE:
                seconds = spent[engine.WaitingOn(waiting.value)].total_seconds()
                setattr(flow, f"{waiting.value}_seconds", int(seconds))
    return flow
