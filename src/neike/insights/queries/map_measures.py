"""What can be measured of the pairs of the map."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from django.db.models import Count, Q

from neike.catalog.choices import TargetMetric
from neike.engines.graph import Pair
from neike.engines.shares import wilson
from neike.insights.choices import Measure
from neike.insights.models import Outcome
from neike.insights.queries.spans import in_period
from neike.org.periods import Period
from neike.relations.choices import RelationLevel, RelationState
from neike.relations.policies import Standing
from neike.relations.queries.needs import needs_visible_to
from neike.relations.queries.needs import shown as shown_needs
from neike.surveys import queries as survey_queries


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with how many observations it rests on; `low` and `high` are its 95 % interval, if any.

    A share of promises kept lies between 0 and 1, a mean rating between 1 and 5, a gap between -4 and 4.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    is_small: bool = False


def figures(
    measure: Measure, shown: Collection[Pair], quarter: Period, *, who: Standing, now: datetime
) -> dict[Pair, Figure]:
    """Return the measured values of pairs; a fixed number of queries, none for the volume.

    Kept promises are told of the pairs whose volume of the quarter is `shown`, satisfaction where it is published
    (at least five raters), the service gap of the relations of which `who` is an end.
    """
    if measure == Measure.KEPT:
        return _kept(frozenset(shown), quarter)
    if measure == Measure.SATISFACTION:
        return _satisfaction(quarter, now)
    if measure == Measure.GAP:
        return _gaps(who)
    return {}


def _kept(shown: Collection[Pair], quarter: Period) -> dict[Pair, Figure]:
    rows = (
        Outcome.objects.filter(in_period(quarter, "day"), metric=TargetMetric.LEG_DELIVERY)
        .values_list("supplier_id", "customer_id")
        .annotate(n=Count("pk"), hits=Count("pk", filter=Q(kept=True)))
        .order_by()
    )
    found = {}
    for supplier, customer, n, hits in rows:
        share = wilson(hits, n)
        if share and (supplier, customer) in shown:
            found[supplier, customer] = Figure(
                share.value, n, share.low, share.high, share.is_small
            )
    return found


def _satisfaction(quarter: Period, now: datetime) -> dict[Pair, Figure]:
    published = survey_queries.published_pairs(quarter, now=now)
    return {
        pair: Figure(one.mean, one.n, one.low, one.high, one.is_small)
        for pair, one in published.items()
        if pair[0] != pair[1]
    }


def _gaps(who: Standing) -> dict[Pair, Figure]:
    """Return mean perception less mean expectation per pair, of the needs whose expectation `who` may know."""
    needs = (
        needs_visible_to(who)
        .filter(relation__level=RelationLevel.DEPARTMENT, retired_on=None)
        .exclude(relation__state=RelationState.ENDED)
    )
    levels: dict[Pair, tuple[list[float], list[int]]] = defaultdict(lambda: ([], []))
    for need in shown_needs(needs, who=who):
        if need.expected is not None and need.perceived.value is not None:
            relation = need.need.relation
            perceived, expected = levels[relation.provider_id, relation.customer_id]
            perceived.append(need.perceived.value)
            expected.append(need.expected)
    return {
        pair: Figure(mean(perceived) - mean(expected), len(expected))
        for pair, (perceived, expected) in levels.items()
    }
