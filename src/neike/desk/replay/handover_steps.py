"""What a hand-over, its return, withdrawal and rework do to the two legs (R11)."""

from neike.catalog.choices import HandOverMode, TargetMetric
from neike.desk.choices import LegState, WaitingOn
from neike.desk.replay.approvals import hold_back
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError
from neike.desk.replay.legs import ACTIVE, OFFERED_OR_ACTIVE, LegCourse


def _hand_over(course: Course, event: Event, leg: LegCourse) -> None:
    """Do to the sender's leg what the mode says (R11)."""
    assert leg.parent_no is not None  # noqa: S101 - the caller made sure
    if not 0 <= leg.parent_no < len(course.legs):
        raise IllegalEventError(event, "there is no such sending leg")
    sender = course.legs[leg.parent_no]
    transfer = leg.mode == HandOverMode.TRANSFER
    beside = leg.mode == HandOverMode.PARALLEL and event.data.get("automatic")
    if beside:
        allowed = sender.is_open
    else:
        allowed = sender.state in (OFFERED_OR_ACTIVE if transfer else ACTIVE)
    if not allowed:
        raise IllegalEventError(event, f"the sending leg is {sender.state}")
    if transfer and course.open_children(sender):
        raise IllegalEventError(event, "the sending leg has handed over work that is not done")
    sender.version = event.seq
    if transfer:
        _transfer(course, event, sender, leg)
    elif leg.mode == HandOverMode.RELAY:
        sender.wait_for_leg(event.at, leg.no, leg.supplier_id)


def _transfer(course: Course, event: Event, sender: LegCourse, leg: LegCourse) -> None:
    waiter = course.waits_for(sender)
    if waiter is not None:
        waiter.wait_for_leg(event.at, leg.no, leg.supplier_id)
        waiter.version = event.seq
    for clock in (sender.acceptance, sender.delivery):
        if clock:
            clock.stop(event.at)
    sender.end(event.at, LegState.TRANSFERRED)
    if sender.is_lead:
        sender.is_lead, leg.is_lead, course.lead = False, True, leg


def _require_returnable(course: Course, event: Event, leg: LegCourse) -> None:
    if leg.parent_no is None:
        raise IllegalEventError(event, "the first leg has no sender")
    if leg.waits_for is not None or course.open_children(leg):
        raise IllegalEventError(event, "the leg has handed over work that is not done")


def _give_back(course: Course, event: Event, leg: LegCourse) -> None:
    """Let the sender go on: a relay resumes, a transfer is undone with its time credited."""
    assert leg.parent_no is not None  # noqa: S101 - checked before
    sender = course.legs[leg.parent_no]
    if leg.mode != HandOverMode.TRANSFER:
        course.resume_waiting(leg, event)
        return
    waiter = course.waits_for(leg)
    if waiter is not None:
        waiter.wait_for_leg(event.at, sender.no, sender.supplier_id)
        waiter.version = event.seq
    sender.revive(event.at, holder_id=leg.supplier_id, waiting_on=WaitingOn.OTHER_LEG.value)
    sender.state = LegState.WORKING.value if sender.accepted_at else LegState.OFFERED.value
    clock = sender.delivery if sender.accepted_at else sender.acceptance
    if clock:
        clock.reopen(event.at)
    sender.hold(event.at)
    sender.version = event.seq
    if leg.is_lead:
        leg.is_lead, sender.is_lead, course.lead = False, True, sender


def leg_offered(course: Course, event: Event) -> None:
    """A department is asked; from leg 1 on by another department, in one of three modes."""
    data = event.data
    if event.leg_no != len(course.legs):
        raise IllegalEventError(event, f"the next leg is {len(course.legs)}")
    leg = LegCourse(
        no=len(course.legs),
        terms=course.terms[data["standard"]],
        priority=course.priority,
        at=event.at,
    )
    leg.parent_no, leg.mode = data["parent"], data["mode"]
    leg.supplier_id, leg.customer_id = data["supplier"], data["customer"]
    leg.service_id, leg.ask, leg.offered_by_id = data["service"], data.get("ask", ""), event.by_id
    if leg.parent_no is None:
        if course.legs:
            raise IllegalEventError(event, "only leg 0 has no sender")
        leg.is_lead, course.lead = True, leg
    else:
        _hand_over(course, event, leg)
    course.legs.append(leg)
    leg.own_seconds = data.get("seconds")
    leg.hold(event.at)
    leg.acceptance = leg.start_clock(TargetMetric.ACCEPTANCE, event.at)
    if data.get("step"):
        course.steps[data["step"]] = ("leg", leg.no)
    if data.get("held"):
        hold_back(course, event)


def leg_returned(course: Course, event: Event) -> None:
    """The department gives the work back to the sender."""
    leg = course.leg(event)
    _require_returnable(course, event, leg)
    leg.return_reason = event.data["reason"]
    if leg.acceptance:
        leg.acceptance.stop(event.at)
    if leg.delivery:
        leg.delivery.cancel(event.at)
    leg.end_approval(event.at)
    leg.end(event.at, LegState.RETURNED)
    _give_back(course, event, leg)


def leg_cancelled(course: Course, event: Event) -> None:
    """The sender takes back what it handed over."""
    leg = course.leg(event)
    _require_returnable(course, event, leg)
    if leg.mode == HandOverMode.TRANSFER and leg.accepted_at:
        raise IllegalEventError(event, "the receiving department has taken it over")
    for clock in leg.clocks():
        clock.cancel(event.at)
    leg.end(event.at, LegState.CANCELLED)
    _give_back(course, event, leg)


def leg_rework(course: Course, event: Event) -> None:
    """The one that asked sends the result back."""
    leg = course.leg(event)
    if leg.is_lead:
        raise IllegalEventError(event, "the lead leg is sent back by reopening the request")
    patron, mode = course.patron(leg)
    busy = mode == HandOverMode.RELAY and not (patron and patron.is_active)
    if patron is None or busy or not patron.is_open:
        raise IllegalEventError(event, "the receiving leg is not being worked on")
    leg.state, leg.delivered_at = LegState.REWORK.value, None
    leg.rework_count += 1
    if leg.delivery:
        leg.delivery.reopen(event.at)
    leg.hold(event.at)
    if mode == HandOverMode.RELAY:
        patron.wait_for_leg(event.at, leg.no, leg.supplier_id)
        patron.version = event.seq
