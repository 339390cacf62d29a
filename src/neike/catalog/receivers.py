"""What the catalogue does when something changes: keep itself findable, give each department its catch-all."""

from datetime import datetime

from neike.catalog import actions
from neike.catalog.actions import moves
from neike.catalog.documents import KIND, document_of
from neike.catalog.events import ServiceChanged
from neike.catalog.models import Service
from neike.kernel import search
from neike.kernel.outbox import receives
from neike.org import queries as org_queries
from neike.org.events import DepartmentChanged
from neike.org.models import BusinessCalendar, Department


@receives(ServiceChanged)
def keep_findable(event: ServiceChanged, *, now: datetime) -> None:
    """Put a published service into the index and take every other one out."""
    service = Service.objects.select_related("department").filter(pk=event.service_id).first()
    document = document_of(service, changed_at=now) if service else None
    if document is None:
        search.unindex(KIND, str(event.service_id))
    else:
        search.index(document)


@receives(DepartmentChanged)
def move_on_with_a_merge(event: DepartmentChanged, *, now: datetime) -> None:
    """Let the services of a merged department go on in its successor, once its day has come."""
    moves.follow_merges(now=now)


@receives(DepartmentChanged)
def give_catch_all(event: DepartmentChanged, *, now: datetime) -> None:
    """Give a working department its "something else", so that no work there is without a promise (R17).

    An organisation without any calendar yet has nothing to count on; `standard_for` falls back until it has.
    """
    day = org_queries.organisation_day(now)
    if not org_queries.chart(on=day).is_active(event.department_id):
        return
    if not BusinessCalendar.objects.exists():
        return
    department = Department.objects.get(pk=event.department_id)
    calendar = org_queries.calendar_of(department, on=day)
    actions.ensure_catch_all(department, calendar=calendar, now=now)
