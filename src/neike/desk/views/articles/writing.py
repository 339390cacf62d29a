"""Writing knowledge: the editor with its preview, state, versions, review."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.forms.controls import person_label
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.choices import ArticleState
from neike.desk.display import articles as display
from neike.desk.forms import ArticleForm
from neike.desk.models import Article, Ticket
from neike.desk.queries import articles
from neike.desk.queries.article_source import Material, material_of
from neike.desk.views.articles.reading import article_of, searched
from neike.desk.views.reading import Reader, reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require
from neike.org.models import Department

_REVIEW_AFTER: Final = timedelta(days=180)
_MOST_FILES: Final = 50
_STAND_IN: Final = "[...]"
"""Takes the place of names, in whatever language the text is."""


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.write_articles")
def article_new(request: HttpRequest) -> HttpResponse:
    """Write a new article: from nothing, from what people looked for in vain, or from a solved request."""
    who = reader(request)
    if request.method == "POST":
        form = _form(who, data=request.POST)
        return _created(request, who, form)
    initial, material = _beginning(request, who)
    return _editor(request, who, _form(who, initial=initial), material=material)


def _created(request: HttpRequest, who: Reader, form: ArticleForm) -> HttpResponse:
    if not form.is_valid():
        return _editor(request, who, form, status=422)
    department = Department.objects.get(public_id=form.cleaned_data["department"])
    number = form.cleaned_data["source"]
    try:
        made = actions.create_article(
            department=department,
            content=form.content(),
            source=_source(who, number) if number else None,
            files=ids_in(form.cleaned_data["attached"]),
            by=who.person,
            now=who.now,
        )
    except actions.ArticleRefusedError as refused:
        form.add_error(_field(form, refused.field), str(refused))
        return _editor(request, who, form, status=422)
    messages.success(request, _("The draft is kept. Read it once more, then publish it."))
    return HttpResponseRedirect(made.path)


def _source(who: Reader, number: int) -> Ticket:
    """Return the request an article is drafted from.

    Raises:
        Http404: there is none, or not for this person.
    """
    found = queries.tickets_visible_to(who.who).select_related("form", "requester", "raised_by")
    ticket = found.filter(number=number).first()
    if ticket is None:
        raise Http404
    require(policies.may_draft_from(who.who, ticket))
    return ticket


def _beginning(request: HttpRequest, who: Reader) -> tuple[dict[str, Any], Material | None]:
    """Return what the editor shows first, and what it was taken from."""
    initial: dict[str, Any] = {
        "owner": person_label(who.person),
        "review_on": who.who.on + _REVIEW_AFTER,
    }
    number = queries.number_in(request.GET.get("from", ""))
    if number is not None:
        return _from_request(who, number, initial)
    text = searched(request)
    if text:
        initial["title_en" if text.isascii() else "title_zh"] = text
    return initial, None


def _from_request(
    who: Reader, number: int, initial: dict[str, Any]
) -> tuple[dict[str, Any], Material]:
    ticket = _source(who, number)
    material = material_of(who.who, ticket, stand_in=_STAND_IN)
    language = "en" if (material.title + material.question + material.answer).isascii() else "zh"
    heads = {"zh": ("问题", "解决办法"), "en": ("Question", "Answer")}[language]
    parts = [
        f"## {head}\n\n{said}"
        for head, said in zip(heads, (material.question, material.answer), strict=True)
        if said
    ]
    service = ticket.service
    own = str(service.department.public_id) if service.department_id in who.who.writes_for else ""
    return {
        **initial,
        f"title_{language}": material.title,
        f"body_{language}": "\n\n".join(parts),
        "services": [service.key],
        "source": ticket.number,
        **({"department": own} if own else {}),
    }, material


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.write_articles")
def article_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change an article; a text changed by somebody else meanwhile is put beside one's own."""
    who = reader(request)
    shown = own_article(who, key)
    if request.method != "POST":
        return _editor(request, who, _form(who, shown))
    form = _form(who, shown, data=request.POST)
    if not form.is_valid():
        return _editor(request, who, form, status=422)
    try:
        changed = actions.change_article(
            article=shown,
            content=form.content(),
            version=form.cleaned_data["version"],
            files=ids_in(form.cleaned_data["attached"]),
            by=who.person,
            now=who.now,
        )
    except actions.ArticleRefusedError as refused:
        form.add_error(_field(form, refused.field), str(refused))
        return _editor(request, who, form, status=422)
    except actions.ArticleChangedError as refused:
        return _overtaken(request, who, form, refused)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(changed.path)


def _overtaken(
    request: HttpRequest, who: Reader, form: ArticleForm, refused: actions.ArticleChangedError
) -> HttpResponse:
    """Show one's own text again, with what others changed since; saving once more is then on purpose."""
    seen = form.cleaned_data["version"]
    versions = {each.version: each for each in refused.article.versions.all()}
    before, after = versions.get(seen), versions.get(refused.article.version)
    form.add_error(None, str(refused))
    data: Any = request.POST.copy()
    data["version"] = refused.article.version
    form.data = data
    changes = display.compared(before, after) if before and after else []
    return _editor(request, who, form, changes=changes, status=409)


def own_article(who: Reader, key: str) -> Article:
    """Return an article that the person may write; any other is absent.

    Raises:
        Http404: there is none, or not for this person.
    """
    found = article_of(who, key)
    if not policies.may_write_article(who.who, found):
        raise Http404
    return found


def _form(
    who: Reader,
    shown: Article | None = None,
    *,
    data: Any = None,  # noqa: ANN401 - a query dict
    initial: dict[str, Any] | None = None,
) -> ArticleForm:
    chart = who.chart
    departments = [
        (str(each.public_id), " / ".join(chart.path(each.id)))
        for _depth, each in chart.walk()
        if each.is_active and each.id in who.who.writes_for
    ]
    offered = catalog_queries.services_visible_to(who.person, who.who.on)
    linked = Q(articles=shown) if shown is not None else Q()
    services = Service.objects.filter(Q(pk__in=offered.order_by().values("pk")) | linked)
    return ArticleForm(
        data,
        initial=initial,
        reader=who.person,
        chart=chart,
        departments=departments,
        services=services.distinct().order_by("key"),
        article=shown,
    )


def _field(form: ArticleForm, name: str) -> str | None:
    """Return the input a refusal is about; of a text in two languages the first."""
    for each in (name, f"{name}_zh"):
        if each in form.fields:
            return each
    return None


def _editor(
    request: HttpRequest,
    who: Reader,
    form: ArticleForm,
    *,
    material: Material | None = None,
    changes: Any = (),  # noqa: ANN401 - what `display.compared` gives
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "article": form.article,
        "material": material,
        "changes": changes,
        "now": who.now,
    }
    return render(request, "desk/articles/editor.html", context, status=status)


@require_POST
@policy("desk.write_articles")
@limited("desk.preview", "240/m", by="person")
def article_preview(request: HttpRequest) -> HttpResponse:
    """Draw a text as readers will see it."""
    language = "en" if request.POST.get("language") == "en" else "zh"
    context = {
        "title": request.POST.get(f"title_{language}", "")[: actions.articles.TITLE_LIMIT],
        "body": request.POST.get(f"body_{language}", "")[: actions.articles.BODY_LIMIT],
        "language": language,
    }
    return render(request, "desk/articles/_preview.html", context)


@require_POST
@policy("desk.write_articles")
def article_state(request: HttpRequest, key: str) -> HttpResponse:
    """Publish an article, withdraw it, or make it a draft again."""
    who = reader(request)
    shown = own_article(who, key)
    wanted = request.POST.get("do", "")
    if wanted not in ArticleState.values:
        raise Http404
    try:
        actions.set_article_state(
            article=shown, state=ArticleState(wanted), by=who.person, now=who.now
        )
    except actions.ArticleRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return HttpResponseRedirect(shown.path)


@require_POST
@policy("desk.write_articles")
def article_review(request: HttpRequest, key: str) -> HttpResponse:
    """Say that an article is still right, and when it is looked at again."""
    who = reader(request)
    shown = own_article(who, key)
    try:
        next_on = parse_date(request.POST.get("next_on", ""))
    except ValueError:
        next_on = None
    try:
        actions.reviewed(
            article=shown,
            next_on=next_on or who.who.on + _REVIEW_AFTER,
            by=who.person,
            now=who.now,
        )
    except actions.ArticleRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you. It counts as looked at."))
    return HttpResponseRedirect(shown.path)


@require_safe
@policy("desk.write_articles")
def article_history(request: HttpRequest, key: str) -> HttpResponse:
    """Show the versions of an article and what changed between two of them."""
    who = reader(request)
    shown = own_article(who, key)
    versions = list(articles.versions_of(shown))
    by_number = {str(each.version): each for each in versions}
    after = by_number.get(request.GET.get("to", ""), versions[0])
    before = by_number.get(request.GET.get("since", ""))
    if before is None:
        before = next((each for each in versions if each.version < after.version), after)
    if before.version > after.version:
        before, after = after, before
    context = {
        "article": shown,
        "versions": versions,
        "before": before,
        "after": after,
        "changes": display.compared(before, after),
        "now": who.now,
    }
    return render(request, "desk/articles/history.html", context)


@require_POST
@policy("desk.write_articles")
def article_restore(request: HttpRequest, key: str) -> HttpResponse:
    """Let an article read as it did before, as a new version."""
    who = reader(request)
    shown = own_article(who, key)
    try:
        changed = actions.restore_version(
            article=shown,
            number=_number(request.POST.get("number", "")),
            version=_number(request.POST.get("version", "")),
            by=who.person,
            now=who.now,
        )
    except (actions.ArticleChangedError, actions.ArticleRefusedError) as refused:
        messages.error(request, str(refused))
    else:
        text = _("It reads as in version %(number)s again, as version %(version)s.")
        messages.success(
            request, text % {"number": request.POST["number"], "version": changed.version}
        )
    return HttpResponseRedirect(shown.path)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1  # noqa: PLR2004 - fits the column


def ids_in(text: str) -> list[UUID]:
    """Return the ids of pasted files, leaving out what is none."""
    found = []
    for word in text.split()[:_MOST_FILES]:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
