"""What every view of the desk does first: who asks, when, and which request or leg they may see."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from neike.desk import policies, queries
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import OrgChart


@dataclass
class Reader:
    """Who looks at the desk, at which moment. The organisation is read once for the whole page."""

    person: Person
    now: datetime

    @cached_property
    def who(self) -> Standing:
        """What the person is in the organisation."""
        return policies.standing(self.person, now=self.now)

    @cached_property
    def chart(self) -> OrgChart:
        """The organisation today."""
        return org_queries.chart(on=org_queries.organisation_day(self.now))


def reader(request: HttpRequest) -> Reader:
    """Return who is signed in; the door has checked that somebody is."""
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return Reader(request.user, timezone.now())


def ticket_of(reader: Reader, number: int) -> Ticket:
    """Return a request with its legs; one that the person may not read is absent.

    Raises:
        Http404: there is none, or not for this person.
    """
    legs = Leg.objects.select_related("supplier", "customer", "assignee").order_by("no")
    found = (
        queries.tickets_visible_to(reader.who)
        .select_related(
            "service", "form", "standard__calendar", "requester", "raised_by", "follow_up_of"
        )
        .prefetch_related(Prefetch("legs", legs))
    )
    ticket = get_object_or_404(found, number=number)
    reader.who.may_read.add(ticket.pk)
    return ticket


def leg_of(ticket: Ticket, no: int) -> Leg:
    """Return a leg of a request the person may read.

    Raises:
        Http404: it has no such leg.
    """
    for leg in ticket.legs.all():
        if leg.no == no:
            leg.ticket = ticket
            return leg
    raise Http404
