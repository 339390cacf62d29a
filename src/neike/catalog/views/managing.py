"""The owners' pages: services, their texts, state and files."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.catalog import actions, exchange, policies, queries, service_file
from neike.catalog.actions import CatalogError
from neike.catalog.forms.services import ServiceForm
from neike.catalog.models import Service
from neike.catalog.queries.pages import draft_of
from neike.catalog.views.days import moment, reader
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Department

_REFUSED = 422


def own_service(request: HttpRequest, key: str) -> Service:
    """Return the service when the reader may edit it, else 404 as if it were not there."""
    _now, today = moment()
    return get_object_or_404(queries.services_editable_by(reader(request), today), key=key)


@require_safe
@policy("catalog.manage")
def manage(request: HttpRequest) -> HttpResponse:
    """List the services the reader may edit, by department."""
    _now, today = moment()
    chart = org_queries.chart(on=today)
    services = queries.services_editable_by(reader(request), today)
    rows = [
        (each, chart.name(each.department_id))
        for each in services.order_by("department__code", "order", "key")
    ]
    return render(request, "catalog/manage.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@policy("catalog.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Write a new service."""
    now, today = moment()
    person = reader(request)
    form = ServiceForm(request.POST or None, reader=person, chart=org_queries.chart(on=today))
    if request.method == "POST" and form.is_valid():
        department = Department.objects.get(public_id=form.cleaned_data["department"])
        if not policies.may_create(person, department, on=today):
            form.add_error("department", _("You may not add services to this department."))
        else:
            try:
                made = actions.create_service(
                    department=department,
                    key=form.cleaned_data["key"],
                    by=person,
                    now=now,
                    **form.fields_of(),
                )
            except CatalogError as error:
                form.add_error(None, error)
            else:
                return redirect("catalog:edit", made.key)
    return render(request, "catalog/new.html", {"form": form}, status=_status(request))


@require_http_methods(["GET", "POST"])
@policy("catalog.manage")
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Edit what a service says about itself."""
    now, today = moment()
    service = own_service(request, key)
    person = reader(request)
    form = ServiceForm(
        request.POST or None, reader=person, chart=org_queries.chart(on=today), service=service
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_service(
                service=service,
                by=person,
                now=now,
                version=form.cleaned_data["version"],
                **form.fields_of(),
            )
        except CatalogError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("catalog:edit", key)
    context = {"form": form, **owner_context(service, "texts")}
    return render(request, "catalog/edit.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    """Return 422 where a sent form comes back."""
    return _REFUSED if request.method == "POST" else 200


def owner_context(service: Service, tab: str) -> dict[str, Any]:
    """Return what every page about one's own service shows."""
    return {"service": service, "tab": tab, "draft": draft_of(service)}


@require_POST
@policy("catalog.manage")
def set_state(request: HttpRequest, key: str) -> HttpResponse:
    """Publish or retire a service."""
    now, _today = moment()
    service = own_service(request, key)
    act = {"publish": actions.publish_service, "retire": actions.retire_service}.get(
        request.POST.get("do", "")
    )
    if act is None:
        raise Http404
    try:
        act(service=service, by=reader(request), now=now)
    except CatalogError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("Done."))
    return redirect("catalog:edit", key)


@require_safe
@policy("catalog.manage")
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Send the service as a file."""
    service = own_service(request, key)
    if service.standard is None:
        raise Http404
    text = service_file.write(exchange.export_service(service))
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{service.key}.yaml"'
    return response
