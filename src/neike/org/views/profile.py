"""One's own profile: preferences, absence, who stands in."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.policies import policy
from neike.org.actions import absences, preferences
from neike.org.choices import SubstitutionScope
from neike.org.forms.profile import AbsenceForm, PreferencesForm, SubstituteForm
from neike.org.models import Person
from neike.org.queries.directory import with_surroundings
from neike.org.standing import chart
from neike.org.views.days import moment, reader


@require_safe
@policy("org.own_profile")
def profile(request: HttpRequest) -> HttpResponse:
    """Show one's own profile."""
    return _page(request)


@require_POST
@policy("org.own_profile")
def keep_preferences(request: HttpRequest) -> HttpResponse:
    """Keep language, time zone and theme."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, preferences_form=form)
    for name in preferences.CHOICES:
        preferences.keep_choice(person=reader(request), name=name, value=form.cleaned_data[name])
    response = _back()
    # The cookies belong to whoever used this browser before; from now on the person's own choice counts.
    response.delete_cookie("neike_theme", samesite="Lax")
    response.delete_cookie("neike_language", samesite="Lax")
    return response


@require_POST
@policy("org.own_profile")
def add_absence(request: HttpRequest) -> HttpResponse:
    """Announce one's own absence."""
    form = AbsenceForm(request.POST)
    person = reader(request)
    if form.is_valid():
        try:
            absences.announce_absence(
                person=person, by=person, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _back("#absence")
    return _page(request, status=422, absence_form=form)


@require_POST
@policy("org.own_profile")
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """End or withdraw one's own absence."""
    person = reader(request)
    absence = get_object_or_404(person.absences, pk=pk)
    absences.withdraw_absence(absence=absence, by=person, now=timezone.now())
    return _back("#absence")


@require_POST
@policy("org.own_profile")
def add_substitute(request: HttpRequest) -> HttpResponse:
    """Name who stands in."""
    person = reader(request)
    now, today = moment()
    form = SubstituteForm(request.POST, person=person, today=today)
    if form.is_valid():
        try:
            absences.name_substitute(
                person=person,
                substitute=form.cleaned_data["substitute"],
                scope=SubstitutionScope(form.cleaned_data["scope"]),
                starts_at=form.cleaned_data["starts_at"],
                ends_at=form.cleaned_data["ends_at"],
                by=person,
                now=now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _back("#substitutes")
    return _page(request, status=422, substitute_form=form)


@require_POST
@policy("org.own_profile")
def end_substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """End or withdraw a substitution."""
    person = reader(request)
    substitution = get_object_or_404(person.substitutions, pk=pk)
    absences.end_substitution(substitution=substitution, by=person, now=timezone.now())
    return _back("#substitutes")


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Draw the profile, with forms that were refused in their place."""
    now, today = moment()
    person = with_surroundings(Person.objects.all(), now=now, on=today).get(pk=reader(request).pk)
    organisation = chart(on=today)
    posts: list[Any] = getattr(person, "placements_now", [])
    context = {
        "person": person,
        "posts": [
            {"title": row.position.title, "department": organisation.name(row.department_id)}
            for row in posts
        ],
        "absences": person.absences.filter(ends_at__gt=now).order_by("starts_at"),
        "substitutions": person.substitutions.filter(ends_at__gt=now)
        .select_related("substitute")
        .order_by("starts_at"),
        "standing_in_for": person.substituting_for.filter(ends_at__gt=now)
        .select_related("person")
        .order_by("starts_at"),
        **_forms(person, today),
        **forms,
    }
    return render(request, "org/profile.html", context, status=status)


def _forms(person: Person, today: date) -> dict[str, Any]:
    own = {name: getattr(person, name) for name in preferences.CHOICES}
    return {
        "preferences_form": PreferencesForm(initial=own, auto_id="preferences_%s"),
        "absence_form": AbsenceForm(auto_id="absence_%s"),
        "substitute_form": SubstituteForm(auto_id="substitute_%s", person=person, today=today),
    }


def _back(anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("org:profile") + anchor)
