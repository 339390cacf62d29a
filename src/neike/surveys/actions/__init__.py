"""What people do with ratings."""

from neike.surveys.actions.errors import (
    CommentTooLongError,
    RatingError,
    RatingFixedError,
    RatingTooLateError,
    UnknownReasonError,
    WrongScoreError,
)
from neike.surveys.actions.publishing import publish_pairs
from neike.surveys.actions.rating import rate_leg, rate_ticket

__all__ = [
    "CommentTooLongError",
    "RatingError",
    "RatingFixedError",
    "RatingTooLateError",
    "UnknownReasonError",
    "WrongScoreError",
    "publish_pairs",
    "rate_leg",
    "rate_ticket",
]
