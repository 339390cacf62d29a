"""Ratings on the page of a request: what one may rate, what one may read, what everybody may know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from neike.desk import policies as desk_policies
from neike.desk.choices import LegState, TicketState
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.desk.queries.workers import workers_of
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.surveys import policies, queries
from neike.surveys.forms import RatingForm, form_for
from neike.surveys.models import Rating
from neike.surveys.terms import CHANGE_WITHIN, RATE_WITHIN


@dataclass(frozen=True, slots=True)
class Card:
    """Something one may rate, or has rated; `form` is None once the rating stands."""

    key: str
    url: str
    question: str
    rating: Rating | None
    form: RatingForm | None
    may_confirm: bool = False
    is_of_leg: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the form is shown at once: nothing said yet, or something to put right."""
        return self.form is not None and (self.rating is None or self.form.is_bound)


def panel(
    person: Any,  # noqa: ANN401 - the kernel's signature
    ticket: Ticket,
    now: datetime,
    bound: Mapping[str, RatingForm] | None = None,
) -> dict[str, Any]:
    """Return what the panel shows a reader of the request; empty when there is nothing. `bound`: forms by card."""
    if not isinstance(person, Person):
        return {}
    who = desk_policies.standing(person, now=now)
    legs = [leg for leg in ticket.legs.all() if leg.state == LegState.CONFIRMED]
    if ticket.state not in policies.RATABLE_STATES and not legs:
        return {}
    known = list(
        queries.ratings_visible_to(who)
        .filter(ticket=ticket)
        .select_related("rater", "leg")
        .order_by("leg__no", "pk")
    )
    own = {rating.leg_id: rating for rating in known if rating.rater_id == person.pk}
    cards = list(_cards(who, ticket, legs, own, now, bound or {}))
    others = [rating for rating in known if rating.rater_id != person.pk]
    found: dict[str, Any] = {
        "cards": cards,
        "others": _others(others, now),
        "change_days": CHANGE_WITHIN.days,
        "asks": any(card.is_open for card in cards),
    }
    if not cards and not others:
        found["public"] = _public(ticket, now)
    return found if cards or others or found["public"] else {}


def _cards(
    who: Standing,
    ticket: Ticket,
    legs: list[Leg],
    own: Mapping[int | None, Rating],
    now: datetime,
    bound: Mapping[str, RatingForm],
) -> Iterator[Card]:
    workers = workers_of([ticket.pk])[ticket.pk]
    if None in own or policies.may_rate_ticket(who, ticket, workers):
        url = reverse("surveys:rate_ticket", args=[ticket.number])
        question = _("How good was the result for you?")
        may = bool(policies.may_rate_ticket(who, ticket, workers))
        card = _card(
            "ticket", url, question, own.get(None), ticket.resolved_at if may else None, now, bound
        )
        if card:
            resolved = ticket.state == TicketState.RESOLVED
            yield replace(card, may_confirm=resolved)
    names = org_queries.chart(on=who.on) if legs else None
    for leg in legs:
        may = bool(policies.may_rate_leg(who, leg, workers))
        if names is None or not (may or leg.pk in own):
            continue
        url = reverse("surveys:rate_leg", args=[ticket.number, leg.no])
        question = _("How good was what %(department)s delivered?") % {
            "department": names.name(leg.supplier_id)
        }
        ended = leg.confirmed_at if may else None
        card = _card(f"leg-{leg.no}", url, question, own.get(leg.pk), ended, now, bound)
        if card:
            yield replace(card, is_of_leg=True)


def _card(
    key: str,
    url: str,
    question: str,
    rating: Rating | None,
    ended_at: datetime | None,
    now: datetime,
    bound: Mapping[str, RatingForm],
) -> Card | None:
    """Return the card, or None when it is too late for a first rating."""
    until = rating.rated_at + CHANGE_WITHIN if rating else ended_at and ended_at + RATE_WITHIN
    is_open = ended_at is not None and until is not None and now <= until
    if rating is None and not is_open:
        return None
    form = bound.get(key) or form_for(rating, key)
    return Card(key, url, question, rating, form if is_open or form.is_bound else None)


def _others(ratings: list[Rating], now: datetime) -> list[dict[str, Any]]:
    if not ratings:
        return []
    names = org_queries.chart(on=org_queries.organisation_day(now))
    return [
        {
            "rating": rating,
            "about": names.name(rating.supplier_id),
            "customer": names.name(rating.customer_id),
        }
        for rating in ratings
    ]


def _public(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """Return what everybody may know of the department's ratings: this quarter's, else the last one's."""
    quarter = org_queries.current_quarter(now)
    lead = next((leg for leg in ticket.legs.all() if leg.is_lead), None)
    department_id = lead.supplier_id if lead else ticket.supplier_id
    for period in (quarter, quarter.previous()):
        found = queries.published(department_id, period, now=now)
        if found:
            organisation = org_queries.chart(on=org_queries.organisation_day(now))
            department = organisation.get(department_id)
            return {
                "name": organisation.name(department_id),
                "period": period,
                "mean": number(found.summary.mean, 1),
                "raters": found.summary.raters,
                "url": reverse("surveys:ratings", args=[department.public_id])
                if department
                else "",
            }
    return {}
