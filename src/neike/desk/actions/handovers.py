"""Handing work over between departments, and taking it back."""

from datetime import datetime

from django.db import transaction

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import HandOverMode, ServiceState
from neike.catalog.models import Service, ServiceStandard
from neike.desk import events, policies
from neike.desk.actions.errors import (
    NothingToReturnError,
    SameDepartmentError,
    ServiceNotOfferedError,
)
from neike.desk.actions.work import Work, begin_leg, reason, text
from neike.desk.choices import EventKind, LegState, ReturnReason, Visibility
from neike.desk.models import Leg
from neike.kernel.policies import require
from neike.org.models import Department, Person


@transaction.atomic
def hand_over(
    *,
    leg: Leg,
    by: Person,
    to: Department,
    ask: str,
    version: int,
    now: datetime,
    mode: HandOverMode = HandOverMode.RELAY,
    service: Service | None = None,
) -> Leg:
    """Ask another department for something; returns the new leg, whose customer is the sending department.

    Relay: the sender's leg waits. Transfer: it ends, and the new leg leads in its place. Parallel: both go on.
    Without `service` the receiver's catch-all standard is the promise (R17).

    Raises:
        PermissionDenied: the leg is somebody else's.
        LegChangedError: somebody was faster.
        SameDepartmentError: the department has it already.
        ServiceNotOfferedError: the service is not a published one of the receiver.
        BadTextError: `ask` is empty or too long.
        NotPossibleError: the leg is not being worked on.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_hand_over(work.who, leg))
    work.refuse_stale_leg(leg, version)
    if to.pk == leg.supplier_id:
        raise SameDepartmentError
    standard = _standard(to, service)
    no = len(work.log.course.legs)
    event = work.happen(
        EventKind.LEG_OFFERED,
        no,
        parent=leg.no,
        mode=str(mode),
        supplier=to.pk,
        customer=leg.supplier_id,
        service=service.pk if service else standard.service_id,
        standard=standard.pk,
        ask=text(ask),
    )
    work.tell(events.LegOffered, event, leg_no=no)
    return work.finish_leg(no)


def _standard(to: Department, service: Service | None) -> ServiceStandard:
    if service is None:
        return catalog_queries.standard_for(to)
    offered = service.state == ServiceState.PUBLISHED and service.department_id == to.pk
    if not offered or service.standard is None:
        raise ServiceNotOfferedError
    return service.standard


@transaction.atomic
def return_leg(
    *,
    leg: Leg,
    by: Person,
    why: ReturnReason,
    version: int,
    now: datetime,
    note: str = "",
) -> Leg:
    """Send a leg back to the department that handed it over; `note` is posted to the departments.

    Raises:
        PermissionDenied: `by` does not work the department's queue.
        LegChangedError: somebody was faster.
        NothingToReturnError: it is the first leg.
        NotPossibleError: it is over, or has handed over work itself.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_return(work.who, leg))
    work.refuse_stale_leg(leg, version)
    let_return(work, leg, why, note)
    return work.finish_leg(leg.no)


def let_return(work: Work, leg: Leg, why: ReturnReason, note: str = "") -> None:
    """Let a leg be returned; who may and when is decided before."""
    if leg.parent_no is None:
        raise NothingToReturnError
    if note.strip():
        work.post(text(note), visibility=Visibility.INTERNAL, leg=leg)
    event = work.happen(EventKind.LEG_RETURNED, leg.no, reason=ReturnReason(why).value)
    work.tell(
        events.LegReturned,
        event,
        leg_no=leg.no,
        reason=ReturnReason(why).value,
        returns=_returns_between(work, leg),
    )


def _returns_between(work: Work, leg: Leg) -> int:
    """Count the returns between the leg's two departments in this request, in both directions."""
    pair = {leg.supplier_id, leg.customer_id}
    return sum(
        other.state == LegState.RETURNED and {other.supplier_id, other.customer_id} == pair
        for other in work.log.course.legs
    )


@transaction.atomic
def confirm_leg(*, leg: Leg, by: Person, version: int, now: datetime) -> Leg:
    """Accept what a department delivered to one's own.

    Raises:
        PermissionDenied: `by` is not of the asking department, or did the work.
        LegChangedError: somebody was faster.
        NotPossibleError: it is not delivered, or it is the requester's to confirm.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_confirm_leg(work.who, leg))
    work.refuse_stale_leg(leg, version)
    event = work.happen(EventKind.LEG_CONFIRMED, leg.no)
    work.tell(events.LegConfirmed, event, leg_no=leg.no)
    return work.finish_leg(leg.no)


@transaction.atomic
def rework_leg(*, leg: Leg, by: Person, why: str, version: int, now: datetime) -> Leg:
    """Send a delivery back to be done again; the reason is posted to the departments.

    Raises:
        PermissionDenied: `by` is not of the asking department, or did the work.
        LegChangedError: somebody was faster.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: it is not delivered, or the asking leg is not being worked on.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_confirm_leg(work.who, leg))
    work.refuse_stale_leg(leg, version)
    given = reason(why)
    work.post(given, visibility=Visibility.INTERNAL, leg=leg)
    event = work.happen(EventKind.LEG_REWORK, leg.no, reason=given)
    work.tell(events.LegReworked, event, leg_no=leg.no)
    return work.finish_leg(leg.no)


@transaction.atomic
def withdraw_leg(*, leg: Leg, by: Person, why: str, version: int, now: datetime) -> Leg:
    """Take back what was handed over; the reason is posted to the departments.

    Raises:
        PermissionDenied: `by` is not of the sending department.
        LegChangedError: somebody was faster.
        ReasonNeededError, BadTextError: no reason, or one that is too long.
        NotPossibleError: it is over, or it was transferred and accepted.
    """
    work, leg = begin_leg(leg, by=by, now=now)
    require(policies.may_withdraw_leg(work.who, leg))
    work.refuse_stale_leg(leg, version)
    given = reason(why)
    work.post(given, visibility=Visibility.INTERNAL, leg=leg)
    work.happen(EventKind.LEG_CANCELLED, leg.no, reason=given)
    return work.finish_leg(leg.no)
