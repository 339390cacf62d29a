"""The clock of the organisation's pages."""

from datetime import date, datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from neike.org import policies
from neike.org.models import Person

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Between these years a day can be asked for."""


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


def chosen_day(text: str, otherwise: date) -> date:
    """Return the day an address or a form names in ISO form; nonsense, or one too far away, gives the other."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if FIRST_YEAR < found.year < LAST_YEAR else otherwise
