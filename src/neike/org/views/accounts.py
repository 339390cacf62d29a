"""Administrators make and change accounts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.kernel.policies import policy
from neike.org import queries
from neike.org.actions import people, security_mails
from neike.org.forms.accounts import ChangePersonForm, PersonForm, SwitchForm
from neike.org.models import Person
from neike.org.views.days import reader


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.people_edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = people.create_person(by=reader(request), now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The person is added."))
            return _to(made)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.people_edit")
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what the directory says of a person."""
    person = _person(request, public_id)
    shown = {field: getattr(person, field) for field in people.CHANGEABLE}
    form = ChangePersonForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            people.update_person(
                person=person, by=reader(request), now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return _to(person)
    return _form_page(request, form, person)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.people_edit")
def switch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Switch a person's sign-in off or on, after asking why."""
    person = _person(request, public_id)
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = people.disable_sign_in if person.can_sign_in else people.enable_sign_in
        try:
            act(
                person=person,
                by=reader(request),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _to(person)
    context = {"person": person, "form": form}
    return render(request, "org/account_switch.html", context, status=422 if form.errors else 200)


@require_POST
@policy("org.people_edit")
def send_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send a person a link to choose a password."""
    person = _person(request, public_id)
    if person.email and person.is_active:
        security_mails.send_password_link(person=person, now=timezone.now())
        messages.success(request, _("The link is on its way."))
    else:
        messages.error(request, _("There is no address to write to, or sign-in is switched off."))
    return _to(person)


def _person(request: HttpRequest, public_id: UUID) -> Person:
    people_seen = queries.people_visible_to(reader(request)).filter(erased_at__isnull=True)
    return get_object_or_404(people_seen, public_id=public_id)


def _form_page(request: HttpRequest, form: PersonForm, person: Person | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "person": person}
    return render(request, "org/account_form.html", context, status=422 if form.errors else 200)


def _to(person: Person) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("org:person", args=[person.public_id]))
