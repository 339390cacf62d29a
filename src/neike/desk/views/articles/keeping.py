"""Keeping knowledge: the writers' list of articles, and what people looked for in vain."""

from typing import Any, Final

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.desk import queries
from neike.desk.choices import ArticleState
from neike.desk.display import articles as display
from neike.desk.models import Article, SearchMiss
from neike.desk.queries import articles
from neike.desk.views.reading import Reader, reader
from neike.kernel.paging import address_before, before_of, newest_first
from neike.kernel.policies import policy

_LENGTH: Final = 50
_MISSES: Final = 100
_TABS: Final = ("all", "review", "draft", "published", "retired")


@require_safe
@policy("desk.write_articles")
def articles_manage(request: HttpRequest) -> HttpResponse:
    """List the articles the reader may write, with votes, use and due reviews."""
    who = reader(request)
    show = request.GET.get("show", "all")
    show = show if show in _TABS else "all"
    rows, following = newest_first(_rows(who, show), before=before_of(request), length=_LENGTH)
    use = articles.usage_of([each.pk for each in rows], today=who.who.on)
    nothing = articles.Usage(0, 0)
    context = {
        "tabs": [
            (label, f"{reverse('desk:articles_manage')}?show={key}", key == show)
            for key, label in _labels().items()
        ],
        "rows": [
            {
                "article": each,
                "department": who.chart.name(each.department_id),
                "tone": display.STATE_TONES[ArticleState(each.state)],
                "usage": use.get(each.pk, nothing),
                "is_due": each.state == ArticleState.PUBLISHED
                and each.review_on is not None
                and each.review_on <= who.who.on,
            }
            for each in rows
        ],
        "show": show,
        "next": address_before(request, following),
        "now": who.now,
    }
    return render(request, "desk/articles/manage.html", context)


def _labels() -> dict[str, Any]:
    return {
        "all": _("All"),
        "review": _("Review due"),
        "draft": _("Drafts"),
        "published": _("Published"),
        "retired": _("Withdrawn"),
    }


def _rows(who: Reader, show: str) -> QuerySet[Article]:
    rows = queries.articles_written_by(who.who).defer("body").order_by()
    if show == "review":
        return rows.filter(state=ArticleState.PUBLISHED, review_on__lte=who.who.on)
    return rows if show == "all" else rows.filter(state=show)


@require_safe
@policy("desk.write_articles")
def search_misses(request: HttpRequest) -> HttpResponse:
    """Show what at least three people looked for in vain, the most wanted first."""
    who = reader(request)
    wanted = F("without_result") + F("without_click")
    rows = SearchMiss.objects.order_by(wanted.desc(), "-last_on", "text")[:_MISSES]
    return render(request, "desk/articles/misses.html", {"rows": rows, "now": who.now})
