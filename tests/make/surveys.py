"""Builders of ratings: requests that were served and may be rated, and ratings as they stand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from neike.desk import actions as desk_actions
from neike.desk.models import Leg, Ticket
from neike.org.models import Department, Person
from neike.surveys.models import Rating
from tests.make import desk, org

RESOLVED_AT = desk.at("2 15:00")
_next = count(1)


def resolved(company: desk.Company, *, now: datetime = desk.MONDAY, **more: object) -> Ticket:
    """Return a request of Anna's that Ivan resolved at three."""
    leg = company.accepted(now=now, **more)
    later = max(RESOLVED_AT, now + timedelta(hours=1))
    return desk_actions.resolve(
        ticket=leg.ticket, by=company.ivan, version=leg.ticket.version, now=later
    )


def confirmed_leg(company: desk.Company, *, now: datetime = desk.MONDAY, **more: object) -> Leg:
    """Return a leg that Ivan of IT handed to Finance, that Fang delivered and Ivan confirmed; a quarter of an hour each."""
    quarter = timedelta(minutes=15)
    first = company.accepted(now=now, **more)
    leg = desk_actions.hand_over(
        leg=first,
        by=company.ivan,
        to=company.finance,
        ask="Budget?",
        version=first.version,
        now=now + quarter,
    )
    leg = desk_actions.accept_leg(
        leg=leg, by=company.fang, version=leg.version, now=now + 2 * quarter
    )
    leg = desk_actions.deliver_leg(
        leg=leg, by=company.fang, version=leg.version, now=now + 3 * quarter
    )
    return desk_actions.confirm_leg(
        leg=leg, by=company.ivan, version=leg.version, now=now + 4 * quarter
    )


def rating(
    company: desk.Company,
    *,
    score: int = 4,
    rater: Person | None = None,
    customer: Department | None = None,
    at: datetime = RESOLVED_AT,
    reasons: Sequence[str] = (),
    comment: str = "",
    confidential: bool = False,
) -> Rating:
    """Return a rating of IT for a request of its own, by a new person of `customer` (HR) or by `rater`."""
    customer = customer or company.hr
    rater = rater or org.person(f"Rater {next(_next)}", department=customer)
    ticket = Ticket.objects.get(pk=company.submit(now=at).pk)
    Ticket.objects.filter(pk=ticket.pk).update(confidential=confidential, requester=rater)
    return Rating.objects.create(
        ticket=ticket,
        rater=rater,
        supplier=company.it,
        customer=customer,
        score=score,
        reasons=list(reasons),
        comment=comment,
        rated_at=at,
    )
