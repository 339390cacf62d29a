"""What happens to the request as a whole."""

from typing import Final

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ApprovalState, LegState, TaskState, TicketState, Visibility
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError
from neike.desk.replay.timing import NOBODY

SERVING: Final = "serving"
"""`data["party"]` of a message by somebody who works on the request."""
APPROVER: Final = "approver"
"""`data["party"]` of a message by somebody who is asked to approve: it neither answers nor asks."""
REQUESTER: Final = "requester"
"""`data["party"]` of a message by somebody of the requesting side."""


def submitted(course: Course, event: Event) -> None:
    """The request is made: its clocks start."""
    data = event.data
    course.state = TicketState.SUBMITTED.value
    course.priority = data["priority"]
    course.customer_id, course.requester_id = data["customer"], data["requester"]
    course.submitted_at = event.at
    course.own = course.terms[data["standard"]]
    course.end_to_end = course.start_ticket_clock(TargetMetric.END_TO_END, event.at)
    course.first_response = course.start_ticket_clock(TargetMetric.FIRST_RESPONSE, event.at)


def message_posted(course: Course, event: Event) -> None:
    """Somebody wrote; public words of people answer or ask (R8, R9)."""
    data = event.data
    if data.get("automatic") or data.get("visibility") != Visibility.PUBLIC:
        return
    if data.get("party") == SERVING:
        course.answered(event.at)
    elif data.get("party") == REQUESTER:
        course.asked(event.at)


def priority_changed(course: Course, event: Event) -> None:
    """All promises are reckoned anew from their start (R10)."""
    course.priority = event.data["priority"]
    for leg in course.legs:
        if leg.ended_at is None:
            leg.priority, leg.version = course.priority, event.seq
            for clock in leg.clocks():
                clock.retarget(event.at, course.priority)
    for clock in course.ticket_clocks():
        clock.retarget(event.at, course.priority)


def resolved(course: Course, event: Event) -> None:
    """The lead leg is done: the requester looks at the result."""
    lead = course.leg(event)
    if lead is not course.lead:
        raise IllegalEventError(event, "only the lead leg resolves the request")
    if any(leg.is_open for leg in course.legs if leg is not lead):
        raise IllegalEventError(event, "another leg is not delivered")
    if any(approval.is_open for approval in course.approvals):
        raise IllegalEventError(event, "an approval is open")
    if any(task.is_open for task in course.tasks):
        raise IllegalEventError(event, "a task is open")
    course.state, course.resolved_at = TicketState.RESOLVED.value, event.at
    course.answered(event.at)
    lead.deliver(event.at)
    if course.end_to_end:
        course.end_to_end.stop(event.at)


def confirmed(course: Course, event: Event) -> None:
    """The requester, or time, accepts the result."""
    course.state, course.closed_at = TicketState.CLOSED.value, event.at
    course.closed_by_itself = bool(event.data.get("automatic"))
    lead = course.lead
    if lead is not None:
        lead.confirmed_at, lead.version = event.at, event.seq
        lead.end(event.at, LegState.CONFIRMED)


def reopened(course: Course, event: Event) -> None:
    """The requester comes back; the time in between is credited (R12)."""
    if course.state == TicketState.CLOSED and not course.closed_by_itself:
        raise IllegalEventError(event, "the requester has confirmed and closed it")
    course.state = TicketState.IN_PROGRESS.value
    course.resolved_at = course.closed_at = None
    course.reopen_count += 1
    if course.end_to_end:
        course.end_to_end.reopen(event.at)
    lead = course.lead
    if lead is None:
        return
    lead.revive(event.at, holder_id=lead.customer_id, waiting_on=NOBODY)
    lead.state, lead.delivered_at, lead.confirmed_at = LegState.WORKING.value, None, None
    if lead.delivery:
        lead.delivery.reopen(event.at)
    lead.hold(event.at)
    lead.version = event.seq


def cancelled(course: Course, event: Event) -> None:
    """The request is withdrawn: its clocks are void."""
    end(course, event, TicketState.CANCELLED)


def rejected(course: Course, event: Event) -> None:
    """The request is not approved: its clocks are void."""
    end(course, event, TicketState.REJECTED)


def end(course: Course, event: Event, state: TicketState) -> None:
    """End the request undone: open legs are cancelled, open approvals and tasks fall away, clocks are void."""
    course.state, course.closed_at = state.value, event.at
    for leg in course.legs:
        if leg.is_open:
            leg.end(event.at, LegState.CANCELLED)
            leg.version = event.seq
        for clock in leg.clocks():
            clock.cancel(event.at)
    for approval in course.approvals:
        if approval.is_open:
            approval.state, approval.decided_at = ApprovalState.WITHDRAWN.value, event.at
    for task in course.tasks:
        if task.is_open:
            task.state, task.ended_at = TaskState.DROPPED.value, event.at
    for clock in course.ticket_clocks():
        clock.cancel(event.at)


def nothing(_course: Course, _event: Event) -> None:
    """Some facts change nothing but the log."""
