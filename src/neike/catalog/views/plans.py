"""The editor of a service's plan: legs, tasks and approvals, drawn as they follow one another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from neike.catalog import actions, queries
from neike.catalog.actions import CatalogError, StandardContent, StepContent
from neike.catalog.actions.content import condition_problems, content_problems
from neike.catalog.display.plans import drawn_plan
from neike.catalog.forms import request_form
from neike.catalog.forms.plan import (
    PlanForm,
    PlanFormSet,
    changed,
    offer_choices,
    plan_initial,
    plan_of,
)
from neike.catalog.forms.rows import ordered
from neike.catalog.models import ServiceStandard
from neike.catalog.queries.pages import draft_of
from neike.catalog.views.days import moment, move_on, reader
from neike.catalog.views.managing import own_service, owner_context
from neike.kernel.policies import policy
from neike.org import queries as org_queries

_REFUSED = 422
_PLAN = "plan"


@require_http_methods(["GET", "POST"])
@policy("catalog.manage")
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Write the plan of the next standard; it is a draft until the standard is published."""
    now, today = moment()
    service, person = own_service(request, key), reader(request)
    current = draft_of(service) or service.standard
    fields: list[dict[str, Any]] = service.form.fields if service.form else []
    what = request.POST.get("do", "")
    data = changed(request.POST, what) if request.POST else None
    whole = PlanForm(data, initial={"steps_join": current.steps_join if current else "all"})
    day = queries.working_day(current.calendar if current else org_queries.default_calendar())
    chart = org_queries.chart(on=today)
    rows = PlanFormSet(
        data,
        prefix=_PLAN,
        initial=plan_initial(current, fields) if data is None else None,
        form_kwargs={"chart": chart, "day": day, "reader": person, "on": today},
    )
    steps = _steps(rows, whole, current, fields)
    offer_choices(rows, fields)
    problems = _problems(steps, fields) if steps is not None else []
    if what == "save" and steps is not None and not problems:
        content = _content(current, steps, whole.cleaned_data["steps_join"] or "all")
        try:
            actions.draft_standard(service=service, content=content, by=person, now=now)
        except CatalogError as error:
            problems = list(error.messages)
        else:
            messages.success(
                request, _("The plan is saved in the draft. Publish the standard to put it to use.")
            )
            return move_on(request, "catalog:plan", key)
    context = {
        "rows": rows,
        "whole": whole,
        "ordered": [(no, row) for no, row in ordered(rows) if not row["DELETE"].value()],
        "removed": [(no, row) for no, row in ordered(rows) if row["DELETE"].value()],
        "problems": problems,
        "unread": steps is None,
        "plan": drawn_plan(
            steps or (), fields, chart, owner=chart.name(service.department_id), day=day
        ),
        **owner_context(service, "plan"),
    }
    status = _REFUSED if what == "save" else 200
    return render(request, "catalog/plan_editor.html", context, status=status)


def _steps(
    rows: Any,  # noqa: ANN401 - a formset
    whole: PlanForm,
    current: ServiceStandard | None,
    fields: Sequence[Mapping[str, Any]],
) -> tuple[StepContent, ...] | None:
    """Return the steps as posted, or as stored; None while an input cannot be read."""
    if rows.is_bound:
        return plan_of(rows, fields) if whole.is_valid() and rows.is_valid() else None
    return actions.content_of(current).steps if current else ()


def _content(
    current: ServiceStandard | None, steps: tuple[StepContent, ...], join: str
) -> StandardContent:
    """Return the present standard with another plan; a service without any begins one without promises."""
    calendar = org_queries.default_calendar() if current is None else current.calendar
    kept = actions.content_of(current) if current else StandardContent(calendar, targets={})
    return replace(kept, steps=steps, steps_join=join)


def _problems(steps: tuple[StepContent, ...], fields: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong with the plan, each naming its step."""
    content = StandardContent(org_queries.default_calendar(), targets={}, steps=steps)
    conditions = ((each.title, each.show_if) for each in steps if each.show_if)
    return [*content_problems(content), *condition_problems(conditions, fields)]


@require_safe
@policy("catalog.manage")
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """Show the service as a requester sees it before sending: form, promise, plan; drafts included."""
    _now, today = moment()
    service = own_service(request, key)
    standard = draft_of(service) or service.standard
    chart = org_queries.chart(on=today)
    fields: list[dict[str, Any]] = service.form.fields if service.form else []
    context = {
        "form": request_form(service.form, reader=reader(request), on=today)
        if service.form
        else None,
        "page": queries.standard_page(standard, chart) if standard else None,
        "plan": drawn_plan(
            actions.content_of(standard).steps if standard else (),
            fields,
            chart,
            owner=chart.name(service.department_id),
            day=queries.working_day(standard.calendar) if standard else 0,
        ),
        **owner_context(service, "preview"),
    }
    return render(request, "catalog/preview.html", context)
