"""Writes scripts in batches: a few inserts for hundreds of requests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from operator import attrgetter
from typing import Final

from django.db import transaction

from neike.desk.bulk.script import TicketScript
from neike.desk.models import (
    Approval,
    ApprovalVote,
    Clock,
    IncidentLink,
    Leg,
    Message,
    Segment,
    Task,
    Ticket,
    TicketCounter,
    TicketEvent,
    TicketLink,
)
from neike.desk.projections import (
    APPROVAL_FIELDS,
    CLOCK_FIELDS,
    INCIDENT_FIELDS,
    LEG_FIELDS,
    LINK_FIELDS,
    SEGMENT_FIELDS,
    TASK_FIELDS,
    TICKET_FIELDS,
    VOTE_FIELDS,
    values_of,
)
from neike.desk.replay import ClockFacts, TicketFacts
from neike.kernel.bulk import Inserter, new_ids

BATCH: Final = 500
"""Requests per transaction."""

Pair = tuple[TicketScript, TicketFacts]

_EVENT_NAMES: Final = (
    "ticket_id",
    "recorded_at",
    "schema",
    "seq",
    "kind",
    "leg_no",
    "by_id",
    "at",
    "data",
)
_leg_values: Final = attrgetter(*LEG_FIELDS)
_segment_values: Final = attrgetter(*SEGMENT_FIELDS)
_clock_values: Final = attrgetter(*CLOCK_FIELDS)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch: requests written, and those that were there already by source and key."""

    tickets: tuple[Ticket, ...]
    known: int


def write_tickets(
    scripts: Iterable[TicketScript], *, now: datetime, batch: int = BATCH
) -> Iterator[Written]:
    """Write scripts as they come, `batch` per transaction, and yield after each; memory stays flat.

    Nothing is announced and nobody is told. Promises already missed or nearly so at `now` count as warned
    of, so that no storm of warnings follows. A case that is there already (by source and key) is skipped, so
    that an import that was broken off may be run again.
    """
    remaining = iter(scripts)
    while chunk := list(islice(remaining, batch)):
        with transaction.atomic():
            new = _unknown(chunk)
            _write(new, now=now)
        yield Written(tuple(script.ticket for script in new), len(chunk) - len(new))


def _unknown(scripts: Sequence[TicketScript]) -> list[TicketScript]:
    keys: dict[str, set[str]] = {}
    for script in scripts:
        if script.ticket.source:
            keys.setdefault(script.ticket.source, set()).add(script.ticket.source_key)
    seen = {
        (source, key)
        for source, wanted in keys.items()
        for key in Ticket.objects.filter(source=source, source_key__in=wanted).values_list(
            "source_key", flat=True
        )
    }
    new = []
    for script in scripts:
        name = script.ticket.source, script.ticket.source_key
        if script.ticket.source and name in seen:
            continue
        seen.add(name)
        new.append(script)
    return new


def _write(scripts: Sequence[TicketScript], *, now: datetime) -> None:
    if not scripts:
        return
    facts = [script.course.facts() for script in scripts]
    pairs = list(zip(scripts, facts, strict=True))
    _write_tickets(pairs)
    legs = _write_legs(pairs)
    _write_clocks(pairs, legs, now=now)
    _write_approvals(pairs)
    _write_tasks(pairs)
    _write_links(pairs)
    _write_incidents(pairs)
    _write_messages(scripts)
    Inserter(TicketEvent, _EVENT_NAMES).insert(
        (script.ticket.pk, now, 1, *event) for script in scripts for event in script.events
    )


def _write_tickets(pairs: Sequence[Pair]) -> None:
    first = TicketCounter.take(len(pairs))
    fields = Ticket._meta.concrete_fields
    names = [field.attname for field in fields]
    values = attrgetter(*names)
    for number, pk, (script, fact) in zip(
        count(first), new_ids(Ticket, len(pairs)), pairs, strict=False
    ):
        script.ticket.pk, script.ticket.number = pk, number
        for name in TICKET_FIELDS:
            setattr(script.ticket, name, getattr(fact, name))
    Inserter(Ticket, names).insert(values(script.ticket) for script, _fact in pairs)


def _write_legs(pairs: Sequence[Pair]) -> dict[tuple[int, int], int]:
    """Write legs and their segments; returns the ids by (ticket, number)."""
    legs = [(script.ticket.pk, leg) for script, fact in pairs for leg in fact.legs]
    ids = new_ids(Leg, len(legs))
    Inserter(Leg, ("id", "ticket_id", *LEG_FIELDS)).insert(
        (pk, ticket, *_leg_values(leg)) for pk, (ticket, leg) in zip(ids, legs, strict=True)
    )
    Inserter(Segment, ("leg_id", "seq", *SEGMENT_FIELDS)).insert(
        (pk, seq, *_segment_values(segment))
        for pk, (_ticket, leg) in zip(ids, legs, strict=True)
        for seq, segment in enumerate(leg.segments)
    )
    return {(ticket, leg.no): pk for pk, (ticket, leg) in zip(ids, legs, strict=True)}


def _write_clocks(
    pairs: Sequence[Pair], legs: dict[tuple[int, int], int], *, now: datetime
) -> None:
    Inserter(Clock, ("ticket_id", "leg_id", "warned", *CLOCK_FIELDS)).insert(
        (
            script.ticket.pk,
            None if clock.leg_no is None else legs[script.ticket.pk, clock.leg_no],
            _warned(clock, now),
            *_clock_values(clock),
        )
        for script, fact in pairs
        for clock in fact.clocks
    )


def _warned(clock: ClockFacts, now: datetime) -> int:
    if clock.due_at and clock.due_at <= now:
        return 100
    return 75 if clock.warn_at and clock.warn_at <= now else 0


def _write_approvals(pairs: Sequence[Pair]) -> None:
    """Write approvals and their votes; most requests have none."""
    made = [
        (Approval(ticket=script.ticket, no=fact.no, **values_of(fact, APPROVAL_FIELDS)), fact.votes)
        for script, facts in pairs
        for fact in facts.approvals
    ]
    Approval.objects.bulk_create(approval for approval, _votes in made)
    ApprovalVote.objects.bulk_create(
        ApprovalVote(approval=approval, person_id=vote.person_id, **values_of(vote, VOTE_FIELDS))
        for approval, votes in made
        for vote in votes
    )


def _write_tasks(pairs: Sequence[Pair]) -> None:
    Task.objects.bulk_create(
        Task(ticket=script.ticket, no=fact.no, **values_of(fact, TASK_FIELDS))
        for script, facts in pairs
        for fact in facts.tasks
    )


def _write_links(pairs: Sequence[Pair]) -> None:
    """Write relations to requests that are there already; most requests have none."""
    TicketLink.objects.bulk_create(
        TicketLink(ticket=script.ticket, **values_of(fact, LINK_FIELDS))
        for script, facts in pairs
        for fact in facts.links
    )


def _write_incidents(pairs: Sequence[Pair]) -> None:
    IncidentLink.objects.bulk_create(
        IncidentLink(ticket=script.ticket, **values_of(fact, INCIDENT_FIELDS))
        for script, facts in pairs
        for fact in facts.incidents
    )


def _write_messages(scripts: Sequence[TicketScript]) -> None:
    """Write messages and put their ids into the events that tell of them."""
    told = [(script.ticket, *pair) for script in scripts for pair in script.messages]
    for ticket, message, _data in told:
        message.ticket = ticket
    Message.objects.bulk_create(message for _ticket, message, _data in told)
    for _ticket, message, data in told:
        data["message"] = message.pk
