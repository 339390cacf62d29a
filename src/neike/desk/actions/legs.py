"""What the serving department does with its leg."""

from datetime import datetime

from django.db import transaction

from neike.desk import events, policies
from neike.desk.actions import plans
from neike.desk.actions.errors import FollowUpDateError, WrongAssigneeError
from neike.desk.actions.tickets import let_resolve
from neike.desk.actions.work import begin_leg, reason, text
from neike.desk.choices import EventKind, LegState, Visibility, WaitingOn
from neike.desk.models import Leg
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Person


@transaction.atomic
def accept_leg(*, leg: Leg, by: Person, version: int, now: datetime, take: bool = True) -> Leg:
    """Accept an offered leg for the department; with `take` the person also becomes its assignee.

    Raises:
        PermissionDenied: `by` does not work the department's queue.
        LegChangedError: somebody was faster.
        NotPossibleError: it is not offered any more.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_accept(work.who, leg))
    work.refuse_stale_leg(leg, version)
    event = work.happen(EventKind.LEG_ACCEPTED, leg.no, person=by.pk if take else None)
    work.tell(events.LegAccepted, event, leg_no=leg.no)
    return work.finish_leg(leg.no)


@transaction.atomic
def assign_leg(*, leg: Leg, by: Person, to: Person | None, version: int, now: datetime) -> Leg:
    """Give a leg to somebody of the department, or (None) to nobody; an offered leg is accepted with it.

    Raises:
        PermissionDenied: `by` does not work the department's queue.
        WrongAssigneeError: `to` does not.
        LegChangedError: somebody was faster.
        NotPossibleError: the leg is over.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_assign(work.who, leg))
    work.refuse_stale_leg(leg, version)
    on = org_queries.organisation_day(now)
    if to is not None and not org_queries.agents_of(leg.supplier, on=on).filter(pk=to.pk).exists():
        raise WrongAssigneeError
    person_id = to.pk if to else None
    if leg.state == LegState.OFFERED:
        accepted = work.happen(EventKind.LEG_ACCEPTED, leg.no, person=None)
        work.tell(events.LegAccepted, accepted, leg_no=leg.no)
    event = work.happen(EventKind.LEG_ASSIGNED, leg.no, person=person_id)
    work.tell(events.LegAssigned, event, leg_no=leg.no, person_id=person_id)
    return work.finish_leg(leg.no)


@transaction.atomic
def start_leg(*, leg: Leg, by: Person, version: int, now: datetime) -> Leg:
    """Say that work has begun; nobody's leg becomes one's own.

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        NotPossibleError: it is not accepted, or begun already.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_work(work.who, leg))
    work.refuse_stale_leg(leg, version)
    if leg.assignee_id is None:
        work.happen(EventKind.LEG_ASSIGNED, leg.no, person=by.pk)
    work.happen(EventKind.LEG_STARTED, leg.no)
    return work.finish_leg(leg.no)


@transaction.atomic
def wait_leg(
    *,
    leg: Leg,
    by: Person,
    waiting_on: WaitingOn,
    reason_given: str,
    follow_up_at: datetime,
    version: int,
    now: datetime,
) -> Leg:
    """Wait for the requester, an outside supplier or an approver (R20).

    The reason is read by the requester; when waiting for the requester it is the question, and is posted as
    a public message.

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        FollowUpDateError: `follow_up_at` is not in the future.
        NotPossibleError: the leg is not being worked on.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_work(work.who, leg))
    work.refuse_stale_leg(leg, version)
    why = reason(reason_given)
    if follow_up_at <= now:
        raise FollowUpDateError
    if waiting_on == WaitingOn.REQUESTER:
        message, posted = work.post(why, party="serving", leg=leg)
        work.tell(
            events.MessagePosted, posted, message_id=message.pk, visibility=message.visibility
        )
    event = work.happen(
        EventKind.LEG_WAITING,
        leg.no,
        waiting_on=str(waiting_on),
        reason=why,
        follow_up_at=follow_up_at.isoformat(),
    )
    work.tell(events.LegWaiting, event, leg_no=leg.no, waiting_on=str(waiting_on))
    return work.finish_leg(leg.no)


@transaction.atomic
def resume_leg(*, leg: Leg, by: Person, version: int, now: datetime) -> Leg:
    """Go on after a wait.

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        NotPossibleError: it does not wait, or it waits for another department.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_work(work.who, leg))
    work.refuse_stale_leg(leg, version)
    work.happen(EventKind.LEG_RESUMED, leg.no)
    return work.finish_leg(leg.no)


@transaction.atomic
def deliver_leg(*, leg: Leg, by: Person, version: int, now: datetime, note: str = "") -> Leg:
    """Deliver a leg to the department that asked for it; the lead leg's delivery resolves the request.

    `note` is posted: to the departments only, or, when it resolves the request, to the requester.

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        OpenLegsError: a department it was handed over to has not delivered.
        NotPossibleError: the leg is not being worked on.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_deliver(work.who, leg))
    work.refuse_stale_leg(leg, version)
    if leg.is_lead:
        let_resolve(work, leg, note)
        return work.finish_leg(leg.no)
    if note.strip():
        work.post(text(note), visibility=Visibility.INTERNAL, leg=leg)
    event = work.happen(EventKind.LEG_DELIVERED, leg.no)
    work.tell(events.LegDelivered, event, leg_no=leg.no)
    plans.advance(work)
    return work.finish_leg(leg.no)
