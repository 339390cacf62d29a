"""The clock and the reader of the catalogue's pages, and how one gets on from a form."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
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


def move_on(request: HttpRequest, name: str, *args: str) -> HttpResponse:
    """Send the browser to a page, whole: htmx would only take the part it asked for and lose the message."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": reverse(name, args=args)})
    return redirect(name, *args)
