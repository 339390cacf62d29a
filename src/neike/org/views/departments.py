"""The organisation tree and a department's page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy
from neike.org import policies
from neike.org.models import Department
from neike.org.queries import structure
from neike.org.standing import OrgChart, chart
from neike.org.views.days import moment, reader

_ELSEWHERE = (("loop_url", "portal:loop"), ("services_url", "catalog:department"))
"""Pages of other modules about a department, shown where they exist."""


@require_safe
@policy("org.structure")
def departments(request: HttpRequest) -> HttpResponse:
    """Show the organisation as a tree on today's date."""
    _now, today = moment()
    organisation = chart(on=today)
    context = {
        "nodes": structure.tree(organisation),
        "count": sum(each.is_active for each in organisation),
        "may_change": bool(policies.may_change_organisation(reader(request), on=today)),
    }
    return render(request, "org/departments.html", context)


@require_safe
@policy("org.structure")
def department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one department: what it is, who leads it, its posts and people, and what it was before."""
    _now, today = moment()
    shown = get_object_or_404(
        structure.departments_visible_to(reader(request)), public_id=public_id
    )
    organisation = chart(on=today)
    context: dict[str, Any] = {
        "department": shown,
        "now_is": organisation.get(shown.pk),
        "trail": trail(organisation, shown),
        "children": [
            organisation.departments[each]
            for each in organisation.children(shown.pk)
            if organisation.is_active(each)
        ],
        "people_count": structure.people_per_department(on=today)[shown.pk],
        "leads": structure.leads_of(shown, on=today),
        "posts": structure.posts_of(shown, on=today),
        "versions": _history(shown, organisation),
        "successions": [
            (each, organisation.name(each.successor_id)) for each in structure.successions_of(shown)
        ],
        "may_change": bool(policies.may_change_organisation(reader(request), on=today)),
        "today": today,
        **{key: _optional(name, shown) for key, name in _ELSEWHERE},
    }
    return render(request, "org/department.html", context)


def trail(organisation: OrgChart, shown: Department) -> list[tuple[str, str]]:
    """Return the breadcrumbs from the tree down to the department."""
    ids = [*reversed(organisation.ancestors(shown.pk)), shown.pk]
    return [
        (str(each.name), reverse("org:department", args=[each.public_id]))
        for each in (organisation.get(pk) for pk in ids)
        if each is not None
    ]


def _history(shown: Department, organisation: OrgChart) -> list[dict[str, Any]]:
    return [
        {"version": each, "parent": organisation.name(each.parent_id)}
        for each in structure.versions_of(shown)
    ]


def _optional(name: str, shown: Department) -> str:
    try:
        return reverse(name, args=[shown.public_id])
    except NoReverseMatch:
        return ""
