"""Writing notices: drafted, changed, published, updated, ended, withdrawn."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.catalog.choices import ServiceState
from neike.catalog.models import Service
from neike.desk import forms, policies
from neike.desk.actions import department_notices as actions
from neike.desk.choices import NoticeKind
from neike.desk.forms import NoticeForm, NoticeMoveForm
from neike.desk.models import DepartmentNotice
from neike.desk.views.department_notices.reading import labels, notice_of, notice_page
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy, require
from neike.org.models import Department

_REFUSED = 422
_CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def notice_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Draft an outage or an incident for a department the reader serves or leads."""
    who = reader(request)
    departments = _departments(who)
    if kind not in NoticeKind.values or not departments:
        raise Http404
    form = NoticeForm(
        request.POST or None,
        kind=NoticeKind(kind),
        chart=who.chart,
        departments=departments,
        services=_services(who, who.who.serves | who.who.leads),
        initial={"starts_at": who.now.replace(second=0, microsecond=0)},
    )
    if request.method != "POST":
        return _editor(request, form)
    if not form.is_valid():
        return _editor(request, form, status=_REFUSED)
    department = Department.objects.get(public_id=form.cleaned_data["department"])
    try:
        made = actions.draft_notice(
            department=department, content=form.content(), by=who.person, now=who.now
        )
        if request.POST.get("publish"):
            made = actions.publish_notice(
                notice=made, version=made.version, by=who.person, now=who.now
            )
    except actions.NoticeRefusedError as refused:
        form.add_error(_field(form, refused.field), str(refused))
        return _editor(request, form, status=_REFUSED)
    messages.success(request, _("Published.") if made.is_published else _("The draft is kept."))
    return HttpResponseRedirect(made.path)


def _departments(who: Reader) -> list[tuple[str, str]]:
    """Return the departments the reader speaks for."""
    mine = who.who.serves | who.who.leads
    return [
        (str(each.public_id), str(each.name))
        for _depth, each in who.chart.walk()
        if each.id in mine and each.is_active
    ]


def _services(who: Reader, departments: Any) -> Any:  # noqa: ANN401 - ids, and a queryset
    """Return the published services of departments and of all below them."""
    below = {each for pk in departments for each in (pk, *who.chart.subtree(pk))}
    found = Service.objects.filter(department__in=below, state=ServiceState.PUBLISHED)
    return found.order_by("department", "is_catch_all", "order", "key")


def _field(form: NoticeForm, name: str) -> str | None:
    """Return the input that a refusal is about."""
    wanted = {"title": "title_zh", "body": "body_zh"}.get(name, name)
    return wanted if wanted in form.fields else None


def _editor(
    request: HttpRequest,
    form: NoticeForm,
    *,
    notice: DepartmentNotice | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "notice": notice, "is_outage": form.kind == NoticeKind.OUTAGE}
    return render(request, "desk/department_notices/editor.html", context, status=status)


def _managed(who: Reader, public_id: UUID) -> DepartmentNotice:
    """Return a notice of a department the reader speaks for.

    Raises:
        Http404: there is none, or not for this person.
        PermissionDenied: the reader may read it only.
    """
    notice = notice_of(who, public_id)
    require(policies.may_manage_notice(who.who, notice.department_id))
    return notice


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def notice_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what a notice says."""
    who = reader(request)
    notice = _managed(who, public_id)
    form = NoticeForm(
        request.POST or None,
        kind=NoticeKind(notice.kind),
        chart=who.chart,
        services=_services(who, [notice.department_id]),
        notice=notice,
    )
    if request.method != "POST":
        return _editor(request, form, notice=notice)
    if not form.is_valid():
        return _editor(request, form, notice=notice, status=_REFUSED)
    try:
        actions.change_notice(
            notice=notice,
            content=form.content(),
            version=form.cleaned_data["version"] or 0,
            by=who.person,
            now=who.now,
        )
    except actions.NoticeChangedError as changed:
        form.add_error(None, str(changed))
        return _editor(request, form, notice=changed.notice, status=_CONFLICT)
    except actions.NoticeRefusedError as refused:
        form.add_error(_field(form, refused.field), str(refused))
        return _editor(request, form, notice=notice, status=_REFUSED)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(notice.path)


@require_POST
@policy("desk.use")
def notice_move(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Publish, update, end or withdraw a notice."""
    who = reader(request)
    notice = _managed(who, public_id)
    form = forms.NoticeMoveForm(request.POST, label=labels().get(verb, ""), auto_id=f"{verb}-%s")
    if not form.is_valid():
        return notice_page(request, who, notice, bound={verb: form}, status=_REFUSED)
    try:
        _move(verb, notice, form, who)
    except actions.NoticeChangedError as changed:
        form.add_error(None, str(changed))
        return _again(request, who, public_id, verb, form, _CONFLICT)
    except actions.NoticeRefusedError as refused:
        form.add_error("text_zh" if refused.field == "text" else None, str(refused))
        return _again(request, who, public_id, verb, form, _REFUSED)
    messages.success(request, _DONE[verb]())
    return HttpResponseRedirect(notice.path)


def _again(
    request: HttpRequest, who: Reader, public_id: UUID, verb: str, form: NoticeMoveForm, status: int
) -> HttpResponse:
    """Show the notice as it is now; nothing typed is lost, and the next try carries the present version."""
    fresh = notice_of(who, public_id)
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    form.data = data
    return notice_page(request, who, fresh, bound={verb: form}, status=status)


_DONE = {
    "publish": lambda: _("Published."),
    "update": lambda: _("The update is published."),
    "end": lambda: _("It is over. Its requests are still to be resolved."),
    "withdraw": lambda: _("Taken back."),
}


def _move(verb: str, notice: DepartmentNotice, form: NoticeMoveForm, who: Reader) -> None:
    common: dict[str, Any] = {
        "notice": notice,
        "version": form.cleaned_data["version"],
        "by": who.person,
        "now": who.now,
    }
    if verb == "publish":
        actions.publish_notice(**common)
    elif verb == "update":
        actions.update_notice(text=form.text(), **common)
    elif verb == "end":
        actions.end_notice(text=form.text(), **common)
    elif verb == "withdraw":
        actions.withdraw_notice(why=form.text(), **common)
    else:
        raise Http404
