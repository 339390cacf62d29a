"""One leg of a ticket while its log is read."""

from datetime import datetime
from typing import Final

from neike.catalog.choices import TargetMetric
from neike.desk.choices import OPEN_LEG_STATES, LegState, WaitingOn
from neike.desk.replay.facts import LegFacts, SegmentFacts, Terms
from neike.desk.replay.timing import (
    CONFIRM_LEG_DAYS,
    LAPSE_DAYS,
    NOBODY,
    REMIND_DAYS,
    ClockCourse,
    working_days_later,
)

ACTIVE: Final = frozenset({"accepted", "working", "rework"})
"""The leg's states in which the supplier has taken the work and waits for nobody."""
OFFERED_OR_ACTIVE: Final = ACTIVE | {"offered"}
_OPEN: Final = frozenset(state.value for state in OPEN_LEG_STATES)

_END: Final = -1
"""Marks where a leg's life ends in `LegCourse.marks`; no department has this id."""


class LegCourse:
    """The present state of a leg, the cuts of its life so far, and its clocks."""

    def __init__(self, *, no: int, terms: Terms, priority: str, at: datetime) -> None:
        self.no, self.terms, self.priority = no, terms, priority
        self.parent_no: int | None = None
        self.mode = ""
        self.supplier_id = self.customer_id = self.service_id = 0
        self.is_lead = False
        self.state: str = LegState.OFFERED.value
        self.waiting_on: str = WaitingOn.SUPPLIER.value
        self.waits_for: int | None = None
        self.waiting_reason = self.return_reason = self.ask = ""
        self.follow_up_at: datetime | None = None
        self.reminded = self.auto_accepted = self.held = False
        self.own_seconds: int | None = None
        self.assignee_id: int | None = None
        self.offered_by_id: int | None = None
        self.offered_at = at
        self.accepted_at: datetime | None = None
        self.delivered_at: datetime | None = None
        self.confirmed_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.rework_count = self.version = 0
        self.marks: list[tuple[datetime, int, int | None, str]] = []
        self.acceptance: ClockCourse | None = None
        self.delivery: ClockCourse | None = None
        self.approvals: list[ClockCourse] = []

    @property
    def is_open(self) -> bool:
        """Whether the supplier still owes something."""
        return self.state in _OPEN

    @property
    def is_active(self) -> bool:
        """Whether the supplier has taken the work and waits for nobody."""
        return self.state in ACTIVE

    def clocks(self) -> list[ClockCourse]:
        """Return the leg's clocks, those that exist."""
        return [clock for clock in (self.acceptance, self.delivery, *self.approvals) if clock]

    def start_clock(self, metric: TargetMetric, at: datetime, cycle: int = 0) -> ClockCourse | None:
        """Begin a clock if the standard promises this metric."""
        own = self.own_seconds if metric == TargetMetric.LEG_DELIVERY else None
        seconds = own or self.terms.target(self.priority, metric.value)
        if seconds is None:
            return None
        clock = ClockCourse(metric.value, self.no, cycle, self.terms, fixed=own is not None)
        clock.start(at, seconds)
        return clock

    def mark(self, at: datetime, holder_id: int, person_id: int | None, waiting_on: str) -> None:
        """Cut the leg's life at `at`; what is as before is not cut."""
        marks = self.marks
        lived = len(marks) > 1 or holder_id != _END
        if marks and marks[-1][0] == at and lived:
            marks.pop()  # what lasted no time is no stretch
        if not marks or marks[-1][1:] != (holder_id, person_id, waiting_on):
            marks.append((at, holder_id, person_id, waiting_on))

    def hold(self, at: datetime) -> None:
        """Give the ball to the supplier's assignee."""
        self.waiting_on, self.waits_for = WaitingOn.SUPPLIER.value, None
        self.waiting_reason, self.follow_up_at, self.reminded = "", None, False
        self.mark(at, self.supplier_id, self.assignee_id, self.waiting_on)
        self.tell_clocks(at)

    def tell_clocks(self, at: datetime) -> None:
        """Let the leg's clocks pause or go on as its present wait says."""
        for clock in self.clocks():
            clock.wait(at, self.waiting_on)

    def wait_for_leg(self, at: datetime, no: int, supplier_id: int) -> None:
        """Wait for another leg of the ticket."""
        self.state = LegState.WAITING.value
        self.waiting_on, self.waits_for = WaitingOn.OTHER_LEG.value, no
        self.mark(at, supplier_id, None, self.waiting_on)
        self.tell_clocks(at)

    def deliver(self, at: datetime) -> None:
        """Stop; the customer looks at the result."""
        self.state, self.delivered_at = LegState.DELIVERED.value, at
        self.waiting_on = NOBODY
        self.mark(at, self.customer_id, None, NOBODY)
        if self.delivery:
            self.delivery.stop(at)

    def end(self, at: datetime, state: LegState) -> None:
        """End the leg's life."""
        self.state, self.ended_at = state.value, at
        self.waiting_on, self.waits_for, self.waiting_reason = NOBODY, None, ""
        self.follow_up_at = None
        self.mark(at, _END, None, NOBODY)

    def revive(self, at: datetime, *, holder_id: int, waiting_on: str) -> None:
        """Go on after an end; the time between belongs to `holder_id`, so that the partition has no gap."""
        if self.marks[-1][1] == _END:
            ended = self.marks.pop()[0]
            if ended < at:
                self.mark(ended, holder_id, None, waiting_on)
        self.ended_at = None

    def end_approval(self, at: datetime) -> None:
        """Stop the approver's clock, if one runs."""
        if self.approvals:
            self.approvals[-1].stop(at)

    def segments(self) -> tuple[SegmentFacts, ...]:
        """Return the partition of the leg's life."""
        marks = self.marks
        found = []
        for index, (at, holder, person, waiting) in enumerate(marks):
            if holder == _END:
                continue
            until = marks[index + 1][0] if index + 1 < len(marks) else None
            found.append(
                SegmentFacts(
                    starts_at=at,
                    ends_at=until,
                    holder_id=holder,
                    person_id=person,
                    waiting_on=waiting,
                )
            )
        return tuple(found)

    def facts(self, next_due_at: datetime | None) -> LegFacts:
        """Return what is stored."""
        segments = self.segments()
        remind_at, lapse_at = self._timers(segments[-1].starts_at)
        return LegFacts(
            no=self.no,
            parent_no=self.parent_no,
            mode=self.mode,
            supplier_id=self.supplier_id,
            customer_id=self.customer_id,
            service_id=self.service_id,
            standard_id=self.terms.standard_id,
            priority=self.priority,
            is_lead=self.is_lead,
            state=self.state,
            waiting_on=self.waiting_on,
            waiting_reason=self.waiting_reason,
            follow_up_at=self.follow_up_at,
            since=segments[-1].starts_at,
            assignee_id=self.assignee_id,
            offered_by_id=self.offered_by_id,
            ask=self.ask,
            offered_at=self.offered_at,
            accepted_at=self.accepted_at,
            auto_accepted=self.auto_accepted,
            delivered_at=self.delivered_at,
            confirmed_at=self.confirmed_at,
            ended_at=self.ended_at,
            return_reason=self.return_reason,
            rework_count=self.rework_count,
            next_due_at=next_due_at,
            remind_at=remind_at,
            lapse_at=lapse_at,
            version=self.version,
            segments=segments,
        )

    def _timers(self, since: datetime) -> tuple[datetime | None, datetime | None]:
        """Return when to remind the requester and when the leg moves by itself."""
        if self.state == LegState.DELIVERED and not self.is_lead and self.delivered_at:
            return None, working_days_later(self.terms, self.delivered_at, CONFIRM_LEG_DAYS)
        if self.state == LegState.WAITING and self.waiting_on == WaitingOn.REQUESTER:
            remind = None if self.reminded else working_days_later(self.terms, since, REMIND_DAYS)
            return remind, working_days_later(self.terms, since, LAPSE_DAYS)
        return None, None
