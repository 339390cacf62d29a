"""What requesters and leading departments do with a request as a whole."""

from datetime import datetime

from django.db import transaction

from neike.catalog.choices import Priority
from neike.desk import events, policies, queries
from neike.desk.actions import plans
from neike.desk.actions.errors import (
    NotPossibleError,
    OpenLegsError,
    ReopenWindowOverError,
    TasksOpenError,
)
from neike.desk.actions.work import Work, begin, reason, text
from neike.desk.choices import EventKind
from neike.desk.models import Leg, Ticket
from neike.kernel.policies import require
from neike.org.models import Person


@transaction.atomic
def resolve(*, ticket: Ticket, by: Person, version: int, now: datetime, note: str = "") -> Ticket:
    """Deliver the lead leg: the requester is asked to look at the result. `note` is posted to them.

    Raises:
        PermissionDenied: the lead leg is somebody else's.
        TicketChangedError: somebody was faster.
        OpenLegsError: another department has not delivered.
        NotPossibleError: the lead leg is not being worked on.
    """
    work = begin(ticket, by=by, now=now)
    lead = work.lead_leg()
    require(policies.may_resolve(work.who, lead))
    work.refuse_stale(version)
    let_resolve(work, lead, note)
    work.finish()
    return work.ticket


def let_resolve(work: Work, lead: Leg, note: str = "", *, automatic: bool = False) -> None:
    """Let a request be resolved; who may and when is decided before."""
    plans.finish_plan(work)
    busy = [leg.no for leg in work.log.course.legs if leg.is_open and leg.no != lead.no]
    if busy:
        raise OpenLegsError(list(work.ticket.legs.filter(no__in=busy).select_related("supplier")))
    if any(task.is_open for task in work.log.course.tasks):
        raise TasksOpenError
    if note.strip():
        message, posted = work.post(text(note), party="serving", leg=lead)
        work.tell(
            events.MessagePosted, posted, message_id=message.pk, visibility=message.visibility
        )
    event = work.happen(EventKind.RESOLVED, lead.no, automatic=automatic)
    work.tell(events.LegDelivered, event, leg_no=lead.no)
    work.tell(events.TicketResolved, event)


@transaction.atomic
def confirm(*, ticket: Ticket, by: Person, version: int, now: datetime) -> Ticket:
    """Accept the result; the request is closed.

    Raises:
        PermissionDenied: `by` is not the requester.
        TicketChangedError: somebody was faster.
        NotPossibleError: it is not resolved.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_confirm(work.who, work.ticket))
    work.refuse_stale(version)
    let_confirm(work, automatic=False)
    work.finish()
    return work.ticket


def let_confirm(work: Work, *, automatic: bool) -> None:
    """Let a request be confirmed and closed."""
    event = work.happen(EventKind.CONFIRMED, automatic=automatic)
    lead = work.log.course.lead
    if lead is not None:
        work.tell(events.LegConfirmed, event, leg_no=lead.no)
    work.tell(events.TicketConfirmed, event, automatic=automatic)


@transaction.atomic
def reopen(*, ticket: Ticket, by: Person, why: str, version: int, now: datetime) -> Ticket:
    """Go on with a request within five working days of its resolution (R12); the reason is posted.

    What the requester confirmed stays closed; what closed by itself may still be reopened in these days.

    Raises:
        PermissionDenied: `by` is neither the requester nor a lead of the department that resolved.
        TicketChangedError: somebody was faster.
        ReopenWindowOverError: too late, or confirmed: `follow_up` makes a linked request.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_reopen(work.who, work.ticket, work.lead_leg()))
    work.refuse_stale(version)
    given = reason(why)
    if work.ticket.resolved_at is None:
        raise NotPossibleError("the request is not resolved")
    until = queries.reopen_until(work.ticket)
    if until is not None and now > until:
        raise ReopenWindowOverError(until)
    try:
        event = work.happen(EventKind.REOPENED, reason=given)
    except NotPossibleError as error:
        raise ReopenWindowOverError(None) from error
    work.tell(events.TicketReopened, event)
    message, posted = work.post(given)
    work.tell(events.MessagePosted, posted, message_id=message.pk, visibility=message.visibility)
    work.finish()
    return work.ticket


@transaction.atomic
def cancel(*, ticket: Ticket, by: Person, version: int, now: datetime, why: str = "") -> Ticket:
    """Withdraw a request; its clocks become void. The service's owner owes a reason.

    Raises:
        PermissionDenied: `by` is neither the requester before the first delivery nor the service's owner.
        TicketChangedError: somebody was faster.
        ReasonNeededError: the owner gave no reason.
        NotPossibleError: it is not open.
    """
    work = begin(ticket, by=by, now=now)
    who = work.who
    require(policies.may_cancel(who, work.ticket))
    work.refuse_stale(version)
    own = who.person_id in (work.ticket.requester_id, work.ticket.raised_by_id)
    given = why.strip()[:300] if own else reason(why)
    if given:
        work.post(given)
    event = work.happen(EventKind.CANCELLED, reason=given)
    work.tell(events.TicketCancelled, event)
    work.finish()
    return work.ticket


@transaction.atomic
def change_priority(
    *, ticket: Ticket, by: Person, priority: Priority, why: str, version: int, now: datetime
) -> Ticket:
    """Set another priority: promises are reckoned anew from the start, never less than a first response away (R10).

    Raises:
        PermissionDenied: `by` does not work for the department that leads the request.
        TicketChangedError: somebody was faster.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: it is not open, or has this priority already.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_change_priority(work.who, work.lead_leg()))
    work.refuse_stale(version)
    given = reason(why)
    if work.ticket.priority == priority:
        raise NotPossibleError("the request has this priority")
    work.happen(
        EventKind.PRIORITY_CHANGED,
        priority=Priority(priority).value,
        before=work.ticket.priority,
        reason=given,
    )
    work.finish()
    return work.ticket
