"""The clock of the organisation's pages."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from neike.org import policies
from neike.org.models import Person


def moment() -> tuple[datetime, date]:
    """Return this moment and the date it is in the organisation's zone."""
    now = timezone.now()
    return now, policies.day_of(now)


def reader(request: HttpRequest) -> Person:
    """Return who is signed in; the door has checked that somebody is."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return person
