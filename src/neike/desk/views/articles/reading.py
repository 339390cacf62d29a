"""Knowledge as everybody reads it: the way in, an article, a vote."""

from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.desk import actions, policies, queries
from neike.desk.choices import ArticleState
from neike.desk.display import articles as display
from neike.desk.forms import VoteForm
from neike.desk.models import Article
from neike.desk.queries import articles
from neike.desk.views.reading import Reader, reader
from neike.kernel.attachments.queries import attachments_of
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require

_LONGEST: Final = 100
_SHOWN_PER_DEPARTMENT: Final = 6


@require_safe
@policy("desk.use")
@limited("desk.knowledge", "120/m", by="person", methods=("GET",))
def knowledge(request: HttpRequest) -> HttpResponse:
    """Show what fits a search, or the way in: by department, most helpful, recently changed."""
    who = reader(request)
    text = searched(request)
    context: dict[str, Any] = {"q": text, "writes": bool(who.who.writes_for), "now": who.now}
    if text:
        found = queries.search_articles(who.person, text, now=who.now)
        typing = request.headers.get("HX-Request") == "true" and "typed" in request.GET
        if not typing:
            actions.record_search(text=text, found=bool(found.count), by=who.person, now=who.now)
        context |= {"found": found, "cards": display.cards(found.articles, who.chart)}
    else:
        context |= _way_in(who, request.GET.get("department", ""))
    fragment = request.headers.get("HX-Request") == "true"
    name = "desk/articles/_found.html" if fragment else "desk/articles/knowledge.html"
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def searched(request: HttpRequest) -> str:
    """Return what somebody looks for."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:_LONGEST]


def _way_in(who: Reader, code: str) -> dict[str, Any]:
    by_department = articles.by_department(who.who)
    tiles = [
        {
            "department": each,
            "articles": by_department[each.id]
            if each.code == code
            else by_department[each.id][:_SHOWN_PER_DEPARTMENT],
            "count": len(by_department[each.id]),
            "is_open": each.code == code,
        }
        for _depth, each in who.chart.walk()
        if each.id in by_department
    ]
    return {
        "tiles": tiles,
        "recent": display.cards(articles.recent(who.who), who.chart),
        "helpful": display.cards(articles.most_helpful(who.who), who.chart),
    }


def article_of(who: Reader, key: str) -> Article:
    """Return an article with what it is about; one that the person may not read is absent.

    Raises:
        Http404: there is none, or not for this person.
    """
    found = articles.with_audience(queries.articles_visible_to(who.who)).select_related(
        "department", "owner", "source"
    )
    return get_object_or_404(found, key=key)


@require_safe
@policy("desk.use")
def article(request: HttpRequest, key: str) -> HttpResponse:
    """Show an article; count that it was opened, and that the search before was not in vain."""
    who = reader(request)
    shown = article_of(who, key)
    text = searched(request)
    if text:
        actions.record_opening(text=text, by=who.person, now=who.now)
    if shown.state == ArticleState.PUBLISHED and request.method == "GET":
        actions.count_view(article=shown, now=who.now)
    return _page(request, who, shown)


def _page(
    request: HttpRequest,
    who: Reader,
    shown: Article,
    *,
    form: django_forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    writes = bool(policies.may_write_article(who.who, shown))
    given = articles.own_vote(who.who, shown)
    context: dict[str, Any] = {
        "article": shown,
        "department": who.chart.name(shown.department_id),
        "tone": display.STATE_TONES[ArticleState(shown.state)],
        "other_language": display.shown_in_another_language(shown.body)
        or display.shown_in_another_language(shown.title),
        "language": display.language_shown(shown.body),
        "services": articles.services_shown(who.who, shown, who.person),
        "files": attachments_of(shown),
        "vote": given,
        "form": form or _vote_form(shown, given.reason if given else ""),
        "may_vote": bool(policies.may_vote(who.who, shown)),
        "writes": writes,
        "now": who.now,
        "audience": [who.chart.name(each.pk) for each in shown.audience.all()],
        **(_for_writers(who, shown) if writes else {}),
    }
    return render(request, "desk/articles/article.html", context, status=status)


def _vote_form(shown: Article, reason: str) -> VoteForm:
    return VoteForm(initial={"version": shown.version, "reason": reason}, auto_id="vote-%s")


def _for_writers(who: Reader, shown: Article) -> dict[str, Any]:
    """Return what only those see who write the article."""
    use = articles.usage_of([shown.pk], today=who.who.on)
    source = shown.source
    readable = source is not None and bool(policies.may_read(who.who, source))
    return {
        "usage": use.get(shown.pk, articles.Usage(0, 0)),
        "reasons": articles.reasons_of(shown),
        "review_due": shown.review_on is not None and shown.review_on <= who.who.on,
        "source": source if readable else None,
    }


@require_POST
@policy("desk.use")
@limited("desk.vote", "60/m", by="person")
def article_vote(request: HttpRequest, key: str) -> HttpResponse:
    """Keep whether an article helped."""
    who = reader(request)
    shown = article_of(who, key)
    require(policies.may_vote(who.who, shown))
    form = VoteForm(request.POST, auto_id="vote-%s")
    if not form.is_valid():
        return _page(request, who, shown, form=form, status=422)
    try:
        actions.vote(article=shown, by=who.person, now=who.now, **form.cleaned_data)
    except actions.ArticleChangedError:
        form.add_error(None, _("The article was changed meanwhile. Please look at it again."))
        return _page(request, who, shown, form=_vote_again(form, shown), status=409)
    messages.success(request, _("Thank you. Those who wrote it see it, without your name."))
    return HttpResponseRedirect(shown.path)


def _vote_again(form: VoteForm, shown: Article) -> VoteForm:
    """Return the form with what was typed, for the article as it reads now."""
    form.data = {**form.data.dict(), "version": shown.version}  # type: ignore[attr-defined]  # a posted form has a query dict
    return form
