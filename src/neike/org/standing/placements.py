"""Where people work, and whose queue they work."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from neike.org.choices import PersonKind, Role
from neike.org.models import Department, DepartmentAncestry, Person, Placement, RoleGrant
from neike.org.standing.days import on_day
from neike.org.standing.roles import held_by


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

    Only people who can sign in and have not left; ordered by pinyin.
    """
    above = DepartmentAncestry.objects.filter(on_day(on), descendant=department).values("ancestor")
    granted = RoleGrant.objects.filter(
        on_day(on),
        Q(department__in=above) | Q(department__isnull=True, service_public_id__isnull=True),
        role=Role.AGENT,
    )
    placed = Placement.objects.filter(on_day(on), department=department)
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
    """Return the departments whose queue the person works: by placement, or by an agent grant on them or above."""
    agent = held_by(person, on=on).of(Role.AGENT)
    if any(each.everywhere for each in agent):
        return Department.objects.all()
    scopes = [each.department_id for each in agent if each.department_id is not None]
    granted = DepartmentAncestry.objects.filter(on_day(on), ancestor__in=scopes)
    placed = Placement.objects.filter(on_day(on), person=person)
    return Department.objects.filter(
        Q(pk__in=placed.values("department")) | Q(pk__in=granted.values("descendant"))
    )
