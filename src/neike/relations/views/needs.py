"""Needs and expectations: stated and revised by the served, guessed by the serving, reviewed every half year."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.engines.gaps import SERVICE_GAP, UNDERSTANDING_GAP
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.relations import actions, policies
from neike.relations.display import needs as display
from neike.relations.display.sides import names_of
from neike.relations.forms.needs import (
    FeelingForm,
    GuessForm,
    NeedForm,
    ReviewForm,
    VersionForm,
    initial_of,
)
from neike.relations.models import Need, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import need_pages
from neike.relations.queries import needs as need_queries
from neike.relations.terms import half_year_after
from neike.relations.views.inside import Inside, inside

Do = Callable[[Any], object]


def needs_section(request: HttpRequest, relation: ServiceRelation, who: Standing) -> dict[str, Any]:
    """Return {"needs": …}, what `relations/needs/_section.html` shows; None for who is of neither end.

    The relation's positions and persons must have been read along.
    """
    if not policies.may_read_inside(who, relation):
        return {"needs": None}
    found = need_pages.needs_of(relation, who)
    return {
        "needs": {
            "relation": relation,
            "rows": [display.need(each) for each in found],
            "dimensions": [display.dimension(each) for each in need_pages.gaps_by_dimension(found)],
            "to_guess": sum(each.shown.may_guess for each in found),
            "retired": need_pages.retired_needs(relation),
            "may_state": relation.is_open and bool(policies.may_state_need(who, relation)),
            "names": names_of(relation, org_queries.chart(on=who.on)),
            "today": who.on,
            "thresholds": (float(-SERVICE_GAP), float(UNDERSTANDING_GAP)),
        }
    }


@require_safe
@policy("relations.use")
def of_relation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the needs of a relation with their gaps, on a page of their own."""
    here = inside(request)
    relation = here.relation(public_id)
    context = needs_section(request, relation, here.who)
    return render(request, "relations/needs/relation.html", context | {"relation": relation})


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.need", "60/m")
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say what one needs."""
    here = inside(request)
    relation = here.relation(public_id)
    if not policies.may_state_need(here.who, relation):
        raise PermissionDenied
    form = NeedForm(request.POST or None, initial={"review_on": half_year_after(here.today)})

    def do(filled: Any) -> object:  # noqa: ANN401 - the form above
        return actions.state_need(
            relation=relation,
            by=here.person,
            dimension=filled.cleaned_data["dimension"],
            content=filled.content,
            now=here.now,
        )

    return _answer(
        request,
        here,
        relation,
        form,
        do,
        template="relations/needs/form.html",
        title=_("What do you need?"),
        done=_("Said. The other side is asked to guess your expectation before it sees it."),
        back=_section_url(relation),
    )


@require_safe
@policy("relations.use")
def need(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one need: what it says, how it is met, what it is to people, how it changed."""
    here = inside(request)
    shown = here.need(public_id)
    on_page = need_pages.need_on_page(shown, here.who)
    context = {
        "need": shown,
        "row": display.need(on_page),
        "versions": [display.version(each) for each in need_pages.versions_of(shown)]
        if not on_page.shown.hidden
        else [],
        "reviews": need_queries.reviews_of(shown),
        "names": here.names(shown.relation),
        "section_url": _section_url(shown.relation),
        "today": here.today,
    }
    return render(request, "relations/needs/need.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.need", "60/m")
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say a need anew; what was said before stays readable."""
    here = inside(request)
    shown = here.need(public_id)
    on_page = need_pages.need_on_page(shown, here.who)
    if not on_page.shown.may_revise:
        raise PermissionDenied
    initial = initial_of(on_page.said) | {"review_on": half_year_after(here.today)}
    form = NeedForm(request.POST or None, initial=initial, revises=True)

    def do(filled: Any) -> object:  # noqa: ANN401 - the form above
        return actions.revise_need(
            need=shown,
            by=here.person,
            content=filled.content,
            version=filled.cleaned_data["version"],
            now=here.now,
        )

    return _answer(
        request,
        here,
        shown.relation,
        form,
        do,
        template="relations/needs/form.html",
        title=_("Change this need"),
        done=_("Changed. What was said before stays in the history."),
        back=_url(shown),
        need=shown,
    )


@require_POST
@policy("relations.use")
def retire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that something is not needed any more."""
    here = inside(request)
    shown = here.need(public_id)

    def do(version: int) -> object:
        return actions.retire_need(need=shown, by=here.person, version=version, now=here.now)

    return _tap(request, shown, do, _("Put aside. It stays readable below."))


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.need", "60/m")
def guess(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Guess what the customer expects, before seeing it."""
    here = inside(request)
    shown = here.need(public_id)
    on_page = need_pages.need_on_page(shown, here.who)
    if not on_page.shown.may_guess:
        return redirect(_url(shown))
    form = GuessForm(request.POST or None, initial={"version": shown.version})

    def do(filled: Any) -> object:  # noqa: ANN401 - the form above
        data = filled.cleaned_data
        return actions.guess(
            need=shown,
            by=here.person,
            expected=data["expected"],
            importance=data["importance"],
            version=data["version"],
            now=here.now,
        )

    return _answer(
        request,
        here,
        shown.relation,
        form,
        do,
        template="relations/needs/guess.html",
        title=_("Your guess"),
        done=_("Noted. Here is what they expect, beside your guess."),
        back=_url(shown),
        need=shown,
        said=on_page.said,
    )


@require_POST
@policy("relations.use")
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the expectation without a guess."""
    here = inside(request)
    shown = here.need(public_id)

    def do(version: int) -> object:
        return actions.show_without_guess(need=shown, by=here.person, version=version, now=here.now)

    return _tap(request, shown, do, "")


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.need", "60/m")
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say how well a need was met."""
    here = inside(request)
    shown = here.need(public_id)
    on_page = need_pages.need_on_page(shown, here.who)
    if not on_page.shown.may_answer:
        raise Http404

    def do(filled: Any) -> object:  # noqa: ANN401 - the form below
        return actions.review_need(need=shown, by=here.person, now=here.now, **filled.cleaned_data)

    return _answer(
        request,
        here,
        shown.relation,
        ReviewForm(request.POST or None),
        do,
        template="relations/needs/answer.html",
        title=_("How well was it met?"),
        done=_("Thank you. Both sides see it; the next review is in half a year."),
        back=_url(shown),
        need=shown,
        said=on_page.said,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.need", "60/m")
def feeling(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer the pair of questions that tells what a need is to people."""
    here = inside(request)
    shown = here.need(public_id)
    on_page = need_pages.need_on_page(shown, here.who)
    if not on_page.shown.may_answer:
        raise Http404
    own = on_page.shown.own_kano
    initial = {"functional": own.functional, "dysfunctional": own.dysfunctional} if own else {}

    def do(filled: Any) -> object:  # noqa: ANN401 - the form below
        return actions.answer_kano(need=shown, by=here.person, now=here.now, **filled.cleaned_data)

    return _answer(
        request,
        here,
        shown.relation,
        FeelingForm(request.POST or None, initial=initial),
        do,
        template="relations/needs/answer.html",
        title=_("What is it to you?"),
        done=_("Thank you. Single answers are never shown."),
        back=_url(shown),
        need=shown,
        said=on_page.said,
        is_feeling=True,
    )


def _answer(
    request: HttpRequest,
    here: Inside,
    relation: ServiceRelation,
    form: forms.Form,
    do: Do,
    *,
    template: str,
    title: str,
    done: str,
    back: str,
    **extra: object,
) -> HttpResponse:
    """Show the form, or do what it says and go back; 422 with the form when it is refused, 409 when it is stale."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do(form)
            except actions.RelationError as refused:
                status = 409 if isinstance(refused, actions.NeedChangedError) else 422
                _mark(form, refused)
            else:
                messages.success(request, done)
                return redirect(back)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "relation": relation,
        "names": here.names(relation),
        **extra,
    }
    return render(request, template, context, status=status)


def _mark(form: forms.Form, refused: actions.RelationError) -> None:
    """Put what was refused beside its field, else above the form."""
    field = refused.field if isinstance(refused, actions.BadValueError) else None
    if isinstance(refused, actions.DayError):
        field = "review_on"
    form.add_error(field if field in form.fields else None, str(refused))


def _tap(request: HttpRequest, need: Need, do: Callable[[int], object], done: str) -> HttpResponse:
    """Do what one tap says and go back to the need; what was refused is said there."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Somebody was faster: the need has changed. Nothing was saved."))
        return redirect(_url(need))
    try:
        do(form.cleaned_data["version"])
    except actions.RelationError as refused:
        messages.error(request, str(refused))
    else:
        if done:
            messages.success(request, done)
    return redirect(_url(need))


def _url(need: Need) -> str:
    return f"/relations/needs/{need.public_id}/"


def _section_url(relation: ServiceRelation) -> str:
    return f"{relation.path}needs/"
