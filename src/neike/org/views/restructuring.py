"""Departments that change, close, open again, merge and split: each shown before it is saved."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.kernel.policies import policy
from neike.org.actions import closing, succession
from neike.org.actions import departments as department_actions
from neike.org.forms.restructuring import (
    LEAST_PARTS,
    MOST_PARTS,
    MergeForm,
    SplitForm,
    known_departments,
)
from neike.org.forms.structure import DayForm, DepartmentForm, initial_of
from neike.org.models import Department
from neike.org.queries import structure
from neike.org.standing import OrgChart, chart
from neike.org.views.days import chosen_day, moment, reader
from neike.org.views.previewing import Asked, Page, answer_previewed, name_on


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def change_department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Rename, move or describe a department anew from a day on."""
    now, today = moment()
    shown = _department(request, public_id)
    held = structure.latest_version(shown, on=today)
    form = DepartmentForm(
        request.POST or None,
        chart=chart(on=max(today, held.valid_from)),
        department=shown,
        initial=initial_of(
            held,
            parent_code=held.parent.code if held.parent else "",
            today=max(today, held.valid_from),
        ),
    )

    def ask() -> Asked:
        data, parent = form.cleaned_data, form.parent_department()
        changes: dict[str, Any] = {
            "name": data["name"],
            "purpose": data["purpose"],
            "parent_id": parent.pk if parent else None,
            "calendar_id": data["calendar"].pk if data["calendar"] else None,
        }
        return Asked(
            on=data["valid_from"],
            do=lambda: department_actions.revise_department(
                department=shown,
                changes=changes,
                parent=parent,
                valid_from=data["valid_from"],
                by=reader(request),
                now=now,
            ),
            involved=[shown],
        )

    return answer_previewed(request, form, _page(shown, _("Change department")), ask)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def close_department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Close a department from a day on."""
    now, today = moment()
    shown = _department(request, public_id)
    form = DayForm(request.POST or None, initial={"day": today})

    def ask() -> Asked:
        day = form.cleaned_data["day"]
        return Asked(
            on=day,
            do=lambda: closing.close_department(
                department=shown, valid_from=day, by=reader(request), now=now
            ),
            involved=[shown],
            closing=(shown.pk,),
        )

    return answer_previewed(request, form, _page(shown, _("Close department")), ask)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def reopen_department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open a closed department again from a day on."""
    now, today = moment()
    shown = _department(request, public_id)
    form = DayForm(request.POST or None, initial={"day": today})

    def ask() -> Asked:
        day = form.cleaned_data["day"]
        return Asked(
            on=day,
            do=lambda: closing.reopen_department(
                department=shown, valid_from=day, by=reader(request), now=now
            ),
            involved=[shown],
        )

    return answer_previewed(request, form, _page(shown, _("Open department again")), ask)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def merge(request: HttpRequest) -> HttpResponse:
    """Let several departments go on in one, new or existing."""
    now, today = moment()
    organisation = chart(on=chosen_day(request.POST.get("day", ""), today))
    form = MergeForm(
        request.POST or None,
        chart=organisation,
        reader=reader(request),
        initial={
            "day": today,
            "predecessors": request.GET.getlist("with"),
            "parent": _parent_code(organisation, request.GET.get("with", "")),
        },
    )
    gone: list[Department] = []

    def ask() -> Asked:
        data, successor = form.cleaned_data, form.successor()
        gone[:] = form.merging()
        known = known_departments([successor])
        names = ", ".join(name_on(each, organisation.on) for each in gone)
        into = name_on(known[0], organisation.on) if known else str(form.successor().name)  # type: ignore[union-attr]  # no known one: it is founded
        return Asked(
            on=data["day"],
            do=lambda: succession.merge_departments(
                predecessors=gone,
                successor=successor,
                on=data["day"],
                lead=data["lead"],
                by=reader(request),
                now=now,
            ),
            involved=[*gone, *known],
            closing=tuple(each.pk for each in gone),
            is_continued=True,
            is_merged=True,
            done=_("From %(day)s on %(names)s go on in “%(into)s”.")
            % {"day": data["day"].isoformat(), "names": names, "into": into},
        )

    page = Page(
        title=_("Merge departments"),
        subtitle=_("Their people, positions and the departments below them move; then they close."),
        back=reverse("org:departments"),
        template="org/merge.html",
    )
    return answer_previewed(request, form, page, ask, then=lambda: _successor_url(gone))


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.structure_edit")
def split(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Divide a department: into what, and who and what goes where."""
    now, today = moment()
    shown = _department(request, public_id)
    organisation = chart(on=chosen_day(request.POST.get("day", ""), today))
    parts = _parts(request)
    form = SplitForm(
        request.POST or None,
        department=shown,
        chart=organisation,
        reader=reader(request),
        parts=parts,
        initial={"day": today},
    )

    def ask() -> Asked:
        day, divided = form.cleaned_data["day"], form.parts()
        known = known_departments([each.department for each in divided])
        stays = shown in known
        return Asked(
            on=day,
            do=lambda: succession.divide_department(
                predecessor=shown, parts=divided, on=day, by=reader(request), now=now
            ),
            involved=[shown, *(each for each in known if each != shown)],
            closing=() if stays else (shown.pk,),
            is_continued=True,
            done=_("From %(day)s on “%(name)s” is divided into %(count)d.")
            % {"day": day.isoformat(), "name": name_on(shown, day), "count": len(divided)},
        )

    page = _page(
        shown,
        _("Split department"),
        template="org/split.html",
        extra={
            "fewer": parts - 1 if parts > LEAST_PARTS else 0,
            "more": parts + 1 if parts < MOST_PARTS else 0,
        },
    )
    return answer_previewed(request, form, page, ask)


def _parent_code(organisation: OrgChart, code: str) -> str:
    """Return the code of what stands above a department, "" for nothing."""
    found = next((each for each in organisation if each.code == code), None)
    above = organisation.get(found.parent_id) if found else None
    return above.code if above else ""


def _parts(request: HttpRequest) -> int:
    asked = request.GET.get("parts", "")
    known = asked.isdecimal() and len(asked) == 1
    return min(max(int(asked), LEAST_PARTS), MOST_PARTS) if known else LEAST_PARTS


def _successor_url(gone: list[Department]) -> str:
    """Return the page of what departments went on in."""
    last = gone[0].successions.order_by("-pk").select_related("successor").first()
    return _url(last.successor) if last else reverse("org:departments")


def _page(shown: Department, title: str, **more: Any) -> Page:
    _now, today = moment()
    return Page(
        title=title, subtitle=name_on(shown, today), back=_url(shown), involved=(shown,), **more
    )


def _department(request: HttpRequest, public_id: UUID) -> Department:
    return get_object_or_404(structure.departments_visible_to(reader(request)), public_id=public_id)


def _url(department: Department) -> str:
    return reverse("org:department", args=[department.public_id])
