"""Pass a missed promise up, and set whom a department tells."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from neike.catalog.models import Service
from neike.desk import events, policies, ticket_events
from neike.desk.actions.errors import NotPossibleError, WrongAssigneeError
from neike.desk.actions.work import Work
from neike.desk.choices import EscalationWhom
from neike.desk.models import Clock, EscalationStep, PromiseTold
from neike.desk.queries import escalation as queries
from neike.kernel import audit
from neike.kernel.policies import require
from neike.org.models import Department, Person

MOST_STEPS = 6


@transaction.atomic
def escalate(*, clock_id: int, now: datetime) -> int:
    """Announce every step of a missed promise that is due and was not taken; returns how many.

    The request is locked, so that two workers tell nobody twice. A promise kept or paused meanwhile is left alone.
    """
    ticket_id = Clock.objects.values_list("ticket_id", flat=True).get(pk=clock_id)
    work = Work(ticket_events.lock(ticket_id, now=now), by=None, now=now)
    found = queries.missed().filter(pk=clock_id)
    clock = found.select_related("ticket", "leg__supplier", "calendar").first()
    if clock is None:
        return 0
    leg = clock.leg or work.lead_leg()
    steps = queries.due_steps(clock, leg, now=now)
    for step in steps:
        PromiseTold.objects.create(ticket_id=ticket_id, clock=clock, mark=step.mark, told_at=now)
        work.announce(
            events.ClockEscalated(
                ticket_id=ticket_id,
                seq=work.ticket.version,
                at=now,
                by_id=None,
                clock_id=clock.pk,
                mark=step.mark,
                whom=step.whom,
                person_id=step.person_id,
                after_minutes=step.after_minutes,
            )
        )
    return len(steps)


def record_told(
    *, clock: Clock, mark: str, people: Sequence[tuple[Person, str]], now: datetime
) -> None:
    """Keep who really was told at a step, with why; told again by a retry, nobody is entered twice."""
    row, _new = PromiseTold.objects.get_or_create(
        clock=clock, mark=mark, defaults={"ticket_id": clock.ticket_id, "told_at": now}
    )
    known = {pk for pk, _why in row.people}
    row.people = [
        *row.people,
        *([person.pk, why] for person, why in people if person.pk not in known),
    ]
    row.save(update_fields=["people"])


@transaction.atomic
def add_step(
    *,
    department: Department,
    by: Person,
    after_minutes: int,
    whom: str,
    now: datetime,
    service: Service | None = None,
    person: Person | None = None,
) -> EscalationStep:
    """Add a step behind the due time, for all of a department's services or for one.

    Raises:
        PermissionDenied: `by` neither leads the department nor administers.
        WrongAssigneeError: the person cannot sign in, or the service is another department's.
        NotPossibleError: there are six steps already, or this one, or its time is out of range.
    """
    require(policies.may_manage_escalation(policies.standing(by, now=now), department.pk))
    Department.objects.select_for_update().get(pk=department.pk)
    if service is not None and service.department_id != department.pk:
        raise WrongAssigneeError
    if whom == EscalationWhom.PERSON and (person is None or not person.is_active):
        raise WrongAssigneeError
    rows = EscalationStep.objects.filter(department=department, service=service)
    if rows.count() >= MOST_STEPS:
        raise NotPossibleError(_("At most six steps."))
    step = EscalationStep(
        department=department,
        service=service,
        after_minutes=after_minutes,
        whom=whom,
        person=person if whom == EscalationWhom.PERSON else None,
    )
    try:
        step.full_clean(validate_constraints=False)
        with transaction.atomic():
            step.save()
    except (ValidationError, IntegrityError) as error:
        raise NotPossibleError(
            _("There is such a step already, or its time is out of range.")
        ) from error
    _record(department, by, "", step, now)
    return step


@transaction.atomic
def remove_step(*, department: Department, by: Person, step_id: UUID, now: datetime) -> None:
    """Take a step away; what was told stays told. Gone already: nothing happens.

    Raises:
        PermissionDenied: `by` neither leads the department nor administers.
    """
    require(policies.may_manage_escalation(policies.standing(by, now=now), department.pk))
    step = EscalationStep.objects.filter(department=department, public_id=step_id).first()
    if step is not None:
        _record(department, by, step, "", now)
        step.delete()


def _record(
    department: Department,
    by: Person,
    before: EscalationStep | str,
    after: EscalationStep | str,
    now: datetime,
) -> None:
    audit.record(
        action="desk.escalation",
        subject=department,
        by=by,
        before=_said(before),
        after=_said(after),
        now=now,
    )


def _said(step: EscalationStep | str) -> dict[str, Any]:
    if isinstance(step, str):
        return {}
    return {
        "after_minutes": step.after_minutes,
        "whom": step.whom,
        "person": step.person_id,
        "service": step.service_id,
    }
