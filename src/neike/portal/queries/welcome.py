"""The first steps of a newcomer: ask, see it travel, rate it."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from neike.desk.models import Leg, Ticket
from neike.org.models import Person
from neike.portal.models import Welcome
from neike.surveys.models import Rating

_LATEST: Final = 20
"""So many of a person's requests are looked at: somebody who asks for thousands is no newcomer."""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """How far a newcomer is; `ticket` is their latest request, to look at."""

    ticket: Ticket | None
    asked: bool
    travelled: bool
    rated: bool

    @property
    def done(self) -> int:
        """How many of the three are done."""
        return sum((self.asked, self.travelled, self.rated))


def first_steps(person: Person) -> FirstSteps | None:
    """Return how far a person is, None for whoever has done all three or put them away; at most three queries."""
    if Welcome.objects.filter(person=person).exists():
        return None
    accepted = Leg.objects.filter(ticket=OuterRef("pk"), accepted_at__isnull=False)
    own = Ticket.objects.filter(Q(requester=person) | Q(raised_by=person))
    latest = list(own.annotate(travelled=Exists(accepted)).order_by("-pk")[:_LATEST])
    if not latest:
        return FirstSteps(None, asked=False, travelled=False, rated=False)
    rated = Rating.objects.filter(rater=person).exists()
    ticket = next((one for one in latest if one.travelled), latest[0])
    travelled = bool(ticket.travelled)
    if travelled and rated:
        return None
    return FirstSteps(ticket, asked=True, travelled=travelled, rated=rated)
