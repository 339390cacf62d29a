"""Forms that change, close and open a position again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.kernel.policies import policy
from neike.org.actions import positions
from neike.org.forms.structure import DayForm, PositionChangeForm
from neike.org.models import Position
from neike.org.queries import structure
from neike.org.standing import chart
from neike.org.views.days import moment, reader
from neike.org.views.structure_forms import answer


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a position another title or department."""
    now, today = moment()
    position = _position(public_id)
    organisation = chart(on=today)
    above = organisation.get(position.department_id)
    held = structure.newest_term(position)
    form = PositionChangeForm(
        request.POST or None,
        chart=organisation,
        initial={
            "title_zh": position.title.texts.get("zh-hans", ""),
            "title_en": position.title.texts.get("en", ""),
            "department": above.code if above else "",
            "reports_to": held.reports_to.code if held and held.reports_to else "",
            "day": today,
            "seen": positions.state_of(position),
        },
    )

    def do(data: dict[str, Any]) -> object:
        return positions.change_position(
            position=position,
            title=data["title"],
            department=form.chosen_department(),
            above=positions.Above(data["reports_to"]),
            on=data["day"],
            seen=data["seen"] or None,
            by=reader(request),
            now=now,
        )

    return answer(request, form, do, _("Change position"), _back(position), str(position.title))


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a position from a day on."""
    now, today = moment()
    position = _position(public_id)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": today}),
        lambda data: positions.close_position(
            position=position, on=data["day"], by=reader(request), now=now
        ),
        _("Close position"),
        _back(position),
        str(position.title),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let people be placed in a closed position again."""
    now, today = moment()
    position = _position(public_id)
    return answer(
        request,
        DayForm(request.POST or None, initial={"day": today}),
        lambda data: positions.reopen_position(
            position=position, on=data["day"], by=reader(request), now=now
        ),
        _("Open position again"),
        _back(position),
        str(position.title),
    )


def _position(public_id: UUID) -> Position:
    return get_object_or_404(Position.objects.select_related("department"), public_id=public_id)


def _back(position: Position) -> str:
    return reverse("org:department", args=[position.department.public_id])
