"""The administrator's forms for departments, posts and placements."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.kernel.policies import policy
from neike.org.actions import departments as department_actions
from neike.org.actions import placements, posts
from neike.org.forms.structure import (
    DayForm,
    DepartmentForm,
    LeadForm,
    PlacementForm,
    PositionForm,
)
from neike.org.models import Department, DepartmentLead, Placement
from neike.org.queries import structure
from neike.org.standing import chart
from neike.org.views.days import moment, reader

Do = Callable[[dict[str, Any]], object]


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def add_department(request: HttpRequest) -> HttpResponse:
    """Create a department."""
    now, today = moment()
    form = DepartmentForm(
        request.POST or None,
        chart=chart(on=today),
        initial={"valid_from": today, "parent": request.GET.get("parent", "")},
    )

    def create(data: dict[str, Any]) -> Department:
        return department_actions.create_department(
            code=data["code"],
            kind=data["kind"],
            name=data["name"],
            purpose=data["purpose"],
            parent=form.parent_department(),
            calendar=data["calendar"],
            valid_from=data["valid_from"],
            by=reader(request),
            now=now,
        )

    return answer(request, form, create, _("New department"), reverse("org:departments"))


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def set_lead(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name a lead or deputy."""
    now, today = moment()
    shown = _department(request, public_id)
    form = LeadForm(request.POST or None, reader=reader(request), initial={"valid_from": today})
    return answer(
        request,
        form,
        lambda data: posts.set_lead(department=shown, by=reader(request), now=now, **data),
        _("Name a lead or deputy"),
        _url(shown),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def end_lead(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End a lead or deputy on a day."""
    now, today = moment()
    shown = _department(request, public_id)
    lead = get_object_or_404(DepartmentLead, department=shown, pk=pk)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": today}),
        lambda data: posts.end_lead(lead=lead, on=data["day"], by=reader(request), now=now),
        _("End this post"),
        _url(shown),
        lead.person.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def add_position(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Create a position in a department."""
    now, _today = moment()
    shown = _department(request, public_id)

    def create(data: dict[str, Any]) -> object:
        return posts.create_position(
            code=data["code"], title=data["title"], department=shown, by=reader(request), now=now
        )

    return answer(
        request, PositionForm(request.POST or None), create, _("New position"), _url(shown)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Place a person in a position of the department."""
    now, today = moment()
    shown = _department(request, public_id)
    form = PlacementForm(
        request.POST or None,
        reader=reader(request),
        department=shown,
        initial={
            "valid_from": today,
            "person": request.GET.get("person", ""),
            "is_concurrent": "concurrent" in request.GET,
        },
    )

    def do(data: dict[str, Any]) -> object:
        return placements.place_person(
            person=data["person"],
            position=data["position"],
            is_primary=not data["is_concurrent"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            by=reader(request),
            now=now,
        )

    return answer(request, form, do, _("Place a person"), _url(shown))


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def end_placement(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End a placement on a day."""
    now, today = moment()
    shown = _department(request, public_id)
    placement = get_object_or_404(Placement, department=shown, pk=pk)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": today}),
        lambda data: placements.end_placement(
            placement=placement, on=data["day"], by=reader(request), now=now
        ),
        _("End this placement"),
        _url(shown),
        placement.person.name,
    )


def _department(request: HttpRequest, public_id: UUID) -> Department:
    return get_object_or_404(structure.departments_visible_to(reader(request)), public_id=public_id)


def _url(department: Department) -> str:
    return reverse("org:department", args=[department.public_id])


def answer(
    request: HttpRequest,
    form: forms.Form,
    do: Do,
    title: str | Promise,
    back: str,
    subtitle: str = "",
    **extra: object,
) -> HttpResponse:
    """Show the form, or do what it says and go back; 422 with the form when it is refused."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Saved."))
                return redirect(back)
    context = {"form": form, "title": title, "subtitle": subtitle, "back": back, **extra}
    return render(request, "org/form.html", context, status=status)
