"""Setting and ending by hand to whom a person reports, previewed before it is saved."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.kernel.policies import policy
from neike.kernel.registries import PreviewLine
from neike.org import display, queries
from neike.org.actions import lines
from neike.org.forms.structure import DayForm, LineForm
from neike.org.models import Person, ReportingLine
from neike.org.views.days import moment, reader
from neike.org.views.previewing import Asked, Page, answer_previewed


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def set_line(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let a person report to a manager from a day on."""
    now, today = moment()
    person = _person(request, public_id)
    form = LineForm(request.POST or None, reader=reader(request), initial={"day": today})

    def do() -> object:
        data = form.cleaned_data
        return lines.set_line(
            person=person, manager=data["manager"], on=data["day"], by=reader(request), now=now
        )

    def ask() -> Asked:
        on = form.cleaned_data["day"]
        return Asked(on, do, (), effects=lambda: _effects(do, person, on, today, ends=False))

    return answer_previewed(request, form, _page(person, _("Set the reporting line")), ask)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def end_line(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End the line of a person on a day; then the organisation chart decides."""
    now, today = moment()
    person = _person(request, public_id)
    line = get_object_or_404(ReportingLine.objects.select_related("manager"), person=person, pk=pk)
    form = DayForm(request.POST or None, initial={"day": today})

    def do() -> object:
        return lines.end_line(line=line, on=form.cleaned_data["day"], by=reader(request), now=now)

    def ask() -> Asked:
        on = form.cleaned_data["day"]
        return Asked(on, do, (), effects=lambda: _effects(do, person, on, today, ends=True))

    title = _("End the line to %(name)s") % {"name": line.manager.name}
    return answer_previewed(request, form, _page(person, title), ask)


def _effects(
    do: lines.Do, person: Person, on: date, today: date, *, ends: bool
) -> list[PreviewLine]:
    trial = lines.tried_line(do, person, on=on)
    return display.line_effects(trial, person, on=on, today=today, ends=ends)


def _person(request: HttpRequest, public_id: UUID) -> Person:
    people = queries.people_visible_to(reader(request)).filter(erased_at__isnull=True)
    return get_object_or_404(people, public_id=public_id)


def _page(person: Person, title: str) -> Page:
    back = reverse("org:person", args=[person.public_id])
    return Page(title=title, subtitle=person.name, back=back)
