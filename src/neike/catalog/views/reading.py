"""The catalogue as everybody reads it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from neike.catalog import actions, policies, queries
from neike.catalog.display.plans import DrawnPlan, drawn_plan
from neike.catalog.forms.controls import people_meant, person_label
from neike.catalog.models import Service
from neike.catalog.queries.kept import FOR_PROMISES
from neike.catalog.queries.services import group_by_department
from neike.catalog.views.days import moment, reader
from neike.catalog.views.panels import panels_of
from neike.kernel.policies import policy
from neike.kernel.registries import SERVICE_PANELS
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import OrgChart

_LONGEST_SEARCH = 80


@require_safe
@policy("catalog.browse")
def browse(request: HttpRequest) -> HttpResponse:
    """Show what each department offers to the reader, or what fits a search."""
    _now, today = moment()
    person = reader(request)
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    chart = org_queries.chart(on=today)
    context = {
        "q": text,
        "manages": bool(policies.manages_services(person)),
        "tiles": [] if text else queries.tiles(person, today, chart=chart),
        "found": [
            (service, chart.name(service.department_id))
            for service in queries.search_services(person, text, today)
        ],
    }
    template = (
        "catalog/_results.html" if request.headers.get("HX-Request") else "catalog/browse.html"
    )
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@policy("catalog.browse")
def department(request: HttpRequest, code: str) -> HttpResponse:
    """Show what one department offers to the reader."""
    _now, today = moment()
    offered = queries.services_visible_to(reader(request), today).filter(department__code=code)
    chart = org_queries.chart(on=today)
    tiles = group_by_department(offered.prefetch_related(*FOR_PROMISES), chart)
    if not tiles:
        raise Http404
    return render(request, "catalog/department.html", {"tile": tiles[0]})


@require_safe
@policy("catalog.browse")
def service(request: HttpRequest, key: str) -> HttpResponse:
    """Show a service's public standard: what one gets, by whom, how fast, by which steps."""
    now, today = moment()
    person = reader(request)
    shown = get_object_or_404(
        Service.objects.select_related("department", "owner", "form"), key=key
    )
    if not policies.may_see(person, shown, on=today):
        raise Http404
    chart = org_queries.chart(on=today)
    page = queries.service_page(shown, chart)
    panels = _panels(person, shown, now)
    context = {
        "page": page,
        "plan": _plan(page, chart),
        "service": shown,
        "provider": chart.name(shown.department_id),
        "former": [
            (chart.name(each.department_id) or each.department.code, each.until)
            for each in queries.former_providers(shown)
        ],
        "audience": [
            str(each.name)
            for each in chart
            if str(each.public_id) in shown.audience.get("departments", ())
        ],
        "may_ask": bool(policies.may_ask(person, shown, on=today)),
        "may_edit": bool(policies.may_edit(person, shown, on=today)),
        "panels": [each for each in panels if each["place"] == "side"],
        "top_panels": [each for each in panels if each["place"] == "top"],
        "standard_panels": panels_of("page", shown.standard, person=person, now=now),
    }
    return render(request, "catalog/service.html", context)


def _panels(person: Person, service: Service, now: datetime) -> list[dict[str, Any]]:
    """Return what upper modules show about a service: template and context of each."""
    shown = ((panel, panel.context(person, service, now)) for panel in SERVICE_PANELS)
    return [
        {"template": panel.template, "context": context, "place": panel.place}
        for panel, context in shown
        if context
    ]


def _plan(page: queries.ServicePage, chart: OrgChart) -> DrawnPlan | None:
    """Return the picture of a plan that carries itself out, else None: its steps are listed in their order."""
    standard = page.standard
    if standard is None or not any(each.step.automatic for each in page.steps):
        return None
    return drawn_plan(
        [actions.step_content(each.step) for each in page.steps],
        page.service.form.fields if page.service.form else [],
        chart,
        owner=chart.name(page.service.department_id),
        day=page.day,
    )


@require_safe
@policy("catalog.browse")
def people(request: HttpRequest) -> HttpResponse:
    """Suggest people for a person input of a request form."""
    _now, today = moment()
    text = request.GET.get(request.GET.get("field", ""), "").strip()[:_LONGEST_SEARCH]
    found = people_meant(reader(request), text, on=today) if text else []
    labels = [person_label(each) for each in found]
    return render(request, "catalog/_people_options.html", {"people": labels})
