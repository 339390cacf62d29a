"""What happens to one leg while its department works."""

from datetime import datetime

from neike.catalog.choices import TargetMetric
from neike.desk.choices import LegState, TicketState, WaitingOn
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError


def leg_accepted(course: Course, event: Event) -> None:
    """The department takes the work: its promise of delivery begins."""
    leg = course.leg(event)
    leg.state, leg.accepted_at = LegState.ACCEPTED.value, event.at
    leg.auto_accepted = bool(event.data.get("automatic"))
    if leg.acceptance and leg.auto_accepted:
        leg.acceptance.forfeit(event.at)
    elif leg.acceptance:
        leg.acceptance.stop(event.at)
    leg.delivery = leg.start_clock(TargetMetric.LEG_DELIVERY, event.at)
    leg.assignee_id = event.data.get("person") or leg.assignee_id
    leg.hold(event.at)
    if course.state == TicketState.SUBMITTED:
        course.state = TicketState.IN_PROGRESS.value


def leg_assigned(course: Course, event: Event) -> None:
    """Somebody of the department takes the work, or nobody."""
    leg = course.leg(event)
    leg.assignee_id = event.data["person"]
    if leg.waiting_on in (WaitingOn.SUPPLIER, WaitingOn.THIRD_PARTY):
        leg.mark(event.at, leg.supplier_id, leg.assignee_id, leg.waiting_on)


def leg_started(course: Course, event: Event) -> None:
    """Work has begun."""
    course.leg(event).state = LegState.WORKING.value


def leg_waiting(course: Course, event: Event) -> None:
    """Work waits for the requester, an approver or an outside supplier."""
    leg = course.leg(event)
    waiting_on = event.data["waiting_on"]
    if waiting_on not in (WaitingOn.REQUESTER, WaitingOn.THIRD_PARTY, WaitingOn.APPROVER):
        raise IllegalEventError(event, f"a leg cannot be made to wait on {waiting_on}")
    leg.state, leg.waiting_on = LegState.WAITING.value, waiting_on
    leg.waiting_reason = event.data.get("reason", "")
    follow_up = event.data.get("follow_up_at")
    leg.follow_up_at = datetime.fromisoformat(follow_up) if follow_up else None
    if waiting_on == WaitingOn.REQUESTER:
        leg.mark(event.at, course.customer_id, course.requester_id, waiting_on)
        course.answered(event.at)  # the question is a public contact (R8, R20)
    else:
        leg.mark(event.at, leg.supplier_id, leg.assignee_id, waiting_on)
    leg.tell_clocks(event.at)
    if waiting_on == WaitingOn.APPROVER:
        clock = leg.start_clock(TargetMetric.APPROVAL, event.at, cycle=len(leg.approvals))
        if clock:
            leg.approvals.append(clock)


def leg_reminded(course: Course, event: Event) -> None:
    """The requester was reminded of the question."""
    course.leg(event).reminded = True


def leg_resumed(course: Course, event: Event) -> None:
    """Work goes on."""
    leg = course.leg(event)
    if leg.waiting_on == WaitingOn.OTHER_LEG:
        raise IllegalEventError(event, "the leg waits for another leg")
    if leg.held:
        raise IllegalEventError(event, "the leg is held back until it is approved")
    leg.end_approval(event.at)
    leg.state = LegState.REWORK.value if leg.rework_count else LegState.WORKING.value
    leg.hold(event.at)


def leg_delivered(course: Course, event: Event) -> None:
    """The department hands its result to the one that asked."""
    leg = course.leg(event)
    if leg.is_lead:
        raise IllegalEventError(event, "the lead leg is delivered by resolving the request")
    if course.open_children(leg):
        raise IllegalEventError(event, "the leg has handed over work that is not done")
    leg.deliver(event.at)
    course.resume_waiting(leg, event)


def leg_confirmed(course: Course, event: Event) -> None:
    """The one that asked accepts the result."""
    leg = course.leg(event)
    if leg.is_lead:
        raise IllegalEventError(event, "the lead leg is confirmed by the requester")
    leg.confirmed_at = event.at
    leg.end(event.at, LegState.CONFIRMED)
