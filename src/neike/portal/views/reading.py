"""The clock and the reader of the portal's pages."""

from django.http import HttpRequest
from django.utils import timezone

from neike.org import queries as org_queries
from neike.org.models import Person
from neike.portal.queries.finding import Seeker


def seeker(request: HttpRequest) -> Seeker:
    """Return who is signed in, with this moment and the organisation today; the door has checked somebody is."""
    person, now = request.user, timezone.now()
    if not isinstance(person, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    on = org_queries.organisation_day(now)
    return Seeker(person, now, on, org_queries.chart(on=on))
