"""Services that go on in another department, because theirs was merged into it."""

from datetime import date, datetime

from django.db import transaction

from neike.catalog.actions.services import locked, tell
from neike.catalog.models import FormerProvider, Service
from neike.org import queries as org_queries
from neike.org.models import Department, Person


@transaction.atomic
def move_service(
    *, service: Service, department: Department, on: date, by: Person | None, now: datetime
) -> Service:
    """Let another department offer a service from a day on; who offered it before is kept.

    Requests keep the department they were asked of. A service that the department offers already stays as it is.

    Raises:
        PermissionDenied: `by` may not edit this service.
    """
    service = locked(service, by, now)
    if service.department_id == department.pk:
        return service
    before = service.department
    FormerProvider.objects.update_or_create(
        service=service, until=on, defaults={"department": before}
    )
    service.department = department
    service.version += 1
    service.save(update_fields=["department", "version"])
    tell(
        service,
        "catalog.service_moved",
        by=by,
        now=now,
        before={"department": before.code},
        after={"department": department.code, "valid_from": on.isoformat()},
    )
    return service


def follow_merges(*, now: datetime) -> int:
    """Move what merged departments offer to those they go on in, as far as their day has come; return how many.

    "Something else" stays behind: the successor has one of its own. Doing it twice changes nothing.
    """
    heirs = org_queries.merged_into(on=org_queries.organisation_day(now))
    left = Service.objects.filter(department__in=heirs, is_catch_all=False).order_by("pk")
    departments = Department.objects.in_bulk({heir for heir, _since in heirs.values()})
    moved = 0
    for service in left:
        heir, since = heirs[service.department_id]
        move_service(service=service, department=departments[heir], on=since, by=None, now=now)
        moved += 1
    return moved
