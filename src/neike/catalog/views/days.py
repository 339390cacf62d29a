"""The clock and the reader of the catalogue's pages."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone

from neike.org import queries as org_queries
from neike.org.models import Person


def moment() -> tuple[datetime, date]:
    """Return this moment and the date it is in the organisation's zone."""
    now = timezone.now()
    return now, org_queries.organisation_day(now)


def reader(request: HttpRequest) -> Person:
    """Return who is signed in; the door has checked that somebody is."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return person
