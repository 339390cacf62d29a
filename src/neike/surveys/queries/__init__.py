"""What can be looked up about ratings. `who` is `desk.policies.standing(person, now=now)`."""

from neike.surveys.queries.named import Filters, narrowed, rating_of, ratings_visible_to
from neike.surveys.queries.pairs import PairResult, publication_token, published_pairs, stamps
from neike.surveys.queries.results import (
    MonthResult,
    PartResult,
    Results,
    published,
    received,
    tickets_answered,
)
from neike.surveys.queries.to_rate import legs_to_rate, tickets_to_rate

__all__ = [
    "Filters",
    "MonthResult",
    "PairResult",
    "PartResult",
    "Results",
    "legs_to_rate",
    "narrowed",
    "publication_token",
    "published",
    "published_pairs",
    "rating_of",
    "ratings_visible_to",
    "received",
    "stamps",
    "tickets_answered",
    "tickets_to_rate",
]
