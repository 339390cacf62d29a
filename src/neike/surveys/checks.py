"""What must hold for the stored ratings every night (esm 4.4)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from neike.desk.queries.workers import Workers, workers_of
from neike.kernel.registries import Problem
from neike.org import queries as org_queries
from neike.surveys.models import Rating
from neike.surveys.queries.pairs import (
    basis,
    computed_pairs,
    fingerprint,
    published_before,
    published_pairs,
)

_AT_ONCE: Final = 500
MOST_PROBLEMS: Final = 50


def nobody_rates_own_work(_now: datetime) -> list[Problem]:
    """No rating is by somebody who worked on what it rates: a request's by none of its workers."""
    return list(islice(_own_work(), MOST_PROBLEMS))


def _own_work() -> Iterator[Problem]:
    ratings = Rating.objects.select_related("ticket", "leg").order_by("pk")
    remaining = ratings.iterator(chunk_size=_AT_ONCE)
    while batch := list(islice(remaining, _AT_ONCE)):
        workers = workers_of({rating.ticket_id for rating in batch})
        for rating in batch:
            if rating.rater_id in _excluded(rating, workers[rating.ticket_id]):
                yield Problem(
                    f"rating {rating.pk}", f"{rating.ticket} was rated by who worked on it"
                )


def _excluded(rating: Rating, workers: Workers) -> frozenset[int]:
    return workers.everybody if rating.leg is None else workers.on_leg(rating.leg.no)


def published_pairs_hold(now: datetime) -> list[Problem]:
    """Return pairs of this or the last quarter whose published result is not what the ratings say.

    Left aside while a job has still to write the table anew.
    """
    at = basis(now)
    if published_before() != (at, fingerprint(at)):
        return []
    quarter = org_queries.current_quarter(now)
    found = []
    for each in (quarter.previous(), quarter):
        have, want = published_pairs(each, now=now), computed_pairs(each, now=now)
        wrong = sorted(
            pair for pair in have.keys() | want.keys() if have.get(pair) != want.get(pair)
        )
        found += [
            Problem(
                f"published:{each.start} {pair[0]} > {pair[1]}",
                f"{have.get(pair)} stored, {want.get(pair)} computed",
            )
            for pair in wrong
        ]
    return found[:MOST_PROBLEMS]
