"""A person's own page of relations: whom they serve and who serves them, with what is known of each."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import F, Q, QuerySet

from neike.relations.choices import AgreementState, RelationLevel, RelationState, Side
from neike.relations.models import Agreement, NeedVersion, ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.policies import Standing
from neike.relations.queries.relations import ENDS

MOST: Final = 200
"""So many relations stand on one page; who has more finds them on the pages of the departments."""


@dataclass(slots=True)
class Known:
    """What people of the two ends know of a relation: needs in the customer's words, and the next review."""

    needs: list[str] = field(default_factory=list)
    review_on: date | None = None


def own_departments(who: Standing) -> frozenset[int]:
    """Return the departments whose relations are a person's daily business: they work there, or lead them themselves.

    Who leads departments above others finds those on the departments' own pages.
    """
    return frozenset(who.held.heads) | who.works_in


def own_relations(who: Standing, side: Side | str) -> list[ServiceRelation]:
    """Return the open relations at whose `side` the person stands, those that wait for the side first.

    The closest come first; with their ends read along, in one query after the person's standing is known.
    """
    rows = ServiceRelation.objects.filter(OPEN, _own(who, side)).select_related(*ENDS)
    waiting = Q(**{f"{side}_confirmed_on": None, f"{side}_contested_on": None})
    rows = rows.annotate(answered=~waiting).order_by("answered", "-closeness", "pk")
    return list(rows[:MOST])


def _own(who: Standing, side: Side | str) -> Q:
    department = Q(
        level=RelationLevel.DEPARTMENT, **{f"{side}_department__in": own_departments(who)}
    )
    position = Q(level=RelationLevel.POSITION, **{f"{side}_position__in": who.posts})
    person = Q(level=RelationLevel.PERSON, **{f"{side}_person": who.person_id})
    return department | position | person


def known_of(relations: Collection[ServiceRelation]) -> dict[int, Known]:
    """Return needs and the next review by relation, for relations of whose ends the reader is one; two queries."""
    ids = [relation.pk for relation in relations]
    found: defaultdict[int, Known] = defaultdict(Known)
    for version in _needs(ids):
        known = found[version.need.relation_id]
        known.needs.append(version.statement)
        known.review_on = _earlier(known.review_on, version.review_on)
    agreed = Agreement.objects.filter(relation__in=ids, state=AgreementState.IN_FORCE)
    for pk, review_on in agreed.values_list("relation_id", "review_on"):
        found[pk].review_on = _earlier(found[pk].review_on, review_on)
    return found


def _needs(ids: list[int]) -> QuerySet[NeedVersion]:
    rows = NeedVersion.objects.filter(
        need__relation__in=ids, need__retired_on=None, version=F("need__version")
    )
    return rows.select_related("need").order_by("need")


def _earlier(first: date | None, second: date | None) -> date | None:
    return min((each for each in (first, second) if each is not None), default=None)


def confirmed_count(relations: Collection[ServiceRelation]) -> int:
    """Return how many of the relations both sides have confirmed."""
    return sum(each.state == RelationState.CONFIRMED for each in relations)
