"""What must hold for the stored ratings every night (esm 4.4)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from neike.desk.queries.workers import Workers, workers_of
from neike.kernel.registries import Problem
from neike.surveys.models import Rating

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
