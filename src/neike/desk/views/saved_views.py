"""Saved views of a queue: name, share, order, change and delete them; which columns one sees."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.desk import actions, forms, policies, queries
from neike.desk.display.columns import Column
from neike.desk.models import SavedView
from neike.desk.views.listing import Listing
from neike.desk.views.queue import view_address
from neike.desk.views.queue_filters import address, boxes_of_data
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.org.models import Department


def _view(who: Reader, public_id: UUID) -> SavedView:
    """Return a view the reader has; any other is absent."""
    return get_object_or_404(queries.saved_views_to(who.who), public_id=public_id)


def _changeable(who: Reader, public_id: UUID) -> SavedView:
    view = _view(who, public_id)
    if not policies.may_change_view(who.who, view):
        raise Http404
    return view


def _departments(who: Reader) -> Any:  # noqa: ANN401 - a queryset for a form
    return Department.objects.filter(pk__in=who.who.serves | who.who.leads).order_by("code", "pk")


@require_safe
@policy("desk.use")
def saved_views(request: HttpRequest) -> HttpResponse:
    """List the reader's views and those shared with them."""
    who = reader(request)
    found = queries.saved_views_of(who.who)
    rows = [
        {
            "view": view,
            "href": reverse("desk:queue") + view_address(view, data),
            "about": boxes_of_data(data),
            "department": who.chart.name(view.department_id) if view.department_id else "",
        }
        for view in found
        for data in [queries.parameters_of(view.data)]
    ]
    return render(request, "desk/queue/views.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def new_view(request: HttpRequest) -> HttpResponse:
    """Keep the list of the address under a name."""
    who = reader(request)
    data = _data(request.GET)
    form = forms.SavedViewForm(request.POST or None, departments=_departments(who))
    if request.method == "POST" and form.is_valid():
        try:
            view = actions.save_view(
                by=who.person,
                name=form.cleaned_data["name"],
                data=data,
                department=form.cleaned_data["department"],
                now=who.now,
            )
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The view is saved."))
            found = queries.parameters_of(view.data)
            return HttpResponseRedirect(reverse("desk:queue") + view_address(view, found))
    return _form_page(request, form, None, data)


def _data(query: QueryDict) -> dict[str, list[str]]:
    """Return what an address says of a list."""
    return queries.parameters_of({k: list(v) for k, v in query.lists()})


def _form_page(
    request: HttpRequest,
    form: forms.SavedViewForm,
    view: SavedView | None,
    data: dict[str, list[str]],
) -> HttpResponse:
    context = {
        "form": form,
        "view": view,
        "about": boxes_of_data(data),
        "query": request.GET.urlencode(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/queue/view_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def edit_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a view another name or other readers; with a list in the address, another content too."""
    who = reader(request)
    view = _changeable(who, public_id)
    data = _data(request.GET) if request.GET else None
    initial = {
        "name": view.name,
        "department": view.department.public_id if view.department else None,
        "version": view.version,
    }
    form = forms.SavedViewForm(request.POST or None, initial=initial, departments=_departments(who))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_view(
                view=view,
                by=who.person,
                version=form.cleaned_data["version"] or 0,
                name=form.cleaned_data["name"],
                department=form.cleaned_data["department"],
                data=data,
                now=who.now,
            )
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The view is saved."))
            return HttpResponseRedirect(reverse("desk:saved_views"))
    return _form_page(request, form, view, data or queries.parameters_of(view.data))


@require_POST
@policy("desk.use")
def delete_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a view."""
    who = reader(request)
    actions.delete_view(view=_changeable(who, public_id), by=who.person, now=who.now)
    messages.success(request, _("The view is deleted. Its requests stay as they are."))
    return HttpResponseRedirect(reverse("desk:saved_views"))


@require_POST
@policy("desk.use")
def move_view(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Move a view up or down."""
    who = reader(request)
    up = request.POST.get("to") == "up"
    actions.move_view(view=_changeable(who, public_id), by=who.person, up=up, now=who.now)
    return HttpResponseRedirect(reverse("desk:saved_views"))


@require_POST
@policy("desk.use")
def columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns the reader sees."""
    who = reader(request)
    chosen = [each for each in request.POST.getlist("column") if each in Column.values]
    actions.choose_columns(person=who.person, columns=chosen)
    listing = Listing(who, request.GET)
    query = address(listing.query, column=None)
    return HttpResponseRedirect(f"{reverse('desk:queue')}?{query}")


@require_POST
@policy("desk.use")
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Switch single-key shortcuts on or off."""
    who = reader(request)
    on = request.POST.get("on") == "1"
    actions.choose_shortcuts(person=who.person, on=on)
    messages.success(request, _("Shortcuts are on.") if on else _("Shortcuts are off."))
    return HttpResponseRedirect(f"{reverse('desk:queue')}?{request.GET.urlencode()}")
