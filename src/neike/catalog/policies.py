"""Who may see, ask for and edit what departments offer.

Everybody reads the catalogue as far as they belong to a service's audience. A service is edited by its
owner, by whoever is service owner for it or its department, and by the system administrator.
"""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny
from neike.kernel.stamps import Kept
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.org.models import Department, DepartmentAncestry, Person, Placement

EDITING_ROLES = (Role.SERVICE_OWNER, Role.ADMINISTRATOR)


def manages_services(person: Person | AnonymousUser) -> Decision:
    """Open the door of the owners' pages: somebody who owns a service or holds a role that edits some.

    A door is about this moment; each service is decided by `may_edit`.
    """
    if not person.is_authenticated:
        return deny("anonymous")
    today = org_queries.organisation_day(timezone.now())  # noqa: TID251 - a door has no clock of its own
    if (
        org_queries.holds_role_anywhere(person, *EDITING_ROLES, on=today)
        or Service.objects.filter(owner_id=person.pk).exists()
    ):
        return allow()
    return deny("no_role")


BROWSE = declare("catalog.browse", SIGNED_IN)
MANAGE = declare("catalog.manage", manages_services)


def may_create(person: Person | None, department: Department, *, on: date) -> Decision:
    """A department's service owner, or the administrator, adds a service to it; None is the system itself."""
    if person is None:
        return allow()
    if org_queries.holds_role(person, Role.ADMINISTRATOR, on=on):
        return allow()
    if org_queries.holds_role(person, Role.SERVICE_OWNER, department, on=on):
        return allow()
    return deny("not_service_owner")


def may_edit(person: Person | None, service: Service, *, on: date) -> Decision:
    """The named owner, a service owner whose grant covers it, or the administrator edits a service.

    None is the system itself.
    """
    if person is None:
        return allow()
    if service.owner_id == person.pk or org_queries.holds_role(person, Role.ADMINISTRATOR, on=on):
        return allow()
    covered = org_queries.holds_role(
        person, Role.SERVICE_OWNER, service.department, on=on, service=service.public_id
    )
    return allow() if covered else deny("not_service_owner")


def may_see(person: Person, service: Service, *, on: date) -> Decision:
    """A published service shows to its audience and to those who provide it; its editors see it always."""
    if service.state == ServiceState.PUBLISHED and in_audience(
        service, surroundings_of(person, on=on)
    ):
        return allow()
    return allow() if may_edit(person, service, on=on) else deny("not_in_audience")


def may_ask(person: Person, service: Service, *, on: date) -> Decision:
    """Whoever a published service is offered to asks for it."""
    if service.state != ServiceState.PUBLISHED:
        return deny("not_published")
    if in_audience(service, surroundings_of(person, on=on)):
        return allow()
    return deny("not_in_audience")


_surroundings: Kept[tuple[int, date], frozenset[str]] = Kept(org_queries.STAFF)


def surroundings_of(person: Person, *, on: date) -> frozenset[str]:
    """Return the public ids of the departments a person works in on a day and of all above them."""
    return _surroundings.get((person.pk, on), lambda: _read_surroundings(person, on))


def _read_surroundings(person: Person, on: date) -> frozenset[str]:
    placed = Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on, person_id=person.pk
    )
    above = DepartmentAncestry.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        valid_from__lte=on,
        descendant__in=placed.values("department"),
    )
    found = Department.objects.filter(pk__in=above.values("ancestor"))
    return frozenset(str(each) for each in found.values_list("public_id", flat=True))


def in_audience(service: Service, surroundings: frozenset[str]) -> bool:
    """Tell whether a service is offered to somebody from these departments, or provided by them.

    An empty audience is everybody; a department in it includes all below it.
    """
    departments = service.audience.get("departments") or ()
    return (
        not departments
        or not surroundings.isdisjoint(departments)
        or str(service.department.public_id) in surroundings
    )
