"""What is published, kept in this process until a service, a standard, a form or a calendar changes.

The rows are shared by all requests: nobody may change one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F

from neike.catalog.choices import ServiceState
from neike.catalog.models import Service, ServiceStandard
from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import Kept, stamped
from neike.kernel.texts import LocalizedText
from neike.org.models import BusinessCalendar

CATALOG: Final = "catalog"
"""The topic of the stamp: services and what belongs to them."""
FOR_PROMISES: Final = ("standard__targets", "standard__calendar__intervals")
"""What the words of a promise need, so that a list costs the same at any length."""


@dataclass(frozen=True, slots=True)
class ServiceName:
    """What a service is called."""

    pk: int
    public_id: UUID
    name: LocalizedText


_services: Kept[str, tuple[Service, ...]] = Kept(CATALOG)
_catch_alls: Kept[str, dict[int, ServiceStandard]] = Kept(CATALOG)
_owners: Kept[str, dict[int, int | None]] = Kept(CATALOG)
_names: Kept[str, dict[int, ServiceName]] = Kept(CATALOG)
_calendars: Kept[str, dict[int, BusinessCalendar]] = Kept(CATALOG)
_of_standards: Kept[str, dict[int, int]] = Kept(CATALOG)


def names_of_services() -> Mapping[int, ServiceName]:
    """Return what every service, in whatever state, is called, by its id."""
    rows = Service.objects.values_list("pk", "public_id", "name")
    return _names.get("names", lambda: {pk: ServiceName(pk, *more) for pk, *more in rows})


def owned_by(person_id: int) -> frozenset[int]:
    """Return the ids of the services of which a person is the named owner."""
    rows = Service.objects.exclude(owner=None).values_list("pk", "owner_id")
    owners = _owners.get("owners", lambda: dict(rows))
    return frozenset(pk for pk, owner in owners.items() if owner == person_id)


def ids_of(public_ids: Collection[UUID]) -> frozenset[int]:
    """Return the ids of services by their public ids."""
    if not public_ids:
        return frozenset()
    return frozenset(
        each.pk for each in names_of_services().values() if each.public_id in public_ids
    )


def calendars() -> Mapping[int, BusinessCalendar]:
    """Return every calendar by its id, with its years."""
    rows = BusinessCalendar.objects.prefetch_related("years")
    return _calendars.get("calendars", rows.in_bulk)


def calendar_of(standard_id: int) -> BusinessCalendar | None:
    """Return the calendar of a standard, with its years; None for one that is younger than the stamps read."""
    rows = ServiceStandard.objects.values_list("pk", "calendar_id")
    found = _of_standards.get("standards", lambda: dict(rows)).get(standard_id, 0)
    return calendars().get(found)


def published() -> tuple[Service, ...]:
    """Return all published services in their order, with department, form, standard, calendar and promises."""
    rows = Service.objects.filter(state=ServiceState.PUBLISHED)
    return _services.get(
        "published",
        lambda: tuple(
            rows.select_related("department", "form", "standard__calendar").prefetch_related(
                *FOR_PROMISES
            )
        ),
    )


def catch_alls() -> dict[int, ServiceStandard]:
    """Return the standards in force of all catch-all services by department, the oldest first."""
    rows = ServiceStandard.objects.filter(service__standard=F("pk"), service__is_catch_all=True)
    return _catch_alls.get(
        "catch-alls",
        lambda: {
            row.service.department_id: row
            for row in rows.select_related("service", "calendar")
            .prefetch_related("targets")
            .order_by("service__pk")
        },
    )


def stamps() -> tuple[SafetyObject, ...]:
    """Return the triggers that tell when what is kept is stale: one for each table that is read for it."""
    tables = (
        "catalog_service",
        "catalog_formversion",
        "catalog_servicestandard",
        "catalog_standardtarget",
        "org_department",
        "org_businesscalendar",
        "org_weeklyinterval",
        "org_calendarexception",
        "org_calendaryear",
    )
    return tuple(stamped(CATALOG, table) for table in tables)
