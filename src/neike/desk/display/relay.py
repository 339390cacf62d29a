"""The relay bar 接力条 as drawn: one card per leg, its life as stretches of working time, who has the ball."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from neike.catalog.choices import TargetMetric
from neike.desk.choices import OPEN_LEG_STATES, WaitingOn
from neike.desk.display import promises, times
from neike.desk.display.states import LEG_TONES, WAITING_TONES
from neike.desk.models import Clock, Leg
from neike.desk.queries import RelayLeg, Stretch
from neike.engines.clocks import ClockReading
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries
from neike.org.queries import OrgChart

Readings = Mapping[tuple[int | None, str], tuple[Clock, ClockReading]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch on a track of 100 units."""

    x: float
    width: float
    tone: str
    title: str


@dataclass(frozen=True, slots=True)
class Card:
    """One leg of the relay bar. `used` and `promised` are working time in words, "" where nothing is promised."""

    leg: Leg
    department: str
    customer: str
    tone: str
    who: str
    has_ball: bool
    waits: str
    used: str
    promised: str
    chip: promises.Chip | None
    pieces: Sequence[Piece]


def cards(
    bar: Sequence[RelayLeg], readings: Readings, *, chart: OrgChart, requester: str, now: datetime
) -> list[Card]:
    """Return the relay bar's cards in the order of the legs."""
    return [_card(each, readings, chart, requester, now) for each in bar]


def _card(
    each: RelayLeg, readings: Readings, chart: OrgChart, requester: str, now: datetime
) -> Card:
    leg = each.leg
    found = readings.get((leg.no, TargetMetric.LEG_DELIVERY.value)) or readings.get(
        (leg.no, TargetMetric.ACCEPTANCE.value)
    )
    calendar = org_queries.prepared_calendar(leg.standard.calendar)
    is_open = leg.state in OPEN_LEG_STATES
    return Card(
        leg=leg,
        department=chart.name(leg.supplier_id),
        customer=chart.name(leg.customer_id),
        tone=LEG_TONES[leg.state],
        who=leg.assignee.name if leg.assignee else "",
        has_ball=is_open and leg.waiting_on == WaitingOn.SUPPLIER,
        waits=_waits(leg, requester, now) if is_open else "",
        used=times.working(found[1].used, calendar) if found else "",
        promised=times.working(found[1].target, calendar) if found else "",
        chip=promises.chip(found[0], found[0].calendar, now=now) if found else None,
        pieces=_pieces(each.stretches, calendar, chart),
    )


def _waits(leg: Leg, requester: str, now: datetime) -> str:
    """Return for whom an open leg waits and since when, "" while its department has the ball."""
    since = {"since": times.short(leg.since, now=now), "requester": requester}
    if leg.waiting_on == WaitingOn.REQUESTER:
        return _("waits for %(requester)s since %(since)s") % since
    if leg.waiting_on == WaitingOn.THIRD_PARTY:
        return _("waits for an outside supplier since %(since)s") % since
    if leg.waiting_on == WaitingOn.APPROVER:
        return _("waits for an approval since %(since)s") % since
    if leg.waiting_on == WaitingOn.OTHER_LEG:
        return _("waits for another department since %(since)s") % since
    return ""


def _pieces(
    stretches: Sequence[Stretch], calendar: PreparedCalendar, chart: OrgChart
) -> list[Piece]:
    """Cut the track by working time; a life outside working hours is cut by wall time."""
    spans = [
        calendar.worked_between(each.starts_at, max(each.starts_at, each.ends_at)).total_seconds()
        for each in stretches
    ]
    in_words = [times.working(span, calendar) for span in spans]
    if not sum(spans):
        spans = [each.seconds for each in stretches]
    total = sum(spans) or 1
    pieces, x = [], 0.0
    for each, span, words in zip(stretches, spans, in_words, strict=True):
        width = 100 * span / total
        title = _("%(who)s: %(amount)s") % {
            "who": _holder(each, chart),
            "amount": words,
        }
        tone = WAITING_TONES[each.segment.waiting_on]
        pieces.append(Piece(round(x, 2), round(max(width - 0.4, 0.6), 2), tone, title))
        x += width
    return pieces


def _holder(stretch: Stretch, chart: OrgChart) -> str:
    """Return who had the ball, and what for."""
    segment = stretch.segment
    name = segment.person.name if segment.person else chart.name(segment.holder_id)
    if segment.waiting_on == WaitingOn.THIRD_PARTY:
        return _("%(name)s, waiting for an outside supplier") % {"name": name}
    if segment.waiting_on == WaitingOn.NONE:
        return _("%(name)s, looking at the result") % {"name": name}
    return name
