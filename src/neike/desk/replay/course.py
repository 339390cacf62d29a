"""A ticket while its log is read: its state, and what all steps need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from neike.catalog.choices import HandOverMode, TargetMetric
from neike.desk.choices import (
    OPEN_TICKET_STATES,
    LegState,
    TicketState,
    WaitingOn,
)
from neike.desk.replay.facts import (
    ClockFacts,
    Event,
    IllegalEventError,
    IncidentFacts,
    LinkFacts,
    Terms,
    TicketFacts,
)
from neike.desk.replay.legs import LegCourse
from neike.desk.replay.timing import (
    CONFIRM_TICKET_DAYS,
    NOBODY,
    ClockCourse,
    working_days_later,
)

if TYPE_CHECKING:
    from neike.desk.replay.approvals import ApprovalCourse
    from neike.desk.replay.tasks import TaskCourse

_OPEN_TICKET: Final = frozenset(state.value for state in OPEN_TICKET_STATES)


class Course:
    """The state of a ticket after the events applied so far.

    `terms[standard_id]` must hold every standard its events name. `steps` tells for each step of the plan that
    has begun what it became: ("leg" | "approval" | "task", its number).
    """

    def __init__(self, terms: Mapping[int, Terms]) -> None:
        self.terms = terms
        self.legs: list[LegCourse] = []
        self.lead: LegCourse | None = None
        self.state = ""
        self.waiting_on: str = WaitingOn.SUPPLIER.value
        self.priority = ""
        self.customer_id = self.requester_id = 0
        self.at: datetime | None = None
        self.submitted_at: datetime | None = None
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.closed_by_itself = self.responded = False
        self.reopen_count = self.version = 0
        self.own: Terms | None = None
        self.end_to_end: ClockCourse | None = None
        self.first_response: ClockCourse | None = None
        self.next_responses: list[ClockCourse] = []
        self.approvals: list[ApprovalCourse] = []
        self.tasks: list[TaskCourse] = []
        self.steps: dict[str, tuple[str, int]] = {}
        self.skipped: set[str] = set()
        self.links: dict[tuple[str, int], LinkFacts] = {}
        self.before_merge: dict[str, Any] | None = None
        self.incidents: dict[int, IncidentFacts] = {}

    def leg(self, event: Event) -> LegCourse:
        """Return the leg an event is about.

        Raises:
            IllegalEventError: there is none of that number.
        """
        if event.leg_no is None or not 0 <= event.leg_no < len(self.legs):
            raise IllegalEventError(event, "there is no such leg")
        return self.legs[event.leg_no]

    def open_children(self, leg: LegCourse) -> list[LegCourse]:
        """Return the legs handed over from this one whose suppliers still owe something."""
        return [other for other in self.legs if other.parent_no == leg.no and other.is_open]

    def waits_for(self, leg: LegCourse) -> LegCourse | None:
        """Return the leg that waits for this one, if one does."""
        return next((other for other in self.legs if other.waits_for == leg.no), None)

    def patron(self, leg: LegCourse) -> tuple[LegCourse | None, str]:
        """Return the leg that gets this one's result, and how it was handed over; a transfer passes it on."""
        while leg.mode == HandOverMode.TRANSFER and leg.parent_no is not None:
            leg = self.legs[leg.parent_no]
        return (None if leg.parent_no is None else self.legs[leg.parent_no]), leg.mode

    def resume_waiting(self, leg: LegCourse, event: Event) -> None:
        """Let the leg that waits for this one go on."""
        waiter = self.waits_for(leg)
        if waiter is not None:
            waiter.state = LegState.REWORK.value if waiter.rework_count else LegState.WORKING.value
            waiter.hold(event.at)
            waiter.version = event.seq

    def _ticket_waiting_on(self) -> str:
        """Return whose move it is for the whole ticket: the lead leg's, through the legs it waits for."""
        if self.state not in _OPEN_TICKET or self.lead is None:
            return NOBODY
        leg = self.lead
        while leg.waits_for is not None:
            leg = self.legs[leg.waits_for]
        if leg is not self.lead and leg.waiting_on != WaitingOn.REQUESTER:
            return WaitingOn.OTHER_LEG.value
        return leg.waiting_on

    def follow_lead(self, at: datetime) -> None:
        """Bring the ticket's own partition, state and clock in line with the lead leg's."""
        self.waiting_on = waiting_on = self._ticket_waiting_on()
        if self.state in (TicketState.IN_PROGRESS, TicketState.WAITING):
            waits = waiting_on == WaitingOn.REQUESTER
            self.state = TicketState.WAITING.value if waits else TicketState.IN_PROGRESS.value
        if self.end_to_end and self.state in _OPEN_TICKET:
            self.end_to_end.wait(at, waiting_on)

    def ticket_clocks(self) -> list[ClockCourse]:
        """Return the clocks of the ticket itself."""
        approvals = (approval.clock for approval in self.approvals)
        own = (self.first_response, *self.next_responses, self.end_to_end, *approvals)
        return [clock for clock in own if clock]

    def all_clocks(self) -> list[ClockCourse]:
        """Return the clocks of the ticket and of its legs."""
        return self.ticket_clocks() + [clock for leg in self.legs for clock in leg.clocks()]

    def start_ticket_clock(
        self, metric: TargetMetric, at: datetime, cycle: int = 0
    ) -> ClockCourse | None:
        """Begin a clock of the ticket if its standard promises this metric."""
        seconds = self.own.target(self.priority, metric.value) if self.own else None
        if self.own is None or seconds is None:
            return None
        clock = ClockCourse(metric.value, None, cycle, self.own)
        clock.start(at, seconds)
        return clock

    def answered(self, at: datetime) -> None:
        """The serving side spoke to the requester in public (R8): no question is open any more."""
        if self.first_response:
            self.first_response.stop(at)
        if self.next_responses:
            self.next_responses[-1].stop(at)
        self.responded = True

    def asked(self, at: datetime) -> None:
        """The requesting side spoke: the oldest unanswered message anchors the next response (R9)."""
        waiting = bool(self.next_responses) and self.next_responses[-1].open
        if self.responded and not waiting and self.state in _OPEN_TICKET:
            clock = self.start_ticket_clock(
                TargetMetric.NEXT_RESPONSE, at, cycle=len(self.next_responses)
            )
            if clock:
                self.next_responses.append(clock)

    def facts(self) -> TicketFacts:
        """Return what is stored after the events applied so far.

        Raises:
            ValueError: nothing has been applied.
        """
        if self.at is None or self.submitted_at is None or self.own is None:
            raise ValueError("a ticket without events has no state")
        at = self.at
        clocks = tuple(clock.facts(at=at) for clock in self.all_clocks())
        end_to_end = next(
            (clock for clock in clocks if clock.metric == TargetMetric.END_TO_END), None
        )
        lapse = self.state == TicketState.RESOLVED and self.resolved_at
        return TicketFacts(
            state=self.state,
            waiting_on=self.waiting_on,
            priority=self.priority,
            submitted_at=self.submitted_at,
            resolved_at=self.resolved_at,
            closed_at=self.closed_at,
            due_at=end_to_end.due_at if end_to_end else None,
            lapse_at=working_days_later(self.own, lapse, CONFIRM_TICKET_DAYS) if lapse else None,
            last_activity_at=at,
            reopen_count=self.reopen_count,
            version=self.version,
            legs=tuple(leg.facts(_next_due(clocks, leg)) for leg in self.legs),
            clocks=clocks,
            approvals=tuple(approval.facts() for approval in self.approvals),
            tasks=tuple(task.facts() for task in self.tasks),
            links=tuple(link for _key, link in sorted(self.links.items())),
            incidents=tuple(self.incidents[key] for key in sorted(self.incidents)),
        )


def _next_due(clocks: Iterable[ClockFacts], leg: LegCourse) -> datetime | None:
    """Return the earliest due time of what runs on this leg; the lead leg answers for the ticket too."""
    return min(
        (
            clock.due_at
            for clock in clocks
            if clock.state == "running"
            and clock.due_at
            and (clock.leg_no is not None or clock.metric != TargetMetric.APPROVAL)
            and (clock.leg_no == leg.no or (clock.leg_no is None and leg.is_lead))
        ),
        default=None,
    )
