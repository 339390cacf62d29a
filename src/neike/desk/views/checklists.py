"""The checklists that departments keep ready: for those who lead."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.desk import actions, policies, queries
from neike.desk.forms import ChecklistForm, NewChecklistForm
from neike.desk.models import ChecklistTemplate
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import allow, deny, policy, require
from neike.kernel.texts import LocalizedText
from neike.org.models import Department


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def checklists(request: HttpRequest) -> HttpResponse:
    """Show the checklists of the reader's departments; who leads one adds to them."""
    who = reader(request)
    form = NewChecklistForm(
        request.POST if request.method == "POST" else None, departments=_led(who)
    )
    if request.method == "POST":
        require(allow() if _led(who) else deny("not_lead"))
        if form.is_valid() and _created(who, form):
            messages.success(request, _("The checklist is ready to be used."))
            return HttpResponseRedirect(reverse("desk:checklists"))
    return _list(request, who, form, status=422 if form.errors else 200)


def _led(who: Reader) -> list[tuple[str, str]]:
    led = [who.chart.get(each) for each in sorted(who.who.leads)]
    return [(str(each.public_id), str(each.name)) for each in led if each is not None]


def _created(who: Reader, form: NewChecklistForm) -> bool:
    department = Department.objects.get(public_id=form.cleaned_data["department"])
    try:
        actions.create_checklist(
            department=department,
            title=form.title,
            items=form.items,
            by=who.person,
            now=who.now,
        )
    except actions.DeskError as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _list(
    request: HttpRequest, who: Reader, form: NewChecklistForm, *, status: int
) -> HttpResponse:
    rows = queries.checklists_visible_to(who.who).filter(retired_at__isnull=True)
    context = {
        "rows": [
            {
                "checklist": each,
                "department": who.chart.name(each.department_id),
                "points": [str(LocalizedText.from_json(item)) for item in each.items],
                "may_change": bool(policies.may_keep_checklists(who.who, each.department_id)),
            }
            for each in rows
        ],
        "form": form if _led(who) else None,
    }
    return render(request, "desk/checklists/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def checklist(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a checklist."""
    who = reader(request)
    row = _kept(who, public_id)
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial=_initial(row))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change(who, row, form)
            except actions.ChecklistChangedError as refused:
                form.add_error(None, str(refused))
                status = 409
            except actions.DeskError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("desk:checklists"))
    context = {"form": form, "row": row, "department": who.chart.name(row.department_id)}
    return render(request, "desk/checklists/edit.html", context, status=status)


@require_POST
@policy("desk.use")
def retire(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Offer a checklist no more; open tasks keep theirs."""
    who = reader(request)
    row = _kept(who, public_id)
    actions.retire_checklist(checklist=row, by=who.person, version=row.version, now=who.now)
    messages.success(request, _("The checklist is offered no more. Open tasks keep theirs."))
    return HttpResponseRedirect(reverse("desk:checklists"))


def _kept(who: Reader, public_id: UUID) -> ChecklistTemplate:
    rows = queries.checklists_visible_to(who.who).filter(
        retired_at__isnull=True, department__in=who.who.leads
    )
    return get_object_or_404(rows, public_id=public_id)


def _change(who: Reader, row: ChecklistTemplate, form: ChecklistForm) -> None:
    actions.change_checklist(
        checklist=row,
        title=form.title,
        items=form.items,
        by=who.person,
        version=form.cleaned_data["version"] or 0,
        now=who.now,
    )


def _initial(row: ChecklistTemplate) -> dict[str, Any]:
    points = [LocalizedText.from_json(item).texts for item in row.items]

    def lines(code: str) -> str:
        return "\n".join(each.get(code, "") for each in points).strip("\n")

    return {
        "version": row.version,
        "title_zh": row.title.texts.get("zh-hans", ""),
        "title_en": row.title.texts.get("en", ""),
        "items_zh": lines("zh-hans"),
        "items_en": lines("en"),
    }
