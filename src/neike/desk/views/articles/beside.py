"""Articles beside requests: ideas while somebody types, what may help those who answer, a need that is met."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.display import articles as display
from neike.desk.models import Ticket
from neike.desk.views.reading import Reader, reader, ticket_of
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.models import Person

_SHOWN = 5


def ideas_for(who: Reader, service: Service, typed: str) -> list[dict[str, Any]]:
    """Return the articles that may make a request needless: those like what was typed, else those about the service.

    Only what the reader may read.
    """
    found = queries.articles_like(who.who, typed) if typed.strip() else []
    return display.cards(found or queries.articles_about(who.who, service, most=3), who.chart)


@require_POST
@policy("desk.use")
@limited("desk.solved", "30/m", by="person")
def article_solved(request: HttpRequest, key: str, article: str) -> HttpResponse:
    """Take note that an article answered it: the draft of the request is forgotten, and the article counts it."""
    who = reader(request)
    found = get_object_or_404(queries.articles_visible_to(who.who), key=article)
    offered = catalog_queries.services_visible_to(who.person, who.who.on)
    service = get_object_or_404(offered, key=key)
    actions.solved_by_article(article=found, service=service, by=who.person, now=who.now)
    messages.success(request, _("Good. The draft of your request is gone; nothing was sent."))
    return HttpResponseRedirect(found.path)


@require_safe
@policy("desk.use")
def ticket_articles(request: HttpRequest, number: int) -> HttpResponse:
    """Show those who serve a request what is written about it, as a part of its page or as a page of its own."""
    who = reader(request)
    ticket = ticket_of(who, number)
    context: dict[str, Any] = {"ticket": ticket, "now": who.now, "cards": [], "may_draft": False}
    if policies.may_read_internal(who.who, ticket):
        context |= {
            "cards": _cards(request, who, ticket),
            "may_draft": bool(policies.may_draft_from(who.who, ticket)),
        }
    fragment = request.headers.get("HX-Request") == "true"
    name = "desk/articles/_beside.html" if fragment else "desk/articles/beside.html"
    return render(request, name, context)


def _cards(request: HttpRequest, who: Reader, ticket: Ticket) -> list[dict[str, Any]]:
    """Return the articles like the request; a link to insert only where the requester may read the article."""
    said = [ticket.title, *(each for each in ticket.answers.values() if isinstance(each, str))]
    found = queries.articles_like(who.who, "\n".join(said), most=_SHOWN)
    for_requester = _readable_for(ticket.requester, [each.pk for each in found], who)
    return [
        {
            **card,
            "link": f"[{card['article'].title}]({request.build_absolute_uri(card['article'].path)})"
            if card["article"].pk in for_requester
            else "",
        }
        for card in display.cards(found, who.chart)
    ]


def _readable_for(person: Person, ids: list[int], who: Reader) -> set[int]:
    if not ids:
        return set()
    standing = policies.standing(person, now=who.now)
    rows = queries.articles.published(standing).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))
