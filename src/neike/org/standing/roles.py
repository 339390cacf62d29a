"""Who leads what, and who holds which role, on a day."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from neike.org.choices import Role
from neike.org.models import Department, DepartmentAncestry, DepartmentLead, Person, RoleGrant
from neike.org.standing.days import on_day


def leads(person: Person, department: Department, *, on: date) -> bool:
    """Whether the person is lead or deputy of the department, or of one above it, on a day."""
    above = DepartmentAncestry.objects.filter(on_day(on), descendant=department).values("ancestor")
    return DepartmentLead.objects.filter(on_day(on), person=person, department__in=above).exists()


def departments_led_by(person: Person, *, on: date) -> QuerySet[Department]:
    """Return the departments the person leads or deputises in, with all below them."""
    own = DepartmentLead.objects.filter(on_day(on), person=person).values("department")
    below = DepartmentAncestry.objects.filter(on_day(on), ancestor__in=own).values("descendant")
    return Department.objects.filter(pk__in=below)


def holds_role(
    person: Person,
    role: Role | str,
    department: Department | None = None,
    *,
    on: date,
    service: UUID | None = None,
) -> bool:
    """Whether the person holds a role on a day, by a grant that covers what is asked.

    Without `department` and `service` only a grant for the whole organisation counts. With a department also one
    scoped to it or to a department above; with a service (its public id) also one for that service. Everybody is
    an employee; leading the department counts as holding the department head's role there.
    """
    if role == Role.EMPLOYEE:
        return True
    scope = Q(department__isnull=True, service_public_id__isnull=True)
    if department is not None:
        above = DepartmentAncestry.objects.filter(on_day(on), descendant=department)
        scope |= Q(department__in=above.values("ancestor"))
    if service is not None:
        scope |= Q(service_public_id=service)
    if RoleGrant.objects.filter(on_day(on), scope, person=person, role=role).exists():
        return True
    return role == Role.LEAD and department is not None and leads(person, department, on=on)
