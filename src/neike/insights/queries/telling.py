"""Which work between departments a reader may be told of. Every number of a page and the list behind it ask here.

A quarter of a pair is told to everybody where it is strong: at least `MIN_PEOPLE` people at each end, as on the map.
Everything else - weak quarters, and what a department does for its own people - is told to those only who work in
one of the two departments or lead it. Sums are sums of what is told, so no subtraction of numbers, of whatever
departments, periods and lists, leaves anything that is not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q

from neike.engines.graph import MIN_PEOPLE
from neike.insights.models import ObservedEdge
from neike.insights.queries.spans import in_moments, in_period
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period, quarter_of
from neike.relations import policies as relation_policies

STRONG: Final = Q(supplier_people__gte=MIN_PEOPLE, customer_people__gte=MIN_PEOPLE)
"""Matches edges with enough people at each end."""
_OPEN_QUARTERS: Final = 8
"""Open work is told to everybody as far back as a page offers quarters."""

Span = Callable[[Period, str], Q]


@dataclass(frozen=True, slots=True)
class Told:
    """What one reader is told of: all that has to do with their `own` departments, None for all; else what is strong."""

    own: frozenset[int] | None

    def all_of(self, department_id: int) -> bool:
        """Whether the reader is told everything the department does."""
        return self.own is None or department_id in self.own

    def rows(self, period: Period, field: str) -> Q:
        """Match rows of flows or outcomes by the day `field` that lie in the period and may be told."""
        return self._told(period, field, in_period)

    def legs(self, period: Period, field: str = "offered_at") -> Q:
        """Match legs by the moment `field` that lie in the period and may be told."""
        return self._told(period, field, in_moments)

    def open_legs(self, now: datetime) -> Q:
        """Match legs, of those open at this moment, that may be told: by the quarter they were offered in."""
        if self.own is None:
            return Q()
        running = org_queries.current_quarter(now)
        quarters = [running.shifted(-back) for back in range(_OPEN_QUARTERS)]
        return self._own() | _strong(quarters, "offered_at", in_moments)

    def _told(self, period: Period, field: str, span: Span) -> Q:
        inside = span(period, field)
        if self.own is None:
            return inside
        return inside & (self._own() | _strong(list(quarters_of(period)), field, span))

    def _own(self) -> Q:
        return Q(supplier__in=self.own) | Q(customer__in=self.own)


EVERYTHING: Final = Told(None)
"""For calculations. Never for pages."""


def told_to(person: Person, *, now: datetime) -> Told:
    """Return what a person is told of; a few small queries when the rows are asked for."""
    return Told(relation_policies.standing(person, now=now).belongs)


def quarters_of(period: Period) -> Iterator[Period]:
    """Yield the quarters that a period touches, oldest first: a month is told as its quarter is."""
    quarter = quarter_of(period.start, zone=period.zone, fiscal_start=period.fiscal_start)
    while quarter.start < period.end:
        yield quarter
        quarter = quarter.next()


def _strong(quarters: list[Period], field: str, span: Span) -> Q:
    found = Q()
    for quarter in quarters:
        edge = ObservedEdge.objects.filter(
            STRONG,
            supplier=OuterRef("supplier"),
            customer=OuterRef("customer"),
            quarter_start=quarter.start,
            quarters=1,
        )
        found |= Q(Exists(edge)) & span(quarter, field)
    return found
