"""The versions of a service's form, plan and promise, and what changed from one to another."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog import actions, queries
from neike.catalog.display.changes import (
    Change,
    compare,
    form_facts,
    plan_facts,
    promise_facts,
    text_facts,
)
from neike.catalog.models import FormVersion, Service, ServiceStandard
from neike.catalog.views.days import moment
from neike.catalog.views.managing import own_service, owner_context
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.queries import OrgChart

_MOST = 200


@require_safe
@policy("catalog.manage")
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """List the versions of the form and of the standard, and compare two of each."""
    _now, today = moment()
    service = own_service(request, key)
    forms = list(service.forms.select_related("published_by").order_by("-version")[:_MOST])
    standards = list(
        service.standards.select_related("published_by", "calendar")
        .prefetch_related("targets", "steps__department")
        .order_by("-version")[:_MOST]
    )
    chart = org_queries.chart(on=today)
    old_form, new_form = _chosen(request, "form", forms)
    old, new = _chosen(request, "standard", standards)
    context = {
        "forms": forms,
        "standards": standards,
        "old_form": old_form,
        "new_form": new_form,
        "old": old,
        "new": new,
        "form_changes": _form_changes(old_form, new_form),
        "standard_changes": standard_changes(old, new, service, chart) if old and new else [],
        **owner_context(service, "versions"),
    }
    return render(request, "catalog/versions.html", context)


def _chosen(request: HttpRequest, name: str, rows: list[Any]) -> tuple[Any, Any]:
    """Return the older and the newer version to compare: as asked for, else the two newest."""
    by_number = {str(each.version): each for each in rows}
    new = by_number.get(request.GET.get(f"{name}_new", ""), rows[0] if rows else None)
    before = [each for each in rows if new is not None and each.version < new.version]
    old = by_number.get(request.GET.get(f"{name}_old", ""), before[0] if before else None)
    return old, new


def _form_changes(old: FormVersion | None, new: FormVersion | None) -> list[Change]:
    return compare(form_facts(old.fields), form_facts(new.fields)) if old and new else []


def standard_changes(
    old: ServiceStandard, new: ServiceStandard, service: Service, chart: OrgChart
) -> list[Change]:
    """Return what another version promises and plans otherwise."""
    fields = service.form.fields if service.form else []
    facts = []
    for each in (old, new):
        content = actions.content_of(each)
        day = queries.working_day(content.calendar)
        plan = plan_facts(content.steps, fields, chart, day=day)
        facts.append((promise_facts(content, day=day), plan))
    (old_promise, old_plan), (new_promise, new_plan) = facts
    steps = [
        Change(each.kind, _("Step “%(step)s”") % {"step": each.name}, each.details)
        for each in compare(old_plan, new_plan)
    ]
    return [*compare(old_promise, new_promise), *steps]


def snapshot(service: Service, today: date) -> dict[str, Any]:
    """Return what a service says now, ready to be compared: texts, form, newest standard."""
    chart = org_queries.chart(on=today)
    ids = set(service.audience.get("departments", ()))
    names = [str(each.name) for each in chart if str(each.public_id) in ids]
    standard = service.standards.select_related("calendar").order_by("-version").first()
    fields = service.form.fields if service.form else []
    found: dict[str, Any] = {"texts": text_facts(service, names), "form": form_facts(fields)}
    if standard is not None:
        content = actions.content_of(standard)
        day = queries.working_day(content.calendar)
        found["promise"] = promise_facts(content, day=day)
        found["plan"] = plan_facts(content.steps, fields, chart, day=day)
    return found
