"""What is published, kept in this process until a service, a standard, a form or a calendar changes.

The rows are shared by all requests: nobody may change one.
"""

from typing import Final

from django.db.models import F

from neike.catalog.choices import ServiceState
from neike.catalog.models import Service, ServiceStandard
from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import Kept, stamped

CATALOG: Final = "catalog"
"""The topic of the stamp: services and what belongs to them."""
FOR_PROMISES: Final = ("standard__targets", "standard__calendar__intervals")
"""What the words of a promise need, so that a list costs the same at any length."""

_services: Kept[str, tuple[Service, ...]] = Kept(CATALOG)
_catch_alls: Kept[str, dict[int, ServiceStandard]] = Kept(CATALOG)


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
