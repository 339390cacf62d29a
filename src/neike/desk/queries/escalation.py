"""Whom a department tells of missed promises, and whose turn it is now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ClockState, EscalationWhom
from neike.desk.models import Clock, EscalationStep, Leg, PromiseTold, Ticket
from neike.engines.escalation import Step, steps_due
from neike.org import queries as org_queries
from neike.org.choices import SubstitutionScope
from neike.org.models import Department, Person

MOST: Final = 200
DUE: Final = 100
ASSIGNEE: Final = "assignee"
APPROVER: Final = "approver"


def steps_of(department_id: int, service_id: int | None = None) -> list[EscalationStep]:
    """Return the steps that hold: those of the service if it has any, else those of the department; one query."""
    wanted = Q(service__isnull=True) if service_id is None else Q(service=service_id)
    rows = list(
        EscalationStep.objects.filter(wanted | Q(service__isnull=True), department=department_id)
        .select_related("person", "service")
        .order_by("after_minutes", "pk")
    )
    own = [row for row in rows if row.service_id == service_id]
    return own or [row for row in rows if row.service_id is None]


def services_with_steps(department: Department) -> set[int]:
    """Return the services (ids) of a department that have steps of their own."""
    rows = EscalationStep.objects.filter(department=department, service__isnull=False)
    return set(rows.values_list("service_id", flat=True))


def clocks_to_escalate(now: datetime) -> list[int]:
    """Return missed promises (ids) with a step that may be due; decided anew under the lock.

    At most 200 for each step; a query for each step there is.
    """
    steps = list(EscalationStep.objects.order_by("pk"))
    own = {(row.department_id, row.service_id) for row in steps if row.service_id}
    found: dict[int, None] = {}
    for step in steps:
        others = [service for department, service in own if department == step.department_id]
        for pk in _perhaps(step, others, now):
            found.setdefault(pk)
    return list(found)


def _perhaps(step: EscalationStep, others: Sequence[int | None], now: datetime) -> Iterable[int]:
    """Return the running clocks late by more than a step's time on the wall, of which it was not told yet."""
    told = PromiseTold.objects.filter(clock=OuterRef("pk"), mark=step.mark)
    rows = missed().filter(
        Q(leg__supplier=step.department_id)
        | Q(leg__isnull=True, ticket__supplier=step.department_id),
        due_at__lte=now - timedelta(minutes=step.after_minutes),
    )
    if step.service_id:
        rows = rows.filter(ticket__service=step.service_id)
    elif others:
        rows = rows.exclude(ticket__service__in=others)
    waiting = rows.exclude(Exists(told)).order_by("-due_at")
    return waiting.values_list("pk", flat=True)[:MOST]


def missed() -> QuerySet[Clock]:
    """Return the running clocks whose miss was told; approvals are their approvers' own."""
    late = Clock.objects.filter(state=ClockState.RUNNING, warned__gte=DUE)
    return late.exclude(metric=TargetMetric.APPROVAL)


def due_steps(clock: Clock, leg: Leg, *, now: datetime) -> list[EscalationStep]:
    """Return the steps of a missed promise to be taken now, the earliest first."""
    if clock.due_at is None:
        return []
    rows = {row.mark: row for row in steps_of(leg.supplier_id, clock.ticket.service_id)}
    found = steps_due(
        [Step(mark, timedelta(minutes=row.after_minutes)) for mark, row in rows.items()],
        calendar=org_queries.prepared_calendar(clock.calendar),
        due_at=clock.due_at,
        now=now,
        told=set(PromiseTold.objects.filter(clock=clock).values_list("mark", flat=True)),
    )
    return [rows[step.mark] for step in found]


def whom_to_tell(whom: str, person_id: int | None, leg: Leg, *, now: datetime) -> list[Person]:
    """Return the people a step means for a leg today; empty where nobody fills that place."""
    on = org_queries.organisation_day(now)
    organisation = org_queries.chart(on=on)
    match whom:
        case EscalationWhom.PERSON:
            return list(Person.objects.filter(pk__in=[person_id], can_sign_in=True))
        case EscalationWhom.SUBSTITUTE:
            if leg.assignee is None:
                return []
            scope = SubstitutionScope.WORK
            return list(org_queries.substitutes_of(leg.assignee, now=now, scope=scope))
        case EscalationWhom.DESK:
            return list(org_queries.agents_of(leg.supplier, on=on))
        case EscalationWhom.LEAD:
            ids = [each.person_id for each in organisation.leaders(leg.supplier_id)]
        case _:
            own = {each.person_id for each in organisation.leaders(leg.supplier_id)}
            ids = _leads_above(organisation, leg.supplier_id, but=own)
    return list(Person.objects.filter(pk__in=ids))


def _leads_above(
    organisation: org_queries.OrgChart, department: int, *, but: set[int]
) -> list[int]:
    """Return the leads of the nearest department above that is led by somebody else."""
    for above in organisation.ancestors(department):
        found = [each.person_id for each in organisation.leaders(above)]
        if set(found) - but:
            return [each for each in found if each not in but]
    return []


def told_of(ticket: Ticket) -> list[PromiseTold]:
    """Return whom a request's promises were told to, newest first, at most 30; one query."""
    rows = PromiseTold.objects.filter(ticket=ticket).select_related("clock__leg__supplier")
    return list(rows.order_by("-told_at", "-pk")[:30])


def agents_and_leads(department: Department, *, now: datetime) -> list[Person]:
    """Return who can be named in a step: the department's people and those who lead it or a department above."""
    on = org_queries.organisation_day(now)
    organisation = org_queries.chart(on=on)
    ids = {
        leader.person_id
        for each in (department.pk, *organisation.ancestors(department.pk))
        for leader in organisation.leaders(each)
    }
    found = {person.pk: person for person in org_queries.agents_of(department, on=on)}
    found |= {person.pk: person for person in Person.objects.filter(pk__in=ids, can_sign_in=True)}
    return sorted(found.values(), key=lambda person: (person.name_latin, person.pk))
