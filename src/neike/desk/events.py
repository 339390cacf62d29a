"""What the desk tells the modules above it: past tense, versioned, ids only; aggregate "ticket:<id>"."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfTicket:
    """What all of them carry; `by_id` is None where a timer acted. `seq` is the event's place in the log."""

    ticket_id: int
    seq: int
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfLeg(_OfTicket):
    leg_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSubmitted(_OfTicket):
    """A request was made; its first leg is offered."""

    name: ClassVar[str] = "desk.ticket_submitted.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegOffered(_OfLeg):
    """A department was asked for something."""

    name: ClassVar[str] = "desk.leg_offered.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAccepted(_OfLeg):
    """A department took the work, or time took it for the department."""

    name: ClassVar[str] = "desk.leg_accepted.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAssigned(_OfLeg):
    """Somebody was given the work (`person_id` None: nobody)."""

    name: ClassVar[str] = "desk.leg_assigned.v1"
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegWaiting(_OfLeg):
    """Work waits on the requester, an approver or an outside supplier."""

    name: ClassVar[str] = "desk.leg_waiting.v1"
    waiting_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterReminded(_OfLeg):
    """A question to the requester was called to mind."""

    name: ClassVar[str] = "desk.requester_reminded.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegReturned(_OfLeg):
    """A department gave the work back; `returns` counts returns between the same two departments."""

    name: ClassVar[str] = "desk.leg_returned.v1"
    reason: str
    returns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegDelivered(_OfLeg):
    """A department handed its result to the department that asked."""

    name: ClassVar[str] = "desk.leg_delivered.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegConfirmed(_OfLeg):
    """The asking department, or time, accepted the result."""

    name: ClassVar[str] = "desk.leg_confirmed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegReworked(_OfLeg):
    """The asking department sent the result back."""

    name: ClassVar[str] = "desk.leg_reworked.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(_OfTicket):
    """Somebody wrote; the text stays in its row, because rights are checked when it is shown."""

    name: ClassVar[str] = "desk.message_posted.v1"
    message_id: int
    visibility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantAdded(_OfTicket):
    """Somebody follows the request now."""

    name: ClassVar[str] = "desk.participant_added.v1"
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResolved(_OfTicket):
    """The requester is asked to look at the result."""

    name: ClassVar[str] = "desk.ticket_resolved.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketConfirmed(_OfTicket):
    """The requester, or time, accepted the result; the request is closed."""

    name: ClassVar[str] = "desk.ticket_confirmed.v1"
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReopened(_OfTicket):
    """The requester came back to a resolved request."""

    name: ClassVar[str] = "desk.ticket_reopened.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled(_OfTicket):
    """The request was withdrawn."""

    name: ClassVar[str] = "desk.ticket_cancelled.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRejected(_OfTicket):
    """The request was not approved."""

    name: ClassVar[str] = "desk.ticket_rejected.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(_OfTicket):
    """People are asked to approve; `no` is the approval's number within the request.

    `instead_of` is who cannot decide any more and is replaced, None when the question is new.
    """

    name: ClassVar[str] = "desk.approval_asked.v1"
    no: int
    instead_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDecided(_OfTicket):
    """An approval was given or refused."""

    name: ClassVar[str] = "desk.approval_decided.v1"
    no: int
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(_OfTicket):
    """Something is to be done by a department; `no` is the task's number within the request."""

    name: ClassVar[str] = "desk.task_opened.v1"
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(_OfTicket):
    """A promise has used 75 or 100 percent of its working time."""

    name: ClassVar[str] = "desk.clock_warned.v1"
    clock_id: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAssigned(_OfTicket):
    """A task was given to somebody (`person_id` None: back to the department)."""

    name: ClassVar[str] = "desk.task_assigned.v1"
    no: int
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChanged:
    """What a knowledge article says, whom it is meant for or its state changed; aggregate "article:<id>"."""

    name: ClassVar[str] = "desk.article_changed.v1"
    article_id: int
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringMade:
    """A recurring request made its next request; aggregate "recurring:<id>"."""

    name: ClassVar[str] = "desk.recurring_made.v1"
    recurring_id: int
    ticket_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringStopped:
    """A recurring request ended; `reason` is a `StopReason`; aggregate "recurring:<id>"."""

    name: ClassVar[str] = "desk.recurring_stopped.v1"
    recurring_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegUnassigned(_OfLeg):
    """Nobody has taken the work for longer than its department allows; `step` 1, then 2 at twice the time."""

    name: ClassVar[str] = "desk.leg_unassigned.v1"
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNoticed(_OfLeg):
    """A rule tells somebody (None: who leads the department of the leg) of a request."""

    name: ClassVar[str] = "desk.rule_noticed.v1"
    rule_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMerged(_OfTicket):
    """The request goes on in another one, `into_id`; its clocks are void."""

    name: ClassVar[str] = "desk.ticket_merged.v1"
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketUnmerged(_OfTicket):
    """Merging into `into_id` was undone; the request goes on as before."""

    name: ClassVar[str] = "desk.ticket_unmerged.v1"
    into_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEscalated(_OfTicket):
    """A promise is missed for so long that the next one is told; `mark` names the step for good."""

    name: ClassVar[str] = "desk.clock_escalated.v1"
    clock_id: int
    mark: str
    whom: str
    person_id: int | None
    after_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChanged:
    """A department notice was published, updated, ended or withdrawn (`change`); aggregate "notice:<id>".

    `no` is the line of its history.
    """

    name: ClassVar[str] = "desk.notice_changed.v1"
    notice_id: int
    no: int
    change: str
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLinked(_OfTicket):
    """A request was linked to a major incident."""

    name: ClassVar[str] = "desk.incident_linked.v1"
    notice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUnlinked(_OfTicket):
    """A request was taken from a major incident."""

    name: ClassVar[str] = "desk.incident_unlinked.v1"
    notice_id: int
