"""An approval of a ticket while its log is read, and what events do to it."""

from datetime import datetime
from typing import Any

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ApprovalState, LegState, TicketState, Vote, WaitingOn
from neike.desk.replay.course import Course
from neike.desk.replay.facts import ApprovalFacts, Event, IllegalEventError, VoteFacts
from neike.desk.replay.timing import ClockCourse
from neike.engines.approvals import verdict
from neike.kernel.texts import LocalizedText


class ApprovalCourse:
    """One approval: who is asked, what they said, and the clock that is theirs (R22)."""

    def __init__(self, no: int, event: Event) -> None:
        data = event.data
        self.no, self.step, self.title = (
            no,
            data.get("step", ""),
            LocalizedText.from_json(data["title"]),
        )
        self.leg_no = event.leg_no
        self.needed: int = data["needed"]
        self.state: str = ApprovalState.OPEN.value
        self.asked_at = event.at
        self.decided_at: datetime | None = None
        self.votes: dict[int, dict[str, Any]] = {}
        self.clock: ClockCourse | None = None
        for person in data["approvers"]:
            self.ask(person)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == ApprovalState.OPEN

    def ask(self, person_id: int) -> None:
        """Ask one more person."""
        self.votes[person_id] = {"vote": Vote.OPEN.value, "by": None, "at": None, "reason": ""}

    def count(self, vote: Vote) -> int:
        """Return how many said so."""
        return sum(each["vote"] == vote for each in self.votes.values())

    def decide(self, at: datetime) -> None:
        """Take the verdict of what was said so far."""
        self.state = verdict(
            asked=len(self.votes),
            needed=self.needed,
            given=self.count(Vote.YES),
            refused=self.count(Vote.NO),
        ).value
        if not self.is_open:
            self.end(at)

    def end(self, at: datetime) -> None:
        """Stop the approvers' clock."""
        self.decided_at = at
        if self.clock:
            self.clock.stop(at)

    def facts(self) -> ApprovalFacts:
        """Return what is stored."""
        return ApprovalFacts(
            no=self.no,
            leg_no=self.leg_no,
            step=self.step,
            title=self.title,
            needed=self.needed,
            state=self.state,
            asked_at=self.asked_at,
            decided_at=self.decided_at,
            votes=tuple(
                VoteFacts(
                    person_id=person,
                    vote=said["vote"],
                    decided_by_id=said["by"],
                    decided_at=said["at"],
                    reason=said["reason"],
                )
                for person, said in self.votes.items()
            ),
        )


def asked(course: Course, event: Event) -> None:
    """People are asked to approve; their clock starts."""
    if not event.data["approvers"]:
        raise IllegalEventError(event, "nobody is asked")
    approval = ApprovalCourse(len(course.approvals), event)
    if event.leg_no is None:
        approval.clock = course.start_ticket_clock(
            TargetMetric.APPROVAL, event.at, cycle=approval.no
        )
    course.approvals.append(approval)
    if approval.step:
        course.steps[approval.step] = ("approval", approval.no)


def given(course: Course, event: Event) -> None:
    """One of those asked agrees."""
    _vote(course, event, Vote.YES)


def refused(course: Course, event: Event) -> None:
    """One of those asked does not agree."""
    _vote(course, event, Vote.NO)


def _vote(course: Course, event: Event, vote: Vote) -> None:
    approval = _open_approval(course, event)
    said = approval.votes.get(event.data["person"])
    if said is None or said["vote"] != Vote.OPEN:
        raise IllegalEventError(event, "is not asked, or has decided")
    said |= {
        "vote": vote.value,
        "by": event.by_id,
        "at": event.at,
        "reason": event.data.get("reason", ""),
    }
    approval.decide(event.at)


def moved(course: Course, event: Event) -> None:
    """Somebody who cannot decide any more is replaced by somebody else, or (`to` None) asked no more."""
    approval = _open_approval(course, event)
    said = approval.votes.get(event.data["person"])
    if said is None or said["vote"] != Vote.OPEN:
        raise IllegalEventError(event, "is not asked, or has decided")
    to = event.data["to"]
    del approval.votes[event.data["person"]]
    if to is not None and to not in approval.votes:
        approval.ask(to)
    if not approval.votes:
        raise IllegalEventError(event, "nobody would be left")
    approval.needed = min(approval.needed, len(approval.votes))
    approval.decide(event.at)


def withdrawn(course: Course, event: Event) -> None:
    """The approval is not needed any more."""
    approval = _open_approval(course, event)
    approval.state = ApprovalState.WITHDRAWN.value
    approval.end(event.at)


def _open_approval(course: Course, event: Event) -> ApprovalCourse:
    no: int = event.data["approval"]
    if not 0 <= no < len(course.approvals) or not course.approvals[no].is_open:
        raise IllegalEventError(event, "there is no such open approval")
    return course.approvals[no]


def leg_released(course: Course, event: Event) -> None:
    """What was held back until it was approved is offered now."""
    leg = course.leg(event)
    if not leg.held:
        raise IllegalEventError(event, "the leg is not held back")
    leg.held = False
    leg.state = LegState.OFFERED.value
    leg.hold(event.at)
    if course.state == TicketState.IN_APPROVAL:
        course.state = TicketState.SUBMITTED.value


def hold_back(course: Course, event: Event) -> None:
    """Keep an offered leg waiting for approval; its acceptance clock pauses (pause table)."""
    leg = course.leg(event)
    leg.held, leg.state = True, LegState.WAITING.value
    leg.waiting_on = WaitingOn.APPROVER.value
    leg.mark(event.at, leg.supplier_id, None, leg.waiting_on)
    leg.tell_clocks(event.at)
    course.state = TicketState.IN_APPROVAL.value
