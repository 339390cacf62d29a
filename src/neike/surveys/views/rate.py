"""Rating a request or a leg, from its page or from a page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from neike.desk import actions as desk_actions
from neike.desk.models import Leg, Ticket
from neike.desk.views.reading import Reader, leg_of, reader, ticket_of
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.surveys import actions, queries
from neike.surveys.forms import RatingForm, form_for
from neike.surveys.views.panel import panel

Rate = Callable[[dict[str, Any]], object]


@require_http_methods(["GET", "HEAD", "POST"])
@policy("surveys.rate")
@limited("surveys.rate", "60/m")
def rate_ticket(request: HttpRequest, number: int) -> HttpResponse:
    """Rate a request as its requester; with `confirm` its result is accepted in the same step."""
    who = reader(request)
    ticket = ticket_of(who, number)

    def rate(said: dict[str, Any]) -> object:
        return actions.rate_ticket(ticket=ticket, by=who.person, now=who.now, **said)

    return _answer(request, who, ticket, None, rate)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("surveys.rate")
@limited("surveys.rate", "60/m")
def rate_leg(request: HttpRequest, number: int, no: int) -> HttpResponse:
    """Rate a leg for the department that handed it over."""
    who = reader(request)
    ticket = ticket_of(who, number)
    leg = leg_of(ticket, no)

    def rate(said: dict[str, Any]) -> object:
        return actions.rate_leg(leg=leg, by=who.person, now=who.now, **said)

    return _answer(request, who, ticket, leg, rate)


def _answer(
    request: HttpRequest, who: Reader, ticket: Ticket, leg: Leg | None, rate: Rate
) -> HttpResponse:
    """Show the form, or rate and answer with the panel (or the request's page); 422 with the form when it is wrong."""
    key = "ticket" if leg is None else f"leg-{leg.no}"
    if request.method != "POST":
        return _page(request, who, ticket, key, None)
    rating = queries.rating_of(who.person.pk, ticket, leg)
    form = form_for(rating, key, request.POST)
    if not form.is_valid():
        return _page(request, who, ticket, key, form)
    confirms = leg is None and form.cleaned_data["confirm"]
    try:
        with transaction.atomic():
            rate(form.said)
            if confirms:
                _confirm(who, ticket, form)
    except (actions.RatingError, desk_actions.DeskError) as refused:
        form.add_error(None, str(refused))
        return _page(request, who, ticket, key, form)
    messages.success(request, _("Thank you. Your rating has reached those who served you."))
    if not request.htmx:  # type: ignore[attr-defined]  # the middleware sets it
        return HttpResponseRedirect(ticket.path)
    if confirms:
        return HttpResponseClientRedirect(ticket.path)
    return _panel(request, who, ticket)


def _confirm(who: Reader, ticket: Ticket, form: RatingForm) -> None:
    version = form.cleaned_data["version"]
    desk_actions.confirm(
        ticket=ticket,
        by=who.person,
        version=ticket.version if version is None else version,
        now=who.now,
    )


def _panel(request: HttpRequest, who: Reader, ticket: Ticket) -> HttpResponse:
    shown = panel(who.person, ticket, who.now)
    return render(request, "surveys/panel.html", _context(ticket, shown, fragment=True))


def _page(
    request: HttpRequest, who: Reader, ticket: Ticket, key: str, form: RatingForm | None
) -> HttpResponse:
    """Answer with the form: inside the panel, or on a page of its own without scripts."""
    shown = panel(who.person, ticket, who.now, {key: form} if form else {})
    if all(card.key != key for card in shown.get("cards", ())):
        raise Http404
    status = 422 if form else 200
    if request.htmx:  # type: ignore[attr-defined]  # the middleware sets it
        return render(
            request, "surveys/panel.html", _context(ticket, shown, fragment=True), status=status
        )
    shown["cards"] = [card for card in shown["cards"] if card.key == key]
    shown["others"] = []
    return render(request, "surveys/rate.html", _context(ticket, shown), status=status)


def _context(ticket: Ticket, shown: dict[str, Any], *, fragment: bool = False) -> dict[str, Any]:
    return {"ticket": ticket, "panel": shown, "fragment": fragment}
