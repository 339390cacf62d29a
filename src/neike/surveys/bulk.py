"""Writing many ratings at once, for the demo company and for imports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from django.db import transaction

from neike.surveys.choices import RatingReason, Score
from neike.surveys.models import Rating

BATCH: Final = 500
"""Ratings per transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRating:
    """A rating to be written. `leg_id` None: of the whole request.

    Who writes sees to it that the rater did not work on it (the nightly check does too), and that `supplier_id` is
    the department that led the request, or the leg's.
    """

    ticket_id: int
    rater_id: int
    supplier_id: int
    customer_id: int
    score: int
    rated_at: datetime
    leg_id: int | None = None
    reasons: Sequence[str] = ()
    comment: str = ""


def write_ratings(ratings: Iterable[NewRating], *, batch: int = BATCH) -> int:
    """Write ratings as they come, `batch` per transaction; return how many. Nothing is announced, nobody is told.

    Raises:
        ValueError: a score or reason is not one of ours; its batch is not written.
        IntegrityError: somebody rated the same twice; likewise.
    """
    remaining, written = iter(ratings), 0
    while chunk := list(islice(remaining, batch)):
        with transaction.atomic():
            Rating.objects.bulk_create(_row(each) for each in chunk)
        written += len(chunk)
    return written


def _row(new: NewRating) -> Rating:
    if new.score not in Score.values or not set(new.reasons) <= set(RatingReason.values):
        raise ValueError(f"not a rating: {new}")
    return Rating(
        ticket_id=new.ticket_id,
        leg_id=new.leg_id,
        rater_id=new.rater_id,
        supplier_id=new.supplier_id,
        customer_id=new.customer_id,
        score=new.score,
        reasons=list(new.reasons),
        comment=new.comment,
        rated_at=new.rated_at,
    )
