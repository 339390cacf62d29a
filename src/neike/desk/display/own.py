"""Requests as their requester sees them in a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from neike.desk.display import nexts, promises, states
from neike.desk.display.nexts import NextStep
from neike.desk.display.promises import Chip
from neike.desk.models import Clock, Ticket
from neike.org.models import Person
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class Row:
    """One request: its state's tone, who serves it, who acts next, how its promise stands, for whom it is."""

    ticket: Ticket
    tone: str
    provider: str
    step: NextStep
    chip: Chip | None
    for_other: str


def rows(tickets: Iterable[Ticket], *, reader: Person, chart: OrgChart, now: datetime) -> list[Row]:
    """Return requests (loaded by `queries.with_progress`) as rows; no query but for a calendar not used before."""
    return [_row(each, reader, chart, now) for each in tickets]


def _row(ticket: Ticket, reader: Person, chart: OrgChart, now: datetime) -> Row:
    clocks: list[Clock] = ticket.promises  # type: ignore[attr-defined]  # loaded by `with_progress`
    own = ticket.requester_id == reader.pk
    legs = list(ticket.legs.all())
    return Row(
        ticket=ticket,
        tone=states.TICKET_TONES[ticket.state],
        provider=chart.name(ticket.supplier_id),
        step=nexts.next_step(ticket, legs, chart=chart, reader_id=reader.pk),
        chip=_chip(clocks[-1], now) if clocks else None,
        for_other="" if own else ticket.requester.name,
    )


def _chip(clock: Clock, now: datetime) -> Chip | None:
    return promises.chip(clock, clock.calendar, now=now)
