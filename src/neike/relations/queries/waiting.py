"""What waits for one person."""

from django.db.models import QuerySet

from neike.relations.models import Agreement, Need, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries.agreements import agreements_to_review, agreements_to_sign
from neike.relations.queries.needs import needs_to_guess, needs_to_review
from neike.relations.queries.relations import relations_to_confirm


class Waiting:
    """Everything about relations that waits for a person; querysets, made when asked for, so that a page pays for what it shows.

    Where several lead one above the other, it waits for the nearest.
    """

    def __init__(self, who: Standing) -> None:
        self._who = who

    @property
    def to_confirm(self) -> QuerySet[ServiceRelation]:
        """Relations that wait for their word."""
        return relations_to_confirm(self._who)

    @property
    def to_sign(self) -> QuerySet[Agreement]:
        """Agreements that wait for their signature."""
        return agreements_to_sign(self._who)

    @property
    def agreements_to_review(self) -> QuerySet[Agreement]:
        """Agreements whose review is due."""
        return agreements_to_review(self._who)

    @property
    def needs_to_review(self) -> QuerySet[Need]:
        """Needs whose review is due."""
        return needs_to_review(self._who)

    @property
    def to_guess(self) -> QuerySet[Need]:
        """Needs of their customers that they have not guessed."""
        return needs_to_guess(self._who)

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
    """Return what waits for the person; no query yet."""
    return Waiting(who)
