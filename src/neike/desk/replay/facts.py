"""What goes into a replay and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from neike.engines.worktime import PreparedCalendar
from neike.kernel.texts import LocalizedText


class Event(NamedTuple):
    """One line of a ticket's log, as `models.TicketEvent` stores it. `at` is aware and never goes back."""

    seq: int
    kind: str
    leg_no: int | None
    by_id: int | None
    at: datetime
    data: Mapping[str, Any]


class IllegalEventError(ValueError):
    """An event that the ticket's or leg's state does not allow; nothing of it is kept."""

    def __init__(self, event: Event, problem: str) -> None:
        self.event = event
        self.problem = problem
        leg = "" if event.leg_no is None else f" of leg {event.leg_no}"
        super().__init__(f"event {event.seq} ({event.kind}{leg}): {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a service standard promises, as clocks need it.

    `targets[priority][metric]` is in working seconds; a metric that is missing has no clock.
    """

    standard_id: int
    calendar_id: int
    revision: int
    calendar: PreparedCalendar
    third_party_pauses: bool
    targets: Mapping[str, Mapping[str, int]]

    def target(self, priority: str, metric: str) -> int | None:
        """Return the promised working seconds, or None."""
        return self.targets.get(priority, {}).get(metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """A clock as `models.Clock` stores it; a running one has nothing in `used`, `late` and `remaining`."""

    leg_no: int | None
    metric: str
    cycle: int
    standard_id: int
    calendar_id: int
    calendar_revision: int
    target_seconds: int
    state: str
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    remaining_seconds: int | None
    stopped_at: datetime | None
    used_seconds: int
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFacts:
    """A stretch of a leg's life, half-open; `ends_at` None: still."""

    starts_at: datetime
    ends_at: datetime | None
    holder_id: int
    person_id: int | None
    waiting_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """A leg as `models.Leg` stores it, with its segments in time order."""

    no: int
    parent_no: int | None
    mode: str
    supplier_id: int
    customer_id: int
    service_id: int
    standard_id: int
    priority: str
    is_lead: bool
    state: str
    waiting_on: str
    waiting_reason: str
    follow_up_at: datetime | None
    since: datetime
    assignee_id: int | None
    offered_by_id: int | None
    ask: str
    offered_at: datetime
    accepted_at: datetime | None
    auto_accepted: bool
    delivered_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    return_reason: str
    rework_count: int
    next_due_at: datetime | None
    remind_at: datetime | None
    lapse_at: datetime | None
    version: int
    segments: tuple[SegmentFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteFacts:
    """What one person who was asked has said; `decided_by_id` may be a substitute."""

    person_id: int
    vote: str
    decided_by_id: int | None
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """An approval as `models.Approval` stores it, with its votes in the order of asking."""

    no: int
    leg_no: int | None
    step: str
    title: LocalizedText
    needed: int
    state: str
    asked_at: datetime
    decided_at: datetime | None
    votes: tuple[VoteFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """A task as `models.Task` stores it; `items` are its checklist, {"text": …, "done": bool} each."""

    no: int
    leg_no: int | None
    step: str
    title: LocalizedText
    department_id: int
    assignee_id: int | None
    state: str
    items: list[dict[str, Any]]
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """A relation to another ticket as `models.TicketLink` stores it; `kind` is a `LinkKind`."""

    kind: str
    other_id: int
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """A link to a major incident as `models.IncidentLink` stores it."""

    notice_id: int
    linked_at: datetime
    linked_by_id: int | None
    unlinked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """A ticket as `models.Ticket` stores it, with its legs, clocks, approvals, tasks, links (by kind and other) and incidents."""

    state: str
    waiting_on: str
    priority: str
    submitted_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    lapse_at: datetime | None
    last_activity_at: datetime
    reopen_count: int
    version: int
    legs: tuple[LegFacts, ...]
    clocks: tuple[ClockFacts, ...]
    approvals: tuple[ApprovalFacts, ...] = ()
    tasks: tuple[TaskFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    incidents: tuple[IncidentFacts, ...] = ()
