"""What the desk says about relations: how many requests are open each way, as far as the reader may read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from neike.desk import policies
from neike.desk.queries.between import (
    Pair,
    People,
    holders,
    open_between_departments,
    open_between_people,
)
from neike.kernel.registries import RelationFact, RelationSeen
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries
from neike.org.queries import OrgChart
from neike.relations.choices import RelationLevel, Side
from neike.relations.models import ServiceRelation

Both = tuple[int, int]
"""Open requests that the provider has to answer, and that the customer has to answer."""


def facts(
    person: Any,  # noqa: ANN401 - the kernel's signature
    seen: Sequence[RelationSeen],
    now: datetime,
) -> dict[int, list[RelationFact]]:
    """Return, by relation, what waits with the reader's side and what with the other; nothing where nothing is open.

    One query for all relations between departments, two for those between positions and persons.
    """
    who = policies.standing(person, now=now)
    counts = _between_departments(who, seen) | _between_people(who, seen)
    chart = org_queries.chart(on=who.on)
    return {
        each.relation.pk: _facts(each, counts[each.relation.pk], chart, now)
        for each in seen
        if any(counts[each.relation.pk])
    }


def _between_departments(who: policies.Standing, seen: Sequence[RelationSeen]) -> dict[int, Both]:
    relations = [each.relation for each in seen if _is_of_departments(each.relation)]
    there = [(each.provider_id, each.customer_id) for each in relations]
    found = open_between_departments(who, [*there, *((two, one) for one, two in there)])
    return {
        each.pk: (found[one, two], found[two, one])
        for each, (one, two) in zip(relations, there, strict=True)
    }


def _between_people(who: policies.Standing, seen: Sequence[RelationSeen]) -> dict[int, Both]:
    relations = [each.relation for each in seen if not _is_of_departments(each.relation)]
    posts = [each for each in relations if each.level == RelationLevel.POSITION]
    held = holders((pk for each in posts for pk in (each.provider_id, each.customer_id)), on=who.on)
    ends = [_people(each, held) for each in relations]
    back = [People(serving=each.asking, asking=each.serving) for each in ends]
    found = open_between_people(who, [*ends, *back])
    half = len(ends)
    return {each.pk: (found[place], found[half + place]) for place, each in enumerate(relations)}


def _people(relation: ServiceRelation, held: dict[int, frozenset[int]]) -> People:
    if relation.level == RelationLevel.PERSON:
        return People(frozenset({relation.provider_id}), frozenset({relation.customer_id}))
    none = frozenset[int]()
    return People(held.get(relation.provider_id, none), held.get(relation.customer_id, none))


def _is_of_departments(relation: ServiceRelation) -> bool:
    return relation.level == RelationLevel.DEPARTMENT


def _facts(seen: RelationSeen, counts: Both, chart: OrgChart, now: datetime) -> list[RelationFact]:
    """Word the two numbers for the reader: what waits with us comes first."""
    relation = seen.relation
    provider, customer = relation.provider_id, relation.customer_id
    with_provider = counts[0], _list_url(relation, (provider, customer), chart, now)
    with_customer = counts[1], _list_url(relation, (customer, provider), chart, now)
    serves = seen.side == Side.PROVIDER
    ours, theirs = (with_provider, with_customer) if serves else (with_customer, with_provider)
    labels = (_("Open with us"), ours), (_("Open with them"), theirs)
    return [RelationFact(label, number(count), url) for label, (count, url) in labels if count]


def _list_url(relation: ServiceRelation, pair: Pair, chart: OrgChart, now: datetime) -> str:
    """Return the list behind a number between departments, where the product has that page."""
    ends = [chart.get(each) for each in pair] if _is_of_departments(relation) else [None, None]
    if ends[0] is None or ends[1] is None:
        return ""
    values = {
        "what": "open",
        "period": org_queries.current_quarter(now).key,
        "supplier": str(ends[0].public_id),
        "customer": str(ends[1].public_id),
    }
    try:
        return f"{reverse('insights:list')}?{urlencode(values)}"
    except NoReverseMatch:
        return ""
