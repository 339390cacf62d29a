"""What a draft of a standard would have promised in the past: stored logs read again with its terms. Writes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Final, NamedTuple

from django.db.models import QuerySet

from neike.catalog.models import ServiceStandard
from neike.desk import terms
from neike.desk.models import Leg, Ticket, TicketEvent
from neike.desk.replay import Course, Event, Terms, apply
from neike.desk.replay.timing import ClockCourse
from neike.engines.clocks import ClockState

AT_ONCE: Final = 500
"""Requests whose logs are read with one query."""
_RUNNING: Final = (ClockState.RUNNING, ClockState.PAUSED)


class PastClock(NamedTuple):
    """One clock as it would stand, judged by the draft. Times are seconds of working time on the draft's calendar.

    `leg_no` None: the request's own, between its supplier and customer. `kept` None: still open, not late yet.
    A clock that only a timer stopped has `by_timer`: it is missed whatever it used.
    """

    ticket_id: int
    leg_no: int | None
    metric: str
    cycle: int
    priority: str
    supplier_id: int
    customer_id: int
    started_at: datetime
    target: float
    used: float
    done: bool
    kept: bool | None
    by_timer: bool


def requests_of(
    standard: ServiceStandard, *, since: datetime, until: datetime, most: int
) -> list[int]:
    """Return the requests with work of the standard's service offered in [since, until), the newest `most`."""
    newest = _requests(standard, since, until).order_by("-ticket_id")
    return sorted(newest[:most])


def count_of(standard: ServiceStandard, *, since: datetime, until: datetime, first: int = 0) -> int:
    """Count the requests of `requests_of` from the one with the id `first` on."""
    return _requests(standard, since, until).filter(ticket__gte=first).count()


def _requests(standard: ServiceStandard, since: datetime, until: datetime) -> QuerySet[Leg, int]:
    legs = Leg.objects.filter(
        service=standard.service_id, offered_at__gte=since, offered_at__lt=until
    )
    return legs.values_list("ticket_id", flat=True).distinct()


def replayed(
    standard: ServiceStandard, ticket_ids: Sequence[int], *, now: datetime
) -> Iterator[PastClock]:
    """Yield the clocks these requests would have had, had every version of the service promised what this one does.

    Legs of other services keep their own standards, and their clocks are not among those yielded; nor are those of
    requests and legs that were withdrawn. Two queries for each `AT_ONCE` requests, three with new standards.
    """
    draft = terms.terms_from(standard)
    own = standard.service.standards.values_list("pk", flat=True)
    known: dict[int, Terms] = dict.fromkeys(own, draft)
    ids = iter(ticket_ids)
    while part := list(islice(ids, AT_ONCE)):
        suppliers = dict(Ticket.objects.filter(pk__in=part).values_list("pk", "supplier_id"))
        logs = list(_logs(part))
        named = {each for _pk, log in logs for each in terms.standards_named(log)}
        if named - known.keys():
            known |= terms.terms_of(named - known.keys())
        for ticket_id, log in logs:
            course = Course(known)
            for event in log:
                apply(course, event)
            at = max(now, log[-1].at)
            for clock in course.all_clocks():
                if clock.terms is draft and not clock.void:
                    yield _judged(clock, course, ticket_id, suppliers[ticket_id], at)


def _logs(ticket_ids: Sequence[int]) -> Iterator[tuple[int, list[Event]]]:
    rows = (
        TicketEvent.objects.filter(ticket__in=ticket_ids)
        .order_by("ticket_id", "seq")
        .values_list("ticket_id", "seq", "kind", "leg_no", "by_id", "at", "data")
    )
    for ticket_id, log in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[0]):
        yield ticket_id, [Event(*row[1:]) for row in log]


def _judged(
    clock: ClockCourse, course: Course, ticket_id: int, supplier_id: int, at: datetime
) -> PastClock:
    reading = clock.reading(at=at, with_why=False)
    leg = None if clock.leg_no is None else course.legs[clock.leg_no]
    done = reading.state not in _RUNNING
    late = bool(reading.lateness) or clock.forfeited
    return PastClock(
        ticket_id=ticket_id,
        leg_no=clock.leg_no,
        metric=clock.metric,
        cycle=clock.cycle,
        priority=leg.priority if leg else course.priority,
        supplier_id=leg.supplier_id if leg else supplier_id,
        customer_id=leg.customer_id if leg else course.customer_id,
        started_at=reading.started,
        target=reading.target.total_seconds(),
        used=reading.used.total_seconds(),
        done=done,
        kept=(reading.state is ClockState.MET and not late) if done else (False if late else None),
        by_timer=clock.forfeited,
    )
