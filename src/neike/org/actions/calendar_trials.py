"""Looking at what a calendar would say after a change, before anybody agrees to it (R15)."""

import hashlib
from collections.abc import Callable

from django.db import transaction

from neike.engines.worktime import CalendarSpec
from neike.org.models import BusinessCalendar
from neike.org.queries import calendar_spec


def tried(calendar: BusinessCalendar, do: Callable[[], object]) -> CalendarSpec:
    """Return what the calendar would say after `do`, of which nothing stays.

    Raises:
        Exception: whatever `do` refuses.
    """
    with transaction.atomic():
        do()
        spec = calendar_spec(BusinessCalendar.objects.get(pk=calendar.pk))
        transaction.set_rollback(True)
    return spec


def fingerprint(spec: CalendarSpec) -> str:
    """Return what tells these hours from any other: an agreement is to exactly what was shown."""
    said = (spec.zone, spec.week, sorted(spec.closed), sorted(spec.worked), sorted(spec.special))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
