"""Which services there are, for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from neike.catalog import policies
from neike.catalog.choices import ServiceState
from neike.catalog.models import FormerProvider, Service
from neike.catalog.queries.kept import published
from neike.org import queries as org_queries
from neike.org.choices import Role
from neike.org.models import DepartmentAncestry, Person, RoleGrant
from neike.org.queries import DepartmentOnDay, OrgChart


@dataclass(frozen=True, slots=True)
class Tile:
    """A department in the catalogue with what it offers to the reader, catch-all last."""

    department: DepartmentOnDay
    services: tuple[Service, ...]


def services_visible_to(person: Person | AnonymousUser, on: date) -> QuerySet[Service]:
    """Return the published services offered to a person on a day, or provided by their department."""
    rows = Service.objects.filter(state=ServiceState.PUBLISHED)
    if not person.is_authenticated:
        return rows.none()
    return rows.exclude(pk__in=_not_offered(rows, person, on)).select_related(
        "department", "form", "standard__calendar"
    )


def _not_offered(services: QuerySet[Service], person: Person, on: date) -> list[int]:
    """Return the ids of those services with an audience that the person is outside of."""
    limited = list(services.exclude(audience={}).select_related("department"))
    if not limited:
        return []
    surroundings = policies.surroundings_of(person, on=on)
    return [each.pk for each in limited if not policies.in_audience(each, surroundings)]


def services_editable_by(person: Person | AnonymousUser, on: date) -> QuerySet[Service]:
    """Return the services a person may edit, in any state; the same rule as `policies.may_edit`."""
    if not person.is_authenticated:
        return Service.objects.none()
    on_day = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    grants = list(RoleGrant.objects.filter(on_day, person=person, role__in=policies.EDITING_ROLES))
    services = Service.objects.select_related("department", "standard", "form", "owner")
    if any(each.department_id is None and each.service_public_id is None for each in grants):
        return services
    owning = [each for each in grants if each.role == Role.SERVICE_OWNER]
    below = DepartmentAncestry.objects.filter(
        on_day, ancestor__in=[each.department_id for each in owning if each.department_id]
    )
    return services.filter(
        Q(owner=person)
        | Q(public_id__in=[each.service_public_id for each in owning if each.service_public_id])
        | Q(department__in=below.values("descendant"))
    )


def service_names() -> dict[UUID, str]:
    """Return every service's name in the reader's language by public id, in the order of the names; one query."""
    rows = Service.objects.values_list("public_id", "name")
    return dict(sorted(((key, str(name)) for key, name in rows), key=lambda row: row[1]))


def service_by_key(key: str) -> Service | None:
    """Return the service with this key in any state, or None; who may see it is for the caller to ask."""
    return Service.objects.select_related("department", "form", "standard").filter(key=key).first()


def tiles(person: Person | AnonymousUser, on: date, *, chart: OrgChart | None = None) -> list[Tile]:
    """Return what is offered to a person by department, in the order of the organisation chart.

    No query but for the reader's place, and that only where some service has an audience. The services are shared by
    all readers: do not change one.
    """
    return group_by_department(offered_to(person, on), chart or org_queries.chart(on=on))


def offered_to(person: Person | AnonymousUser, on: date) -> list[Service]:
    """Return the services of `services_visible_to`, from memory; do not change one."""
    if not person.is_authenticated:
        return []
    found = published()
    if not any(each.audience for each in found):
        return list(found)
    around = policies.surroundings_of(person, on=on)
    return [each for each in found if not each.audience or policies.in_audience(each, around)]


def group_by_department(services: Iterable[Service], chart: OrgChart) -> list[Tile]:
    """Group services by department in the chart's order; closed departments are left out."""
    by_department: dict[int, list[Service]] = {}
    for service in services:
        by_department.setdefault(service.department_id, []).append(service)
    return [
        Tile(each, tuple(sorted(by_department[each.id], key=lambda one: one.is_catch_all)))
        for _depth, each in chart.walk()
        if each.id in by_department and each.is_active
    ]


def search_services(person: Person | AnonymousUser, text: str, on: date) -> list[Service]:
    """Return the services offered to a person that hold every word of `text`, best first.

    Looks at name, keywords, summary and department name in all languages, whatever language the reader
    uses. Ordered by where the words were found: name, keyword, summary. A blank text finds nothing.
    """
    words = text.casefold().split()[:10]
    if not words:
        return []
    chart = org_queries.chart(on=on)
    ranked: list[tuple[int, int, Service]] = []
    for place, service in enumerate(offered_to(person, on)):
        rank = _rank(words, service, chart)
        if rank is not None:
            ranked.append((rank, place, service))
    return [service for _rank_, _place, service in sorted(ranked, key=lambda row: row[:2])]


def _rank(words: list[str], service: Service, chart: OrgChart) -> int | None:
    """Return the sum of the places the words were found in, lower is better; None when one is missing."""
    provider = chart.get(service.department_id)
    places = [
        " ".join(service.name.texts.values()).casefold(),
        " ".join(str(each) for each in service.keywords).casefold(),
        " ".join(service.summary.texts.values()).casefold(),
        " ".join(provider.name.texts.values()).casefold() if provider else "",
    ]
    total = 0
    for word in words:
        found = next((rank for rank, place in enumerate(places) if word in place), None)
        if found is None:
            return None
        total += found
    return total


def offered_by(departments: Iterable[int]) -> list[str]:
    """Return the names of the services that departments (ids) offer, their catch-all not among them; one query."""
    named = Service.objects.filter(state=ServiceState.PUBLISHED, is_catch_all=False)
    rows = named.filter(department__in=list(departments)).order_by("order", "key")
    return [str(name) for name in rows.values_list("name", flat=True)]


def providers_on(services: Iterable[Service], *, on: date) -> dict[int, int]:
    """Return which department offered each service on a day, by ids; one query."""
    found = {each.pk: each.department_id for each in services}
    later = FormerProvider.objects.filter(service__in=list(found), until__gt=on)
    for row in later.order_by("-until"):
        found[row.service_id] = row.department_id
    return found


def former_providers(service: Service) -> QuerySet[FormerProvider]:
    """Return which departments offered a service before the present one, the last first; one query."""
    return service.former_providers.select_related("department").order_by("-until")
