"""What waits for one person."""

from dataclasses import dataclass

from django.db.models import QuerySet

from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries.agreements import agreements_to_review, agreements_to_sign
from neike.relations.queries.needs import needs_to_guess, needs_to_review
from neike.relations.queries.relations import relations_to_confirm


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything about relations that waits for a person; querysets, so that a page takes and counts what it shows."""

    to_confirm: QuerySet[ServiceRelation]
    to_sign: QuerySet[Agreement]
    agreements_to_review: QuerySet[Agreement]
    needs_to_review: QuerySet[Need]
    to_guess: QuerySet[Need]

    def count(self) -> int:
        """Return how many things wait; five queries."""
        return (
            self.to_confirm.count()
            + self.to_sign.count()
            + self.agreements_to_review.count()
            + self.needs_to_review.count()
            + self.to_guess.count()
        )


def waiting_for(who: Standing) -> Waiting:
    """Return what waits for the person; where several lead one above the other, it waits for the nearest."""
    return Waiting(
        to_confirm=relations_to_confirm(who),
        to_sign=agreements_to_sign(who),
        agreements_to_review=agreements_to_review(who),
        needs_to_review=needs_to_review(who),
        to_guess=needs_to_guess(who),
    )
