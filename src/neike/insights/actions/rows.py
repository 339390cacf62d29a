"""The rows that follow from stored requests, computed from a few reads for hundreds of them.

Plain tuples in the order of the names beside them: model instances would take most of the time of an import.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from neike.catalog.models import ServiceStandard
from neike.desk.choices import ClockState, LegState
from neike.desk.models import Clock, Leg, Segment, Ticket
from neike.engines import clocks as engine
from neike.engines.clocks import WaitingOn
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries

FINISHED: Final = (ClockState.MET, ClockState.BREACHED)
PARTIES: Final = tuple(party for party in WaitingOn if party is not WaitingOn.NONE)
OUTCOME_NAMES: Final = (
    "day",
    "supplier_id",
    "metric",
    "kept",
    "customer_id",
    "service_id",
    "clock_id",
    "ticket_id",
    "leg_id",
    "stopped_at",
    "used_seconds",
    "target_seconds",
)
FLOW_NAMES: Final = (
    "leg_id",
    "ticket_id",
    "supplier_id",
    "customer_id",
    "offered_day",
    "settled_day",
    "returned",
    "reworks",
    *(f"{party.value}_seconds" for party in PARTIES),
)
_CLOCK_NAMES: Final = (
    "metric",
    "state",
    "pk",
    "ticket_id",
    "leg_id",
    "stopped_at",
    "used_seconds",
    "target_seconds",
)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be stored of some requests, in the order of `OUTCOME_NAMES` and `FLOW_NAMES`."""

    outcomes: list[Row]
    flows: list[Row]


def rows_of(tickets: Sequence[Ticket], zone: str) -> Rows:
    """Return the rows of the requests; days are counted in `zone`. Four queries, and calendars once."""
    known = {ticket.pk: ticket for ticket in tickets}
    legs = {leg.pk: leg for leg in Leg.objects.filter(ticket__in=known)}
    days = _Days(zone)
    return Rows(_outcomes(known, legs, days), _flows(known, legs, days))


class _Days:
    """The date of a moment in a zone."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)

    def of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def _outcomes(tickets: Mapping[int, Ticket], legs: Mapping[int, Leg], days: _Days) -> list[Row]:
    clocks = Clock.objects.filter(ticket__in=tickets, state__in=FINISHED, stopped_at__isnull=False)
    found = []
    for metric, state, *ids, stopped_at, used, target in clocks.values_list(*_CLOCK_NAMES):
        _clock, ticket, leg = ids
        of = tickets[ticket] if leg is None else legs[leg]
        sides = of.supplier_id, metric, state == ClockState.MET, of.customer_id, of.service_id
        found.append((days.of(stopped_at), *sides, *ids, stopped_at, used, target))
    return found


def _flows(tickets: Mapping[int, Ticket], legs: Mapping[int, Leg], days: _Days) -> list[Row]:
    calendars = _calendars({ticket.standard_id for ticket in tickets.values()})
    segments = _segments([leg.pk for leg in legs.values() if _settled_at(leg)])
    return [
        _flow(leg, segments[leg.pk], calendars[tickets[leg.ticket_id].standard_id], days)
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
        found[leg].append(engine.Segment(start=start, end=end, waiting_on=WaitingOn(waiting)))
    return found


def _settled_at(leg: Leg) -> datetime | None:
    """Return when the supplier had done its part: delivered, or ended otherwise."""
    return leg.delivered_at or leg.ended_at


def _flow(leg: Leg, segments: list[engine.Segment], calendar: PreparedCalendar, days: _Days) -> Row:
    settled = _settled_at(leg)
    seconds: Sequence[int] = (0,) * len(PARTIES)
    if settled:
        spent = engine.time_by_wait(segments, calendar, at=settled)
        seconds = [int(spent[party].total_seconds()) for party in PARTIES]
    return (
        leg.pk,
        leg.ticket_id,
        leg.supplier_id,
        leg.customer_id,
        days.of(leg.offered_at),
        days.of(settled) if settled else None,
        leg.state == LegState.RETURNED,
        leg.rework_count,
        *seconds,
    )
