"""Whom a department tells when its promises are missed."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from neike.catalog.models import Service
from neike.desk import actions, policies
from neike.desk.actions import escalation
from neike.desk.api.asking import Caller, caller, refusal
from neike.desk.api.shown import Refusal
from neike.desk.choices import EscalationWhom
from neike.desk.models import EscalationStep
from neike.kernel.policies import policy
from neike.org.models import Department, Person

router = Router()


class StepShown(Schema):
    """A step behind the promised time; `service` None: all services without steps of their own."""

    id: UUID
    after_minutes: int
    whom: str
    person: UUID | None
    service: str | None


class NewStep(Schema):
    """A step to be added; `person` where `whom` is "person"."""

    after_minutes: int
    whom: str
    person: UUID | None = None
    service: str | None = None


def _department(who: Caller, public_id: UUID) -> Department:
    found = get_object_or_404(Department, public_id=public_id)
    if not policies.may_manage_escalation(who.who, found.pk):
        raise Http404
    return found


def _shown(step: EscalationStep) -> StepShown:
    return StepShown(
        id=step.public_id,
        after_minutes=step.after_minutes,
        whom=step.whom,
        person=step.person.public_id if step.person else None,
        service=step.service.key if step.service else None,
    )


@router.get("/departments/{department_id}/escalation", response=list[StepShown])
@policy("desk.use")
def steps(request: HttpRequest, department_id: UUID) -> list[StepShown]:
    """List the further steps of a department you lead; 75 and 100 percent always hold."""
    department = _department(caller(request), department_id)
    rows = EscalationStep.objects.filter(department=department)
    return [_shown(each) for each in rows.select_related("person", "service")]


@router.post("/departments/{department_id}/escalation", response={201: StepShown, 422: Refusal})
@policy("desk.use")
def add(request: HttpRequest, department_id: UUID, body: NewStep) -> Status[Any]:
    """Add a step."""
    who = caller(request)
    department = _department(who, department_id)
    service = (
        get_object_or_404(Service, department=department, key=body.service)
        if body.service
        else None
    )
    person = get_object_or_404(Person, public_id=body.person) if body.person else None
    try:
        if body.whom not in EscalationWhom.values:
            raise actions.NotPossibleError(f"unknown: {body.whom}")
        made = escalation.add_step(
            department=department,
            by=who.person,
            after_minutes=body.after_minutes,
            whom=body.whom,
            person=person,
            service=service,
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, _shown(made))


@router.delete("/departments/{department_id}/escalation/{step_id}", response={204: None})
@policy("desk.use")
def remove(request: HttpRequest, department_id: UUID, step_id: UUID) -> Status[None]:
    """Take a step away; gone already is fine."""
    who = caller(request)
    department = _department(who, department_id)
    escalation.remove_step(department=department, by=who.person, step_id=step_id, now=who.now)
    return Status(204, None)
