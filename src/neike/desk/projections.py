"""Stored legs, segments and clocks: written from a replay, read back to be compared with one."""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from django.db import models

from neike.desk import terms
from neike.desk.choices import EventKind
from neike.desk.models import (
    Approval,
    ApprovalVote,
    Clock,
    IncidentLink,
    Leg,
    Segment,
    Task,
    Ticket,
    TicketEvent,
    TicketLink,
)
from neike.desk.replay import (
    ApprovalFacts,
    ClockFacts,
    IncidentFacts,
    LegFacts,
    LinkFacts,
    SegmentFacts,
    TaskFacts,
    TicketFacts,
    VoteFacts,
    replay,
)
from neike.desk.ticket_events import TicketLog

Row = TypeVar("Row", bound=models.Model)


def _names(facts: type[Any], *without: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(facts) if field.name not in without)


TICKET_FIELDS: Final = _names(
    TicketFacts, "legs", "clocks", "approvals", "tasks", "links", "incidents"
)
LEG_FIELDS: Final = _names(LegFacts, "segments")
SEGMENT_FIELDS: Final = _names(SegmentFacts)
CLOCK_FIELDS: Final = _names(ClockFacts, "leg_no")
APPROVAL_FIELDS: Final = _names(ApprovalFacts, "no", "votes")
VOTE_FIELDS: Final = _names(VoteFacts, "person_id")
TASK_FIELDS: Final = _names(TaskFacts, "no")
LINK_FIELDS: Final = _names(LinkFacts)
_RELATING: Final = (
    EventKind.LINKED,
    EventKind.UNLINKED,
    EventKind.MERGED,
    EventKind.UNMERGED,
)
INCIDENT_FIELDS: Final = _names(IncidentFacts)


def values_of(facts: Any, names: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 - any facts
    """Return the fields of facts that are columns, by name."""
    return {name: getattr(facts, name) for name in names}


def commit(log: TicketLog) -> TicketFacts:
    """Write the log's new events and what follows from them; `log.ticket` is fresh afterwards."""
    TicketEvent.objects.bulk_create(log.new)
    relates = any(event.kind in _RELATING for event in log.new)
    log.new = []
    facts = log.facts()
    write(log.ticket, facts)
    if relates:
        _write_links(log.ticket, facts)
    return facts


def write(ticket: Ticket, facts: TicketFacts) -> None:
    """Make the stored rows equal to the facts, touching only what differs. Verdicts given stand (R15)."""
    legs = {leg.no: leg for leg in ticket.legs.all()}
    clocks = list(ticket.clocks.all())
    numbers = {leg.pk: leg.no for leg in legs.values()}
    facts = settle(facts, [_clock_facts(clock, numbers) for clock in clocks])
    changed = _change(ticket, values_of(facts, TICKET_FIELDS).items())
    if changed:
        ticket.save(update_fields=changed)
    _write_legs(ticket, facts, legs)
    _write_segments(facts, legs)
    _write_clocks(ticket, facts, legs, {(c.leg_id, c.metric, c.cycle): c for c in clocks})
    _write_approvals(ticket, facts)
    _write_tasks(ticket, facts)
    _write_incidents(ticket, facts)


def settle(facts: TicketFacts, stored: Iterable[ClockFacts]) -> TicketFacts:
    """Keep what was said of clocks that stopped under older hours of their calendar (R15)."""
    given = {_key(clock): clock for clock in stored if clock.stopped_at}
    clocks = tuple(_settled(clock, given.get(_key(clock))) for clock in facts.clocks)
    if clocks == facts.clocks:
        return facts
    due = next((clock.due_at for clock in clocks if clock.metric == "end_to_end"), None)
    return replace(facts, clocks=clocks, due_at=due)


def _settled(clock: ClockFacts, given: ClockFacts | None) -> ClockFacts:
    older = given is not None and given.calendar_revision != clock.calendar_revision
    return given if given and older and given.stopped_at == clock.stopped_at else clock


def _key(clock: ClockFacts) -> tuple[int | None, str, int]:
    return clock.leg_no, clock.metric, clock.cycle


def _change(row: models.Model, values: Iterable[tuple[str, Any]]) -> list[str]:
    """Set what differs and return the names of those fields."""
    changed = []
    for name, value in values:
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    return changed


def _write_legs(ticket: Ticket, facts: TicketFacts, legs: dict[int, Leg]) -> None:
    """Write the legs; one that stops leading goes first, because only one may lead."""
    for fact in sorted(facts.legs, key=lambda leg: leg.is_lead):
        values = values_of(fact, LEG_FIELDS)
        leg = legs.get(fact.no)
        if leg is None:
            legs[fact.no] = Leg.objects.create(ticket=ticket, **values)
            continue
        changed = _change(leg, values.items())
        if changed:
            leg.save(update_fields=changed)


def _write_segments(facts: TicketFacts, legs: dict[int, Leg]) -> None:
    stored: dict[tuple[int, int], Segment] = {
        (row.leg_id, row.seq): row for row in Segment.objects.filter(leg__in=legs.values())
    }
    wanted = {
        (legs[leg.no].pk, seq): values_of(segment, SEGMENT_FIELDS)
        for leg in facts.legs
        for seq, segment in enumerate(leg.segments)
    }
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    if gone:
        Segment.objects.filter(pk__in=gone).delete()
    _upsert(stored, wanted, lambda key, values: Segment(leg_id=key[0], seq=key[1], **values))


def _write_clocks(
    ticket: Ticket,
    facts: TicketFacts,
    legs: dict[int, Leg],
    stored: dict[tuple[int | None, str, int], Clock],
) -> None:
    wanted = {
        (
            None if clock.leg_no is None else legs[clock.leg_no].pk,
            clock.metric,
            clock.cycle,
        ): values_of(clock, CLOCK_FIELDS)
        for clock in facts.clocks
    }
    _upsert(stored, wanted, lambda key, values: Clock(ticket=ticket, leg_id=key[0], **values))


def _write_approvals(ticket: Ticket, facts: TicketFacts) -> None:
    if not facts.approvals:
        return
    rows = {row.no: row for row in ticket.approvals.all()}
    wanted = {each.no: values_of(each, APPROVAL_FIELDS) for each in facts.approvals}
    _upsert(rows, wanted, lambda no, values: Approval(ticket=ticket, no=no, **values))
    ids = dict(ticket.approvals.values_list("no", "pk"))
    votes = {
        (row.approval_id, row.person_id): row
        for row in ApprovalVote.objects.filter(approval__ticket=ticket)
    }
    said = {
        (ids[each.no], vote.person_id): values_of(vote, VOTE_FIELDS)
        for each in facts.approvals
        for vote in each.votes
    }
    gone = [row.pk for key, row in votes.items() if key not in said]
    if gone:
        ApprovalVote.objects.filter(pk__in=gone).delete()
    _upsert(
        votes,
        said,
        lambda key, values: ApprovalVote(approval_id=key[0], person_id=key[1], **values),
    )


def _write_tasks(ticket: Ticket, facts: TicketFacts) -> None:
    if not facts.tasks:
        return
    rows = {row.no: row for row in ticket.tasks.all()}
    wanted = {each.no: values_of(each, TASK_FIELDS) for each in facts.tasks}
    _upsert(rows, wanted, lambda no, values: Task(ticket=ticket, no=no, **values))


def _write_links(ticket: Ticket, facts: TicketFacts) -> None:
    """Write the relations; those that ended go first, because a request is part of one other at most."""
    rows = {(row.kind, row.other_id): row for row in ticket.links.all()}
    wanted = {(each.kind, each.other_id): values_of(each, LINK_FIELDS) for each in facts.links}
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    if gone:
        TicketLink.objects.filter(pk__in=gone).delete()
    _upsert(rows, wanted, lambda _key, values: TicketLink(ticket=ticket, **values))


def _write_incidents(ticket: Ticket, facts: TicketFacts) -> None:
    if not facts.incidents:
        return
    rows = {row.notice_id: row for row in ticket.incidents.all()}
    wanted = {each.notice_id: values_of(each, INCIDENT_FIELDS) for each in facts.incidents}
    _upsert(rows, wanted, lambda _key, values: IncidentLink(ticket=ticket, **values))


def _upsert(
    stored: dict[Any, Row],
    wanted: dict[Any, dict[str, Any]],
    build: Callable[[Any, dict[str, Any]], Row],
) -> None:
    new: list[Row] = []
    for key, values in wanted.items():
        row = stored.get(key)
        if row is None:
            new.append(build(key, values))
            continue
        changed = _change(row, values.items())
        if changed:
            row.save(update_fields=changed)
    if new:
        type(new[0])._default_manager.bulk_create(new)  # noqa: SLF001 - Django's public name for it


def stored(ticket: Ticket) -> TicketFacts:
    """Return what is stored of a ticket in the form of a replay, in eight queries."""
    legs = list(ticket.legs.order_by("no"))
    numbers = {leg.pk: leg.no for leg in legs}
    segments: dict[int, list[SegmentFacts]] = {leg.pk: [] for leg in legs}
    for row in Segment.objects.filter(leg__in=legs).order_by("leg", "seq"):
        segments[row.leg_id].append(SegmentFacts(**values_of(row, SEGMENT_FIELDS)))
    return TicketFacts(
        **values_of(ticket, TICKET_FIELDS),
        legs=tuple(
            LegFacts(
                **values_of(leg, LEG_FIELDS),
                segments=tuple(segments[leg.pk]),
            )
            for leg in legs
        ),
        clocks=tuple(
            sorted(
                (_clock_facts(clock, numbers) for clock in ticket.clocks.all()), key=_clock_order
            )
        ),
        approvals=tuple(
            _approval_facts(row)
            for row in ticket.approvals.order_by("no").prefetch_related("votes")
        ),
        tasks=tuple(
            TaskFacts(no=row.no, **values_of(row, TASK_FIELDS))
            for row in ticket.tasks.order_by("no")
        ),
        links=tuple(
            sorted(
                (LinkFacts(**values_of(row, LINK_FIELDS)) for row in ticket.links.all()),
                key=lambda link: (link.kind, link.other_id),
            )
        ),
        incidents=tuple(
            IncidentFacts(**values_of(row, INCIDENT_FIELDS))
            for row in ticket.incidents.order_by("notice_id")
        ),
    )


def _approval_facts(row: Approval) -> ApprovalFacts:
    votes = (
        VoteFacts(person_id=vote.person_id, **values_of(vote, VOTE_FIELDS))
        for vote in row.votes.all()
    )
    return ApprovalFacts(no=row.no, votes=tuple(votes), **values_of(row, APPROVAL_FIELDS))


def _clock_facts(clock: Clock, numbers: dict[int, int]) -> ClockFacts:
    leg_no = None if clock.leg_id is None else numbers[clock.leg_id]
    return ClockFacts(leg_no=leg_no, **values_of(clock, CLOCK_FIELDS))


def _clock_order(clock: ClockFacts) -> tuple[int, str, int]:
    return (-1 if clock.leg_no is None else clock.leg_no), clock.metric, clock.cycle


def replayed(ticket: Ticket) -> TicketFacts:
    """Return what the ticket's log leads to."""
    events = [terms.as_event(row) for row in ticket.events.order_by("seq")]
    return replay(events, terms.terms_of(terms.standards_named(events)))


def differences(ticket: Ticket) -> list[str]:
    """Compare what is stored with what the log leads to; empty when they agree.

    Clocks that still run under older hours of their calendar are the refresh job's, not an error.
    """
    have = stored(ticket)
    want = settle(replayed(ticket), have.clocks)
    want = replace(want, clocks=tuple(sorted(want.clocks, key=_clock_order)))
    found = _compare("ticket", have, want, TICKET_FIELDS)
    if len(have.legs) != len(want.legs):
        found.append(f"legs: {len(have.legs)} stored, {len(want.legs)} by its log")
    for left, right in zip(have.legs, want.legs, strict=False):
        found += _compare(f"leg {left.no}", left, right, (*LEG_FIELDS, "segments"))
    if have.approvals != want.approvals:
        found.append(f"approvals: {have.approvals!r} stored, {want.approvals!r} by its log")
    if have.tasks != want.tasks:
        found.append(f"tasks: {have.tasks!r} stored, {want.tasks!r} by its log")
    if have.links != want.links:
        found.append(f"links: {have.links!r} stored, {want.links!r} by its log")
    if have.incidents != want.incidents:
        found.append(f"incidents: {have.incidents!r} stored, {want.incidents!r} by its log")
    keys = [_key(clock) for clock in have.clocks], [_key(clock) for clock in want.clocks]
    if keys[0] != keys[1]:
        found.append(f"clocks: {keys[0]} stored, {keys[1]} by its log")
    for one, other in zip(have.clocks, want.clocks, strict=False):
        found += _compare(f"clock {_key(one)}", one, other, CLOCK_FIELDS)
    return found


def _compare(what: str, have: Any, want: Any, names: Iterable[str]) -> list[str]:  # noqa: ANN401 - any facts
    return [
        f"{what}.{name}: {getattr(have, name)!r} stored, {getattr(want, name)!r} by its log"
        for name in names
        if getattr(have, name) != getattr(want, name)
    ]
