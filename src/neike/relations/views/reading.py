"""What every page of relations does first: who asks, when, and which relation they may see."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import OrgChart
from neike.relations import policies, queries
from neike.relations.models import ServiceRelation
from neike.relations.policies import Standing


@dataclass
class Reader:
    """Who looks at relations, at which moment. The organisation is read once for the whole page."""

    person: Person
    now: datetime

    @cached_property
    def who(self) -> Standing:
        """What the person is in the organisation."""
        return policies.standing(self.person, now=self.now)

    @property
    def on(self) -> date:
        """The day in the organisation's zone."""
        return self.who.on

    @cached_property
    def chart(self) -> OrgChart:
        """The organisation today."""
        return org_queries.chart(on=self.on)


def reader_of(request: HttpRequest) -> Reader:
    """Return who is signed in; the door has checked that somebody is."""
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return Reader(request.user, timezone.now())


def relation_of(reader: Reader, public_id: UUID) -> ServiceRelation:
    """Return a relation with its ends; one that the person may not see is absent.

    Raises:
        Http404: there is none, or not for this person.
    """
    return get_object_or_404(queries.relations_visible_to(reader.who), public_id=public_id)


def is_htmx(request: HttpRequest) -> bool:
    """Whether a script asked and swaps the answer into the page."""
    return request.headers.get("HX-Request") == "true"
