"""Whom a department tells when its promises are missed: the page of its lead."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.catalog.models import Service
from neike.desk import actions, policies
from neike.desk.actions import escalation
from neike.desk.forms import EscalationStepForm
from neike.desk.models import EscalationStep
from neike.desk.queries import escalation as queries
from neike.desk.views.reading import Reader, reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.models import Department

_REFUSED = 422


def _department(here: Reader, public_id: UUID) -> Department:
    """Return a department whose escalation the reader sets, else 404."""
    found = get_object_or_404(Department, public_id=public_id)
    if not policies.may_manage_escalation(here.who, found.pk):
        raise Http404
    return found


def _service(request: HttpRequest, department: Department) -> Service | None:
    """Return the service of the department that the address names, None for all services."""
    key = request.GET.get("service", "")
    return get_object_or_404(Service, department=department, key=key) if key else None


def _address(department: Department, service: Service | None) -> str:
    address = reverse("desk:escalation", args=[department.public_id])
    return f"{address}?service={service.key}" if service else address


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.escalation", "60/m")
def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the steps, and add one."""
    here = reader(request)
    department = _department(here, public_id)
    service = _service(request, department)
    people = queries.agents_and_leads(department, now=here.now)
    form = EscalationStepForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            escalation.add_step(
                department=department,
                by=here.person,
                after_minutes=data["after_minutes"],
                whom=data["whom"],
                person=data["person"],
                service=service,
                now=here.now,
            )
        except actions.DeskError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_address(department, service))
    context = _context(here, department, service) | {"form": form}
    status = _REFUSED if form.errors else 200
    return render(request, "desk/escalation/escalation.html", context, status=status)


def _context(here: Reader, department: Department, service: Service | None) -> dict[str, Any]:
    steps = queries.steps_of(department.pk, service.pk if service else None)
    own = queries.services_with_steps(department)
    services = Service.objects.filter(department=department).order_by("order", "key")
    inherited = service is not None and service.pk not in own
    return {
        "department": department,
        "name": here.chart.name(department.pk),
        "service": service,
        "services": [{"service": each, "own": each.pk in own} for each in services],
        "steps": [_step(each) for each in steps],
        "inherited": inherited,
    }


def _step(row: EscalationStep) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "hours": f"{row.after_minutes / 60:g}",
        "whom": row.person.name if row.person else row.get_whom_display(),
    }


@require_POST
@policy("desk.use")
@limited("desk.escalation", "60/m")
def step_gone(request: HttpRequest, public_id: UUID, step_id: UUID) -> HttpResponse:
    """Take a step away."""
    here = reader(request)
    department = _department(here, public_id)
    service = _service(request, department)
    escalation.remove_step(department=department, by=here.person, step_id=step_id, now=here.now)
    messages.success(request, _("Removed."))
    return HttpResponseRedirect(_address(department, service))
