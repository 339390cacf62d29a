"""Where people work, and whose queue they work."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from neike.org.choices import DepartmentState, PersonKind, Role
from neike.org.models import (
    Department,
    DepartmentAncestry,
    DepartmentSuccession,
    DepartmentVersion,
    Person,
    Placement,
    RoleGrant,
)
from neike.org.standing.days import on_day
from neike.org.standing.roles import held_by

_GENERATIONS: Final = 3
"""How many merges or splits in a row what a department left is followed through."""


def department_of(person: Person, *, on: date) -> Department | None:
    """Return the department of the person's primary placement on a day, else of the oldest concurrent one."""
    found = (
        Placement.objects.filter(on_day(on), person=person)
        .select_related("department")
        .order_by("-is_primary", "valid_from", "pk")
        .first()
    )
    return found.department if found else None


def works_for(person: Person, department: Department, *, on: date) -> bool:
    """Whether the person is placed in this very department (primary or concurrent) on a day."""
    return Placement.objects.filter(on_day(on), person=person, department=department).exists()


def belongs_to(person: Person, department: Department, *, on: date) -> bool:
    """Whether the person is placed in the department or in one below it on a day."""
    below = DepartmentAncestry.objects.filter(on_day(on), ancestor=department).values("descendant")
    return Placement.objects.filter(on_day(on), person=person, department__in=below).exists()


def agents_of(department: Department, *, on: date) -> QuerySet[Person]:
    """Return the people who work a department's queue: placed in it, or agents by a grant that covers it.

    Of a closed department these are the people of what it went on in. Only people who can sign in and have not
    left; ordered by pinyin.
    """
    above = DepartmentAncestry.objects.filter(on_day(on), descendant=department).values("ancestor")
    granted = RoleGrant.objects.filter(
        on_day(on),
        Q(department__in=above) | Q(department__isnull=True, service_public_id__isnull=True),
        role=Role.AGENT,
    )
    itself = Department.objects.filter(pk=department.pk).values("pk")
    where = Q(department=department)
    for heirs in _steps(itself, "predecessor", "successor", on=on):
        where |= Q(department__in=heirs)
    placed = Placement.objects.filter(on_day(on), where)
    serving = Q(pk__in=placed.values("person")) | Q(pk__in=granted.values("person"))
    return _present(on).filter(serving).order_by("name_latin", "pk")


def staffed(departments: Collection[int], *, on: date) -> frozenset[int]:
    """Return those departments (ids) in which somebody takes requests on a day; two queries.

    Somebody: placed in it, or agent by a grant on it or above. A grant for the whole organisation counts for no
    department: who may look everywhere waits nowhere. Nor does a lead who works elsewhere.
    """
    present = _present(on)
    placed = Placement.objects.filter(on_day(on), department__in=departments, person__in=present)
    granted = RoleGrant.objects.filter(
        on_day(on), role=Role.AGENT, department__isnull=False, person__in=present
    )
    below = DepartmentAncestry.objects.filter(
        on_day(on), descendant__in=departments, ancestor__in=granted.values("department")
    )
    return frozenset(placed.values_list("department_id", flat=True)) | frozenset(
        below.values_list("descendant_id", flat=True)
    )


def _present(on: date) -> QuerySet[Person]:
    """Return the people who can work on a day: they can sign in and have not left."""
    return Person.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on), kind=PersonKind.HUMAN, can_sign_in=True
    )


def departments_served_by(person: Person, *, on: date) -> QuerySet[Department]:
    """Return the departments whose queue the person works: by placement, or by an agent grant on them or above.

    Placed in what a closed department went on in, one works what that one left, too.
    """
    agent = held_by(person, on=on).of(Role.AGENT)
    if any(each.everywhere for each in agent):
        return Department.objects.all()
    scopes = [each.department_id for each in agent if each.department_id is not None]
    granted = DepartmentAncestry.objects.filter(on_day(on), ancestor__in=scopes)
    placed = Placement.objects.filter(on_day(on), person=person).values("department")
    left = Q()
    for heirs in _steps(placed, "successor", "predecessor", on=on):
        left |= Q(pk__in=heirs)
    return Department.objects.filter(
        Q(pk__in=placed) | Q(pk__in=granted.values("descendant")) | left
    )


def _steps(
    start: QuerySet[Any, Any], source: str, target: str, *, on: date
) -> Iterator[QuerySet[Any, Any]]:
    """Yield, step by step, the departments to which successions lead from some; each is a subquery, none runs.

    Only successions of departments that are closed on the day: one that was divided and went on does its own work.
    """
    state = DepartmentVersion.objects.filter(
        department=OuterRef("predecessor"), valid_from__lte=on
    ).order_by("-valid_from")
    closed = DepartmentSuccession.objects.alias(state=Subquery(state.values("state")[:1])).filter(
        state=DepartmentState.CLOSED, date__lte=on
    )
    found = start
    for _step in range(_GENERATIONS):
        found = closed.filter(**{f"{source}__in": found}).values(target)
        yield found
