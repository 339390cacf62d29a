"""What can be measured of the pairs of the map."""

from collections import defaultdict
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from neike.engines.graph import Pair
from neike.engines.shares import wilson
from neike.insights.choices import Measure
from neike.insights.queries.pair_shares import PAIR_SHARES, KeptCount, kept_counts
from neike.kernel.stamps import stamp_of
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


def token_of(measure: Measure, *, now: datetime) -> Hashable | None:
    """Return what changes when the values of a measure do, for everybody alike; None: keep nothing.

    At most one query. The gap is each reader's own.
    """
    if measure == Measure.KEPT:
        return stamp_of(PAIR_SHARES)
    if measure == Measure.SATISFACTION:
        return survey_queries.publication_token(now=now)
    return None


def _kept(shown: Collection[Pair], quarter: Period) -> dict[Pair, Figure]:
    written = _Shares()
    return {pair: written[one] for pair, one in kept_counts(quarter).items() if pair in shown}


class _Shares(dict[KeptCount, Figure]):
    """The figure of a count; many pairs have the same."""

    def __missing__(self, one: KeptCount) -> Figure:
        share = wilson(one.hits, one.n)
        if share is None:
            raise ValueError("a share of nothing is not stored")
        self[one] = figure = Figure(share.value, one.n, share.low, share.high, share.is_small)
        return figure


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
