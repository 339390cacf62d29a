"""Recurring requests: whose they are, what comes next."""

from collections.abc import Callable
from datetime import date
from itertools import islice

from django.db.models import Q, QuerySet

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk.choices import RecurringState
from neike.desk.models import RecurringRequest
from neike.desk.policies import Standing
from neike.engines.recurrence import Occurrence, Recurrence, Rhythm, Shift, occurrences
from neike.org import queries as org_queries
from neike.org.models import Person


def recurring_visible_to(who: Standing) -> QuerySet[RecurringRequest]:
    """Return those one set up, those one is the requester of, and those of the services one owns."""
    own = Q(set_up_by=who.person_id) | Q(requester=who.person_id)
    shared = Q(service__in=who.owns, service__confidential=False)
    return RecurringRequest.objects.filter(own | shared).select_related(
        "service", "requester", "set_up_by"
    )


def due_recurring(today: date) -> list[int]:
    """Return the ids of those whose next date has come."""
    found = RecurringRequest.objects.filter(state=RecurringState.ACTIVE, next_on__lte=today)
    return list(found.order_by("next_on", "pk").values_list("pk", flat=True))


def rule_of(one: RecurringRequest) -> Recurrence:
    """Return the rule as the engine reads it."""
    return Recurrence(
        rhythm=Rhythm(one.rhythm),
        day=one.day,
        starts=one.starts,
        ends=one.ends,
        shift=Shift(one.shift),
    )


def worked_days_of(person: Person, *, on: date) -> Callable[[date], bool]:
    """Return whether a date is worked where the person works, by the calendar of their department."""
    department = org_queries.department_of(person, on=on)
    calendar = (
        org_queries.calendar_of(department, on=on) if department else org_queries.default_calendar()
    )
    return org_queries.prepared_calendar(calendar).is_working_date


def next_dates(one: RecurringRequest, count: int, *, on: date) -> list[Occurrence]:
    """Return the dates to come, at most `count`."""
    worked = worked_days_of(one.requester, on=on)
    return list(islice(occurrences(rule_of(one), after=one.done_until, is_worked=worked), count))


def offered_service(service: Service, requester: Person, on: date) -> Service | None:
    """Return the service with its form when it is offered to the requester on a day, else None."""
    return catalog_queries.services_visible_to(requester, on).filter(pk=service.pk).first()
