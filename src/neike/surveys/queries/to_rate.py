"""What waits for a person's rating."""

from datetime import datetime
from itertools import islice
from typing import Final

from django.db.models import Exists, OuterRef

from neike.desk.choices import LegState
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.desk.queries import tickets_visible_to
from neike.desk.queries.workers import workers_of
from neike.surveys import policies
from neike.surveys.models import Rating
from neike.surveys.terms import RATE_WITHIN

_LOOKED_AT: Final = 40
"""Candidates looked at for one list: those whose own work it was fall out."""


def tickets_to_rate(who: Standing, *, now: datetime, most: int = 10) -> list[Ticket]:
    """Return the person's resolved requests without their rating, newest first; two queries."""
    rated = Rating.objects.filter(ticket=OuterRef("pk"), leg=None, rater=who.person_id)
    found = list(
        Ticket.objects.filter(
            ~Exists(rated),
            requester=who.person_id,
            state__in=policies.RATABLE_STATES,
            resolved_at__gte=now - RATE_WITHIN,
        ).order_by("-resolved_at", "-pk")[:_LOOKED_AT]
    )
    workers = workers_of([ticket.pk for ticket in found]) if found else {}
    mine = (ticket for ticket in found if policies.may_rate_ticket(who, ticket, workers[ticket.pk]))
    return list(islice(mine, most))


def legs_to_rate(who: Standing, *, now: datetime, most: int = 10) -> list[Leg]:
    """Return confirmed legs that the person handed over or confirmed, without their rating, newest first."""
    rated = Rating.objects.filter(leg=OuterRef("pk"), rater=who.person_id)
    readable = tickets_visible_to(who).filter(pk=OuterRef("ticket"))
    found = list(
        Leg.objects.filter(
            ~Exists(rated),
            Exists(readable),
            customer__in=who.serves | who.leads,
            state=LegState.CONFIRMED,
            is_lead=False,
            parent_no__isnull=False,
            confirmed_at__gte=now - RATE_WITHIN,
        )
        .select_related("ticket")
        .order_by("-confirmed_at", "-pk")[:_LOOKED_AT]
    )
    workers = workers_of({leg.ticket_id for leg in found}) if found else {}
    mine = (leg for leg in found if policies.may_rate_leg(who, leg, workers[leg.ticket_id]))
    return list(islice(mine, most))
