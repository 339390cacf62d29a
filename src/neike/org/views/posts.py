"""Forms for the posts of one person: another one, the primary one, the end of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from neike.kernel.policies import policy
from neike.org import queries
from neike.org.actions import placements, transfers
from neike.org.forms.structure import DayForm, WhereForm
from neike.org.models import Department, Person, Placement
from neike.org.standing import chart
from neike.org.views.days import moment, reader
from neike.org.views.structure_forms import answer


@require_safe
@policy("org.structure_edit")
def give_post(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask in which department a person gets another post, then go to that department's form."""
    _now, today = moment()
    person = _person(request, public_id)
    form = WhereForm(request.GET or None, chart=chart(on=today))
    if request.GET and form.is_valid():
        department = Department.objects.get(code=form.cleaned_data["department"])
        address = reverse("org:place", args=[department.public_id])
        return redirect(f"{address}?{form.asked_for(person)}")
    context = {
        "form": form,
        "title": _("Another post"),
        "subtitle": person.name,
        "back": _back(person),
        "method": "get",
        "submit": _("Choose the position"),
    }
    return render(request, "org/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def make_primary(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Make a concurrent post the primary one from a day on."""
    now, today = moment()
    person = _person(request, public_id)
    placement = _placement(person, pk)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": max(today, placement.valid_from)}),
        lambda data: transfers.make_primary(
            placement=placement, on=data["day"], by=reader(request), now=now
        ),
        _("Make this the primary post"),
        _back(person),
        f"{person.name} · {placement.position.title}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def end_post(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End a post of a person on a day."""
    now, today = moment()
    person = _person(request, public_id)
    placement = _placement(person, pk)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": today}),
        lambda data: placements.end_placement(
            placement=placement, on=data["day"], by=reader(request), now=now
        ),
        _("End this placement"),
        _back(person),
        f"{person.name} · {placement.position.title}",
    )


def _person(request: HttpRequest, public_id: UUID) -> Person:
    people = queries.people_visible_to(reader(request)).filter(erased_at__isnull=True)
    return get_object_or_404(people, public_id=public_id)


def _placement(person: Person, pk: int) -> Placement:
    return get_object_or_404(
        Placement.objects.select_related("position", "department", "person"), person=person, pk=pk
    )


def _back(person: Person) -> str:
    return reverse("org:person", args=[person.public_id])
