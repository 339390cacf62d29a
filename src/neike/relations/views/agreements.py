"""Agreements: a department's published standard, promised to a customer and signed by both."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Department
from neike.relations import actions, policies
from neike.relations.choices import AgreementState, RelationLevel, RelationState
from neike.relations.display import agreements as display
from neike.relations.display.sides import names_of
from neike.relations.forms.agreements import (
    ProposalForm,
    ReasonForm,
    ReviewedForm,
    SignForm,
)
from neike.relations.models import Agreement, ServiceRelation
from neike.relations.policies import Standing
from neike.relations.queries import agreement_pages
from neike.relations.terms import half_year_after
from neike.relations.views.inside import Inside, inside

Do = Callable[[Any], object]


def agreements_section(
    request: HttpRequest, relation: ServiceRelation, who: Standing
) -> dict[str, Any]:
    """Return {"agreements": …}, what `relations/agreements/_section.html` shows.

    None for who is of neither end, and where the ends are not departments. Positions and persons of the relation
    must have been read along.
    """
    if relation.level != RelationLevel.DEPARTMENT or not policies.may_read_inside(who, relation):
        return {"agreements": None}
    return {
        "agreements": {
            "relation": relation,
            "rows": [display.line(each) for each in agreement_pages.agreements_of(relation)],
            "may_propose": _may_propose(relation, who),
            "names": names_of(relation, org_queries.chart(on=who.on)),
            "today": who.on,
        }
    }


def _may_propose(relation: ServiceRelation, who: Standing) -> bool:
    held = relation.is_open and relation.state != RelationState.CONTESTED
    return held and bool(who.sides_acted_for(relation))


@require_safe
@policy("relations.use")
def of_relation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the agreements of a relation on a page of their own."""
    here = inside(request)
    relation = here.relation(public_id)
    context = agreements_section(request, relation, here.who)
    return render(
        request,
        "relations/agreements/relation.html",
        context | {"relation": relation, "names": here.names(relation)},
    )


@require_safe
@policy("relations.use")
def of_department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the agreements a department gives and receives, as far as the reader may see them."""
    here = inside(request)
    department = get_object_or_404(Department, public_id=public_id)
    rows = list(agreement_pages.agreements_of_department(department.pk, here.who))
    context = {
        "department": department,
        "name": here.chart.name(department.pk) or department.code,
        "belongs": department.pk in here.who.belongs,
        "given": [_row(each, here) for each in rows if each.relation.provider_id == department.pk],
        "received": [
            _row(each, here) for each in rows if each.relation.customer_id == department.pk
        ],
        "today": here.today,
    }
    return render(request, "relations/agreements/department.html", context)


def _row(agreement: Agreement, here: Inside) -> dict[str, Any]:
    return display.line(agreement) | {"names": here.names(agreement.relation)}


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.agreement", "60/m")
def propose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Choose a service whose published standard both sides shall sign."""
    here = inside(request)
    relation = here.relation(public_id)
    if relation.level != RelationLevel.DEPARTMENT or not here.sides(relation):
        raise PermissionDenied
    services = agreement_pages.services_to_agree_on(relation, here.who)
    form = ProposalForm(request.POST or None, services=services)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _propose(here, relation, form)
            except actions.DuplicateAgreementError as refused:
                return redirect(refused.agreement.path)
            except actions.RelationError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(
                    request, _("Proposed. It is in force once both sides have signed.")
                )
                return redirect(made.path)
    context = {
        "form": form,
        "relation": relation,
        "names": here.names(relation),
        "offers": list(zip(form["service"], services, strict=True)),
        "back": _section_url(relation),
    }
    return render(request, "relations/agreements/new.html", context, status=status)


def _propose(here: Inside, relation: ServiceRelation, form: ProposalForm) -> Agreement:
    standard = form.chosen.standard
    assert standard is not None  # noqa: S101 - only services that have one are offered
    return actions.propose_agreement(
        relation=relation, standard=standard, by=here.person, now=here.now
    )


@require_safe
@policy("relations.use")
def agreement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what is promised, who has signed, and what one can do now."""
    here = inside(request)
    return _page(request, here, here.agreement(public_id))


@require_safe
@policy("relations.use")
def printed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show an agreement as a sheet of paper."""
    here = inside(request)
    shown = here.agreement(public_id)
    return render(request, "relations/agreements/print.html", _context(here, shown))


@require_POST
@policy("relations.use")
@limited("relations.agreement", "60/m")
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sign for one's side."""
    here = inside(request)
    shown = here.agreement(public_id)

    def do(data: dict[str, Any]) -> Agreement:
        return actions.sign(agreement=shown, by=here.person, now=here.now, **data)

    return _act(request, here, shown, SignForm(request.POST), do, "", _signed)


@require_POST
@policy("relations.use")
@limited("relations.agreement", "60/m")
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Refuse to sign, with a reason."""
    here = inside(request)
    shown = here.agreement(public_id)

    def do(data: dict[str, Any]) -> Agreement:
        return actions.decline_agreement(agreement=shown, by=here.person, now=here.now, **data)

    return _act(
        request,
        here,
        shown,
        ReasonForm(request.POST),
        do,
        "decline",
        lambda _made: _("Declined. The other side reads your reason; what is in force stays so."),
    )


@require_POST
@policy("relations.use")
@limited("relations.agreement", "60/m")
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End what is in force, with a reason."""
    here = inside(request)
    shown = here.agreement(public_id)

    def do(data: dict[str, Any]) -> Agreement:
        return actions.end_agreement(agreement=shown, by=here.person, now=here.now, **data)

    return _act(
        request,
        here,
        shown,
        ReasonForm(request.POST),
        do,
        "end",
        lambda _made: _("Ended today. The other side reads your reason."),
    )


@require_POST
@policy("relations.use")
@limited("relations.agreement", "60/m")
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that the agreement still fits, and when to look at it again."""
    here = inside(request)
    shown = here.agreement(public_id)

    def do(data: dict[str, Any]) -> Agreement:
        return actions.review_agreement(agreement=shown, by=here.person, now=here.now, **data)

    return _act(
        request,
        here,
        shown,
        ReviewedForm(request.POST),
        do,
        "review",
        lambda _made: _("Noted: it goes on as it is."),
    )


def _signed(made: Agreement) -> str:
    if made.state == AgreementState.IN_FORCE:
        return _("Signed. Both sides have signed: the agreement is in force from today.")
    return _("Signed. The other side is asked to sign, too.")


def _act(
    request: HttpRequest,
    here: Inside,
    shown: Agreement,
    form: forms.Form,
    do: Do,
    key: str,
    done: Callable[[Agreement], str],
) -> HttpResponse:
    """Do what was asked and go back; 422 with the page and the form when it is refused, 409 with it as it is now."""
    if form.is_valid():
        try:
            made = do(form.cleaned_data)
        except actions.AgreementChangedError as stale:
            messages.error(request, str(stale))
            return _page(request, here, here.agreement(shown.public_id), status=409)
        except actions.RelationError as refused:
            form.add_error(None, str(refused))
        else:
            assert isinstance(made, Agreement)  # noqa: S101 - what the actions give
            messages.success(request, done(made))
            return redirect(shown.path)
    if not key:
        for problems in form.errors.values():
            messages.error(request, " ".join(map(str, problems)))
    return _page(request, here, shown, status=422, **({key: form} if key else {}))


def _page(
    request: HttpRequest,
    here: Inside,
    shown: Agreement,
    *,
    status: int = 200,
    **bound: forms.Form,
) -> HttpResponse:
    version = {"version": shown.version}
    sides = here.sides(shown.relation)
    context = _context(here, shown) | {
        "decline": bound.get("decline") or ReasonForm(initial=version, auto_id="decline-%s"),
        "end": bound.get("end") or ReasonForm(initial=version, auto_id="end-%s"),
        "review": bound.get("review")
        or ReviewedForm(
            initial=version | {"review_on": half_year_after(here.today)}, auto_id="review-%s"
        ),
        "may_act": bool(sides),
        "opened": next(iter(bound), ""),
        "history": agreement_pages.history_of_agreement(shown),
    }
    return render(request, "relations/agreements/agreement.html", context, status=status)


def _context(here: Inside, shown: Agreement) -> dict[str, Any]:
    names = here.names(shown.relation)
    sides = here.sides(shown.relation)
    return {
        "agreement": shown,
        "line": display.line(shown),
        "page": catalog_queries.standard_page(shown.standard, here.chart),
        "names": names,
        "relation": shown.relation,
        "signatures": display.signatures(shown, names, sides),
        "changes": agreement_pages.changes(shown),
        "review_due": shown.state == AgreementState.IN_FORCE
        and shown.review_on is not None
        and shown.review_on <= here.today,
        "section_url": _section_url(shown.relation),
        "today": here.today,
    }


def _section_url(relation: ServiceRelation) -> str:
    return f"{relation.path}agreements/"
