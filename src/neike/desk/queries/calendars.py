"""What other hours of a calendar would do to the promises that run on it (R15)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from neike.desk import terms
from neike.desk.choices import ClockState
from neike.desk.models import Clock, TicketEvent
from neike.desk.replay import Event, Terms, replay
from neike.engines.worktime import CalendarSpec, PreparedCalendar, prepare

_AT_ONCE: Final = 500
Key = tuple[int | None, str, int]


@dataclass(frozen=True, slots=True)
class Moves:
    """How many open requests would get another due time, and how many of them would be overdue at once."""

    moved: int
    overdue: int


def moves_on_calendar(calendar_id: int, spec: CalendarSpec, *, now: datetime) -> Moves:
    """Count what changes if the calendar said `spec`; three queries per 500 open requests."""
    running = _running(calendar_id)
    calendar, moved, overdue = prepare(spec), 0, 0
    ids = sorted(running)
    for start in range(0, len(ids), _AT_ONCE):
        for ticket_id, due in _due_on(ids[start : start + _AT_ONCE], calendar_id, calendar):
            held = running[ticket_id]
            moved += any(due.get(key) != at for key, at in held.items())
            overdue += any(
                at is not None and at > now >= (due.get(key) or at) for key, at in held.items()
            )
    return Moves(moved, overdue)


def _running(calendar_id: int) -> dict[int, dict[Key, datetime | None]]:
    """Return the due times of what runs on the calendar, by request."""
    rows = Clock.objects.filter(calendar=calendar_id, state=ClockState.RUNNING)
    found: dict[int, dict[Key, datetime | None]] = defaultdict(dict)
    for ticket, leg, metric, cycle, due in rows.values_list(
        "ticket_id", "leg__no", "metric", "cycle", "due_at"
    ):
        found[ticket][leg, metric, cycle] = due
    return found


def _due_on(
    ticket_ids: Sequence[int], calendar_id: int, calendar: PreparedCalendar
) -> Iterator[tuple[int, dict[Key, datetime | None]]]:
    """Yield every request with the due times it would have on the other hours."""
    rows = TicketEvent.objects.filter(ticket__in=ticket_ids).order_by("ticket_id", "seq")
    logs: dict[int, list[Event]] = {
        ticket: [terms.as_event(row) for row in log]
        for ticket, log in groupby(rows, key=lambda row: row.ticket_id)
    }
    named = {each for events in logs.values() for each in terms.standards_named(events)}
    promised = _with_hours(terms.terms_of(named), calendar_id, calendar)
    for ticket, events in logs.items():
        clocks = replay(events, promised).clocks
        yield ticket, {(each.leg_no, each.metric, each.cycle): each.due_at for each in clocks}


def _with_hours(
    found: Mapping[int, Terms], calendar_id: int, calendar: PreparedCalendar
) -> dict[int, Terms]:
    return {
        standard: replace(each, calendar=calendar) if each.calendar_id == calendar_id else each
        for standard, each in found.items()
    }
