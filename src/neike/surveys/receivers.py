"""What follows when somebody rates: those who were rated hear of it, by name."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.desk import policies as desk_policies
from neike.desk.models import Leg
from neike.desk.telling import leads_or_agents, tell
from neike.kernel.outbox import receives
from neike.org.models import Person
from neike.surveys import policies
from neike.surveys.choices import Score
from neike.surveys.events import LegRated, TicketRated
from neike.surveys.models import Rating


@receives(TicketRated)
def tell_who_was_rated(event: TicketRated, *, now: datetime) -> None:
    """Tell who led the request to its end, and who leads their department, what the requester said."""
    rating = _rating(event.rating_id)
    _tell(rating, rating.ticket.legs.select_related("assignee").get(is_lead=True), event, now)


@receives(LegRated)
def tell_whose_leg_was_rated(event: LegRated, *, now: datetime) -> None:
    """Tell who worked on the leg, and who leads their department, what the sending department said."""
    rating = _rating(event.rating_id)
    assert rating.leg is not None  # noqa: S101 - the event is of a leg
    _tell(rating, rating.leg, event, now)


def _rating(pk: int) -> Rating:
    return Rating.objects.select_related("ticket", "leg__assignee", "supplier", "rater").get(pk=pk)


def _tell(rating: Rating, leg: Leg, event: TicketRated | LegRated, now: datetime) -> None:
    if event.version != rating.version:
        return  # it was changed meanwhile; the later event tells what holds
    people = [*leads_or_agents(rating.supplier, now=now)]
    if leg.assignee is not None:
        people.append(leg.assignee)
    title = (
        _("%(name)s rated %(score)s of 5: %(ticket)s")
        if rating.version == 1
        else _("%(name)s changed a rating to %(score)s of 5: %(ticket)s")
    )
    tell(
        _who_may_know(people, rating, now),
        rating.ticket,
        event,
        title,
        now=now,
        key=f"rating:{rating.pk}:{rating.version}",
        name=rating.rater.name,
        score=Score(rating.score).value,
    )


def _who_may_know(people: Iterable[Person], rating: Rating, now: datetime) -> list[Person]:
    """Return those to whom the rating is named now: who moved to another department is one of the side no more."""
    return [
        person
        for person in people
        if Rating.objects.filter(
            policies.named_to(desk_policies.standing(person, now=now)), pk=rating.pk
        ).exists()
    ]
