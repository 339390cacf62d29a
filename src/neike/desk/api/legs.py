"""Hand-overs: accept, return, deliver, confirm, hand over."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Status

from neike.catalog import queries as catalog_queries
from neike.desk import actions
from neike.desk.api.asking import ANSWERS, Caller, caller, changed
from neike.desk.api.fields import Accept, HandOver, Return, Seen, WithNote
from neike.desk.api.shown import Refusal
from neike.desk.models import Leg
from neike.kernel.policies import policy
from neike.org.models import Department

router = Router()
LegNo = Annotated[int, Path(..., ge=0, le=32_767, description="The leg's number in the request.")]


@router.post("/requests/{request_id}/legs/{no}/accept", response=ANSWERS)
@policy("desk.use")
def accept_leg(request: HttpRequest, request_id: UUID, no: LegNo, body: Accept) -> Status[Any]:
    """Accept a leg offered to your department."""
    who = caller(request)
    leg = who.leg(request_id, no)
    return changed(
        who,
        request_id,
        lambda: actions.accept_leg(
            leg=leg, by=who.person, take=body.take, version=body.version, now=who.now
        ),
    )


@router.post("/requests/{request_id}/legs/{no}/return", response=ANSWERS)
@policy("desk.use")
def return_leg(request: HttpRequest, request_id: UUID, no: LegNo, body: Return) -> Status[Any]:
    """Send a leg back to the department that handed it over."""
    who = caller(request)
    leg = who.leg(request_id, no)
    return changed(
        who,
        request_id,
        lambda: actions.return_leg(
            leg=leg,
            by=who.person,
            why=body.reason,
            note=body.note,
            version=body.version,
            now=who.now,
        ),
    )


@router.post("/requests/{request_id}/legs/{no}/deliver", response=ANSWERS)
@policy("desk.use")
def deliver_leg(request: HttpRequest, request_id: UUID, no: LegNo, body: WithNote) -> Status[Any]:
    """Deliver a leg to the department that asked; the lead leg's delivery resolves the request."""
    who = caller(request)
    leg = who.leg(request_id, no)
    return changed(
        who,
        request_id,
        lambda: actions.deliver_leg(
            leg=leg, by=who.person, note=body.note, version=body.version, now=who.now
        ),
    )


@router.post("/requests/{request_id}/legs/{no}/confirm", response=ANSWERS)
@policy("desk.use")
def confirm_leg(request: HttpRequest, request_id: UUID, no: LegNo, body: Seen) -> Status[Any]:
    """Accept what a department delivered to yours."""
    who = caller(request)
    leg = who.leg(request_id, no)
    return changed(
        who,
        request_id,
        lambda: actions.confirm_leg(leg=leg, by=who.person, version=body.version, now=who.now),
    )


@router.post("/requests/{request_id}/legs/{no}/hand-over", response=ANSWERS)
@policy("desk.use")
def hand_over(request: HttpRequest, request_id: UUID, no: LegNo, body: HandOver) -> Status[Any]:
    """Ask another department: relay (you wait), transfer (theirs for good) or parallel (both work)."""
    who = caller(request)
    leg = who.leg(request_id, no)
    department = Department.objects.filter(public_id=body.department).first()
    if department is None:
        return Status(422, Refusal(code="department_unknown"))
    return changed(who, request_id, lambda: _hand_over(who, leg, department, body))


def _hand_over(who: Caller, leg: Leg, department: Department, body: HandOver) -> Leg:
    service = catalog_queries.service_by_key(body.service) if body.service else None
    if body.service and service is None:
        raise actions.ServiceNotOfferedError
    return actions.hand_over(
        leg=leg,
        by=who.person,
        to=department,
        service=service,
        ask=body.ask,
        mode=body.mode,
        version=body.version,
        now=who.now,
    )
