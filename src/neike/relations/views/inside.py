"""What every page about needs and agreements does first: who asks, when, and what of it they may see."""

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
from neike.relations.choices import Side
from neike.relations.display.sides import Names, names_of
from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import agreement_pages
from neike.relations.queries import agreements as agreement_queries
from neike.relations.queries import needs as need_queries


@dataclass
class Inside:
    """Somebody who looks at needs and agreements, at a moment. The organisation is read once for the whole page."""

    person: Person
    now: datetime

    @cached_property
    def who(self) -> Standing:
        """What the person is in the organisation."""
        return policies.standing(self.person, now=self.now)

    @property
    def today(self) -> date:
        """The day in the organisation's zone."""
        return self.who.on

    @cached_property
    def chart(self) -> OrgChart:
        """The organisation today."""
        return org_queries.chart(on=self.today)

    def names(self, relation: ServiceRelation) -> Names:
        """Return what the two ends are called."""
        return names_of(relation, self.chart)

    def relation(self, public_id: UUID) -> ServiceRelation:
        """Return a relation of whose two ends the person is one; any other is absent.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(queries.relations_of(self.who), public_id=public_id)

    def need(self, public_id: UUID) -> Need:
        """Return a need of such a relation.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(need_queries.needs_visible_to(self.who), public_id=public_id)

    def agreement(self, public_id: UUID) -> Agreement:
        """Return an agreement of such a relation, with its standard and its signatures.

        Raises:
            Http404: there is none, or not for this person.
        """
        rows = agreement_pages.read_along(agreement_queries.agreements_visible_to(self.who))
        return get_object_or_404(rows, public_id=public_id)

    def sides(self, relation: ServiceRelation) -> tuple[Side, ...]:
        """Return the ends the person speaks for."""
        return self.who.sides_acted_for(relation)


def inside(request: HttpRequest) -> Inside:
    """Return who is signed in; the door has checked that somebody is."""
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    return Inside(request.user, timezone.now())
