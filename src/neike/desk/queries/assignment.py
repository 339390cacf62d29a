"""Who could get the next piece of work of a department, and whose work lies with nobody."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from neike.catalog.choices import Priority
from neike.desk.choices import AssignmentMode, EventKind, LegState
from neike.desk.models import (
    OPEN_LEGS,
    AssignmentPolicy,
    Capacity,
    Leg,
    Skill,
    TicketEvent,
    UnassignedAlarm,
)
from neike.engines import assignment as engine
from neike.org import queries as org_queries
from neike.org.choices import SubstitutionScope
from neike.org.models import Department, Person, Substitution

MOST: Final = 500
IN_HAND: Final = (LegState.OFFERED, LegState.ACCEPTED, LegState.WORKING, LegState.REWORK)
"""States in which the next move is the department's."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a department as its lead sees them: what they can take, and what the engine knows."""

    person: Person
    capacity: Capacity | None
    skills: frozenset[int]
    candidate: engine.Candidate


def policy_of(department: Department) -> AssignmentPolicy:
    """Return what a department has decided; an unsaved row that says "off" if nothing."""
    found = AssignmentPolicy.objects.filter(department=department).first()
    return found or AssignmentPolicy(department=department)


def engine_policy(
    policy: AssignmentPolicy, members: Iterable[Member], *, now: datetime
) -> engine.Policy:
    """Return the policy as the engine reads it."""
    return engine.Policy(
        mode=engine.Mode(policy.mode),
        within_hours=policy.within_hours,
        fallback=_fallback(policy, {each.person.pk: each for each in members}, now=now),
    )


def _fallback(
    policy: AssignmentPolicy, members: dict[int, Member], *, now: datetime
) -> engine.Candidate | None:
    person = policy.fallback
    if person is None:
        return None
    if person.pk in members:
        return members[person.pk].candidate
    away = person.pk in away_at([person.pk], now=now)
    gone = not person.is_active
    return engine.Candidate(id=person.pk, capacity=1, present=not away and not gone)


def members_of(policy: AssignmentPolicy, *, now: datetime) -> list[Member]:
    """Return who works a department's queue, with what they have in hand; in a fixed number of queries."""
    on = org_queries.organisation_day(now)
    people = list(org_queries.agents_of(policy.department, on=on))
    ids = [person.pk for person in people]
    calendar = org_queries.prepared_calendar(org_queries.calendar_of(policy.department, on=on))
    is_open = calendar.is_open(now)
    next_at = now if is_open else calendar.next_open(now)
    loads, away = loads_of(ids), away_at(ids, now=now)
    rows = {
        row.person_id: row
        for row in Capacity.objects.filter(
            department=policy.department, person__in=ids
        ).prefetch_related("skills")
    }
    found = []
    for person in people:
        row = rows.get(person.pk)
        skills = frozenset(skill.pk for skill in row.skills.all()) if row else frozenset()
        maximum = row.maximum if row and row.maximum is not None else policy.usual_capacity
        candidate = engine.Candidate(
            id=person.pk,
            capacity=maximum,
            load=loads[person.pk],
            skills=skills,
            present=person.pk not in away,
            at_work=is_open,
            next_at=next_at,
            last_at=row.last_assigned_at if row else None,
        )
        found.append(Member(person, row, skills, candidate))
    return found


def loads_of(people: Collection[int]) -> Counter[int]:
    """Return how many open legs each of these people has, for whatever department; one query."""
    rows = Leg.objects.filter(OPEN_LEGS, assignee__in=people).values_list("assignee")
    return Counter(dict(rows.annotate(number=Count("pk")).order_by()))


def away_at(people: Collection[int], *, now: datetime) -> set[int]:
    """Return who of these is away at a moment and has somebody stand in for their work; one query."""
    return set(_away(now).filter(person__in=people).values_list("person_id", flat=True))


def _away(now: datetime) -> QuerySet[Substitution]:
    return Substitution.objects.filter(
        starts_at__lte=now,
        ends_at__gt=now,
        scope__in=(SubstitutionScope.WORK, SubstitutionScope.BOTH),
    )


def asked_of(leg: Leg) -> engine.Request:
    """Return what a leg asks of whoever gets it."""
    skills = Skill.objects.filter(department=leg.supplier_id, services=leg.service_id)
    return engine.Request(
        skills=frozenset(skills.values_list("pk", flat=True)),
        urgent=leg.priority == Priority.URGENT,
    )


def next_one(policy: AssignmentPolicy, members: list[Member], *, now: datetime) -> engine.Choice:
    """Return who would get the next ordinary piece of work."""
    members_policy = engine_policy(policy, members, now=now)
    return engine.choose(members_policy, engine.Request(), [each.candidate for each in members])


def to_assign() -> QuerySet[Leg]:
    """Return offered legs in nobody's hands, of departments that give out work by themselves; the oldest first."""
    automatic = AssignmentPolicy.objects.exclude(mode=AssignmentMode.OFF)
    return Leg.objects.filter(
        state=LegState.OFFERED,
        ended_at__isnull=True,
        assignee__isnull=True,
        supplier__in=automatic.values("department"),
    ).order_by("offered_at")[:MOST]


def away_since(leg: Leg, *, now: datetime) -> datetime | None:
    """Return since when whoever has a leg cannot work on it; None if they can.

    For who has left, cannot sign in or does not work for the department any more, this is `now`.
    """
    person = leg.assignee
    if person is None:
        return None
    on = org_queries.organisation_day(now)
    if not org_queries.agents_of(leg.supplier, on=on).filter(pk=person.pk).exists():
        on_lead = org_queries.leads(person, leg.supplier, on=on)
        return None if on_lead and person.is_active else now
    rows = _away(now).filter(person=person)
    return rows.order_by("starts_at").values_list("starts_at", flat=True).first()


def given_at(leg: Leg) -> datetime | None:
    """Return when the leg was last put into somebody's hands."""
    kinds = (EventKind.LEG_ASSIGNED, EventKind.LEG_ACCEPTED)
    events = TicketEvent.objects.filter(ticket=leg.ticket_id, leg_no=leg.no, kind__in=kinds)
    return events.order_by("-seq").values_list("at", flat=True).first()


def perhaps_orphaned(*, now: datetime) -> list[Leg]:
    """Return open legs whose assignee may be unable to work on them; decided anew under the lock.

    Who is away is looked at where the department gives out work by itself: elsewhere their substitute acts.
    """
    automatic = AssignmentPolicy.objects.exclude(mode=AssignmentMode.OFF)
    on = org_queries.organisation_day(now)
    away = Q(assignee__in=_away(now).values("person"), supplier__in=automatic.values("department"))
    gone = Q(assignee__can_sign_in=False) | Q(assignee__left_on__lte=on)
    legs = Leg.objects.filter(OPEN_LEGS, assignee__isnull=False).select_related(
        "supplier", "assignee"
    )
    found = {leg.pk: leg for leg in legs.filter(away | gone).order_by("pk")[:MOST]}
    for department in Department.objects.filter(pk__in=legs.values("supplier")).order_by("pk"):
        agents = org_queries.agents_of(department, on=on)
        strangers = legs.filter(supplier=department).exclude(assignee__in=agents.values("pk"))
        found.update({leg.pk: leg for leg in strangers.order_by("pk")[:MOST]})
    return list(found.values())


def lying(*, now: datetime) -> list[tuple[Leg, int]]:
    """Return legs that nobody has taken for longer than their department allows, with the step to tell of.

    Step 1 is at the limit, 2 at twice the limit, in working time of the department; what was told is left out.
    """
    policies = {
        row.department_id: row for row in AssignmentPolicy.objects.select_related("department")
    }
    told = UnassignedAlarm.objects.filter(leg=OuterRef("pk"), step__gte=2)
    legs = (
        Leg.objects.filter(
            assignee__isnull=True, state__in=IN_HAND, ended_at__isnull=True, supplier__in=policies
        )
        .filter(since__lte=now - timedelta(minutes=5))
        .exclude(Exists(told))
        .select_related("supplier", "alarm")
        .order_by("since")[:MOST]
    )
    found = []
    on = org_queries.organisation_day(now)
    for leg in legs:
        limit = timedelta(minutes=policies[leg.supplier_id].unassigned_minutes)
        calendar = org_queries.prepared_calendar(org_queries.calendar_of(leg.supplier, on=on))
        step = min(int(calendar.worked_between(leg.since, now) / limit), 2)
        alarm = getattr(leg, "alarm", None)
        if step > (alarm.step if alarm else 0):
            found.append((leg, step))
    return found


def alarmed(departments: Collection[int]) -> QuerySet[Leg]:
    """Return the legs of these departments that still lie with nobody although a lead was told."""
    return (
        Leg.objects.filter(
            alarm__isnull=False, assignee__isnull=True, ended_at__isnull=True, state__in=IN_HAND
        )
        .filter(supplier__in=departments)
        .select_related("ticket", "supplier")
        .order_by(F("next_due_at").asc(nulls_last=True), "pk")
    )
