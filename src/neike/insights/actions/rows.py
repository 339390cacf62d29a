"""The rows that follow from stored requests, computed from a few reads for hundreds of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from neike.catalog.choices import TargetMetric
from neike.catalog.models import ServiceStandard
from neike.desk.choices import ClockState, LegState
from neike.desk.models import Clock, Leg, Segment
from neike.engines import clocks as engine
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries

FINISHED: Final = (ClockState.MET, ClockState.BREACHED)
_CLOCK_NAMES: Final = (
    "pk",
    "ticket_id",
    "leg_id",
    "metric",
    "stopped_at",
    "used_seconds",
    "target_seconds",
    "state",
)


class TicketRow(NamedTuple):
    """What is asked of a request."""

    pk: int
    version: int
    requester_id: int
    standard_id: int
    supplier_id: int
    customer_id: int
    service_id: int


class _LegRow(NamedTuple):
    pk: int
    ticket_id: int
    parent_no: int | None
    supplier_id: int
    customer_id: int
    service_id: int
    state: str
    assignee_id: int | None
    offered_by_id: int | None
    offered_at: datetime
    delivered_at: datetime | None
    ended_at: datetime | None
    rework_count: int

    @property
    def settled_at(self) -> datetime | None:
        """When the supplier had done its part: delivered, or ended otherwise."""
        return self.delivered_at or self.ended_at


class OutcomeRow(NamedTuple):
    """A row of `models.Outcome`: its columns by name."""

    clock_id: int
    ticket_id: int
    leg_id: int | None
    supplier_id: int
    customer_id: int
    service_id: int
    metric: str
    day: date
    stopped_at: datetime
    used_seconds: int
    target_seconds: int
    kept: bool


class FlowRow(NamedTuple):
    """A row of `models.LegFlow`: its columns by name."""

    leg_id: int
    ticket_id: int
    supplier_id: int
    customer_id: int
    offered_day: date
    settled_day: date | None
    returned: bool
    reworks: int
    handed_over: bool
    provider_person_id: int | None
    customer_person_id: int | None
    supplier_seconds: int = 0
    requester_seconds: int = 0
    approver_seconds: int = 0
    third_party_seconds: int = 0
    other_leg_seconds: int = 0


TICKET_NAMES: Final = tuple(TicketRow.__annotations__)
_LEG_NAMES: Final = tuple(_LegRow.__annotations__)
OUTCOME_NAMES: Final = tuple(OutcomeRow.__annotations__)
FLOW_NAMES: Final = tuple(FlowRow.__annotations__)
_PARTIES: Final = tuple(
    engine.WaitingOn(name.removesuffix("_seconds"))
    for name in FLOW_NAMES
    if name.endswith("_seconds")
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be stored of some requests."""

    outcomes: list[OutcomeRow]
    flows: list[FlowRow]


def rows_of(tickets: Sequence[TicketRow], zone: str) -> Rows:
    """Return the rows of the requests; days are counted in `zone`. Five queries."""
    known = {ticket.pk: ticket for ticket in tickets}
    rows = Leg.objects.filter(ticket__in=known).order_by("pk").values_list(*_LEG_NAMES)
    legs = {row[0]: _LegRow(*row) for row in rows}
    day = _Days(ZoneInfo(zone))
    return Rows(_outcomes(known, legs, day), _flows(known, legs, day))


class _Days(dict[datetime, date]):
    """The date of a moment in a zone; the moments of a request's clocks and legs are often the same."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self.zone = zone

    def __missing__(self, at: datetime) -> date:
        self[at] = found = at.astimezone(self.zone).date()
        return found


def _outcomes(
    tickets: Mapping[int, TicketRow], legs: Mapping[int, _LegRow], day: _Days
) -> list[OutcomeRow]:
    """Return what became of promises; the approvers' clock is their own, not the supplier's (R22)."""
    finished = Clock.objects.filter(
        ticket__in=tickets, state__in=FINISHED, stopped_at__isnull=False
    )
    clocks = finished.exclude(metric=TargetMetric.APPROVAL).order_by("pk")
    found = []
    for pk, ticket, leg, metric, stopped, used, target, state in clocks.values_list(*_CLOCK_NAMES):
        of = tickets[ticket] if leg is None else legs[leg]
        parties = of.supplier_id, of.customer_id, of.service_id
        kept = state == ClockState.MET
        found.append(
            OutcomeRow(pk, ticket, leg, *parties, metric, day[stopped], stopped, used, target, kept)
        )
    return found


def _flows(
    tickets: Mapping[int, TicketRow], legs: Mapping[int, _LegRow], day: _Days
) -> list[FlowRow]:
    calendars = _calendars({ticket.standard_id for ticket in tickets.values()})
    lives = _lives(tickets)
    return [
        _flow(leg, lives[leg.pk], tickets[leg.ticket_id], calendars, day) for leg in legs.values()
    ]


def _calendars(standards: set[int]) -> dict[int, PreparedCalendar]:
    found = ServiceStandard.objects.filter(pk__in=standards).select_related("calendar")
    return {each.pk: org_queries.prepared_calendar(each.calendar) for each in found}


@dataclass(slots=True)
class _Life:
    """The segments of a leg in time order, and who of the supplier held it last."""

    segments: list[engine.Segment] = field(default_factory=list)
    person_id: int | None = None


def _lives(tickets: Iterable[int]) -> dict[int, _Life]:
    """Return the lives by leg."""
    found: dict[int, _Life] = defaultdict(_Life)
    rows = Segment.objects.filter(leg__ticket__in=tickets).values_list(
        "leg_id", "seq", "starts_at", "ends_at", "waiting_on", "person_id"
    )
    for leg, _seq, start, end, waiting, person in sorted(rows, key=itemgetter(0, 1)):
        life = found[leg]
        party = engine.WaitingOn(waiting)
        life.segments.append(engine.Segment(start=start, end=end, waiting_on=party))
        if person and party is engine.WaitingOn.SUPPLIER:  # else it is the requester's move
            life.person_id = person
    return found


def _flow(
    leg: _LegRow,
    life: _Life,
    ticket: TicketRow,
    calendars: Mapping[int, PreparedCalendar],
    day: _Days,
) -> FlowRow:
    settled = leg.settled_at
    spent: tuple[int, ...] = ()
    if settled:
        shares = engine.time_by_wait(life.segments, calendars[ticket.standard_id], at=settled)
        spent = tuple(int(shares[party].total_seconds()) for party in _PARTIES)
    first = leg.parent_no is None
    return FlowRow(
        leg.pk,
        leg.ticket_id,
        leg.supplier_id,
        leg.customer_id,
        day[leg.offered_at],
        day[settled] if settled else None,
        leg.state == LegState.RETURNED,
        leg.rework_count,
        not first,
        leg.assignee_id or life.person_id,
        ticket.requester_id if first else leg.offered_by_id,
        *spent,
    )
