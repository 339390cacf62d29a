"""Ratings with their raters' names, for those who may read them so."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.org.periods import Period
from neike.surveys import policies
from neike.surveys.models import Rating


@dataclass(frozen=True, slots=True)
class Filters:
    """What to narrow a list to; None leaves a condition out."""

    period: Period | None = None
    score: int | None = None
    service_id: int | None = None
    customer_id: int | None = None


def ratings_visible_to(who: Standing) -> QuerySet[Rating]:
    """Return the ratings a person reads with their raters' names."""
    return Rating.objects.filter(policies.named_to(who))


def narrowed(rows: QuerySet[Rating], by: Filters) -> QuerySet[Rating]:
    """Return the ratings that match, with what a list shows of them."""
    if by.period is not None:
        rows = rows.filter(rated_at__gte=by.period.starts_at, rated_at__lt=by.period.ends_at)
    if by.score is not None:
        rows = rows.filter(score=by.score)
    if by.service_id is not None:
        whole = Q(leg__isnull=True, ticket__service=by.service_id)
        rows = rows.filter(whole | Q(leg__service=by.service_id))
    if by.customer_id is not None:
        rows = rows.filter(customer=by.customer_id)
    return rows.select_related("ticket__service", "leg__service", "rater")


def rating_of(person_id: int, ticket: Ticket, leg: Leg | None = None) -> Rating | None:
    """Return a person's own rating of a request, or of one of its legs."""
    return Rating.objects.filter(ticket=ticket, leg=leg, rater=person_id).first()
