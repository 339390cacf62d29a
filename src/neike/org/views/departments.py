"""The organisation tree and a department's page."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy
from neike.kernel.registries import PreviewLine, StructureChange
from neike.org import policies
from neike.org.choices import SuccessionKind
from neike.org.forms.restructuring import OnForm
from neike.org.models import Department, DepartmentSuccession
from neike.org.queries import structure
from neike.org.standing import DepartmentOnDay, OrgChart, chart
from neike.org.views.days import chosen_day, moment, reader
from neike.org.views.previewing import standing_lines

_ELSEWHERE = (
    ("loop_url", "portal:loop"),
    ("relations_url", "relations:department"),
    ("services_url", "catalog:department"),
)
"""Pages of other modules about a department, shown where they exist."""


@require_safe
@policy("org.structure")
def departments(request: HttpRequest) -> HttpResponse:
    """Show the organisation as a tree, as it is today or was (or will be) on another day."""
    _now, today = moment()
    on = chosen_day(request.GET.get("on", ""), today)
    organisation = chart(on=on)
    context = {
        "nodes": structure.tree(organisation),
        "count": sum(each.is_active for each in organisation),
        "may_change": bool(policies.may_change_organisation(reader(request), on=today)),
        **as_of(on, today),
    }
    return render(request, "org/departments.html", context)


@require_safe
@policy("org.structure")
def department(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one department on a day: what it is, who leads it, its posts and people; and what became of it."""
    _now, today = moment()
    on = chosen_day(request.GET.get("on", ""), today)
    shown = get_object_or_404(
        structure.departments_visible_to(reader(request)), public_id=public_id
    )
    organisation = chart(on=on)
    now_is = organisation.get(shown.pk)
    may_change = on == today and bool(policies.may_change_organisation(reader(request), on=today))
    context: dict[str, Any] = {
        "department": shown,
        "now_is": now_is,
        "name": now_is.name if now_is else structure.latest_version(shown, on=on).name,
        "trail": trail(organisation, shown, asked_day(on, today)),
        "children": [
            organisation.departments[each]
            for each in organisation.children(shown.pk)
            if organisation.is_active(each)
        ],
        "people_count": structure.people_per_department(on=on)[shown.pk],
        "leads": structure.leads_of(shown, on=on),
        "posts": structure.posts_of(shown, on=on),
        "history": history(shown, today=today),
        "left_standing": left_standing(shown, now_is) if on == today else [],
        "may_change": may_change,
        "may_add": may_change and now_is is not None and now_is.is_active,
        "today": today,
        **as_of(on, today),
        **{key: _optional(name, shown) for key, name in _ELSEWHERE},
    }
    return render(request, "org/department.html", context)


def as_of(on: date, today: date) -> dict[str, Any]:
    """Return what the pages that can be turned to another day say of it."""
    asked = asked_day(on, today)
    return {
        "on": on,
        "is_today": on == today,
        "day_form": OnForm(initial={"on": on}),
        "day_query": f"?on={asked}" if asked else "",
    }


def asked_day(on: date, today: date) -> str:
    """Return the day as addresses name it, "" for today."""
    return "" if on == today else on.isoformat()


def trail(organisation: OrgChart, shown: Department, on: str) -> list[tuple[str, str]]:
    """Return the breadcrumbs from the tree down to the department, on the same day."""
    ids = [*reversed(organisation.ancestors(shown.pk)), shown.pk]
    query = f"?on={on}" if on else ""
    return [
        (str(each.name), reverse("org:department", args=[each.public_id]) + query)
        for each in (organisation.get(pk) for pk in ids)
        if each is not None
    ]


def left_standing(shown: Department, now_is: DepartmentOnDay | None) -> list[PreviewLine]:
    """Return what still stands with a closed department, as the modules above say."""
    if now_is is None or now_is.is_active:
        return []
    kinds = [each.kind for each in structure.successions_of(shown)]
    is_merged = SuccessionKind.MERGE in kinds
    return standing_lines(StructureChange(now_is.since, (shown.pk,), bool(kinds), is_merged))


def history(shown: Department, *, today: date) -> list[dict[str, Any]]:
    """Return what a department was and became, newest first: its versions, and what it came out of or went on in."""
    versions = list(structure.versions_of(shown))
    went, came = list(structure.successions_of(shown)), list(structure.predecessors_of(shown))
    names = structure.names_over_time(
        {
            *(each.parent_id for each in versions if each.parent_id),
            *(each.successor_id for each in went),
            *(each.predecessor_id for each in came),
        }
    )
    rows: list[dict[str, Any]] = [
        {
            "day": each.valid_from,
            "version": each,
            "parent": names.on(each.parent_id, each.valid_from) if each.parent_id else "",
        }
        for each in versions
    ]
    rows += [_link(each, each.successor, names, "went") for each in went]
    rows += [_link(each, each.predecessor, names, "came") for each in came]
    for row in rows:
        row["is_planned"] = row["day"] > today
    return sorted(rows, key=lambda row: row["day"], reverse=True)


def _link(
    each: DepartmentSuccession, other: Department, names: structure.Names, way: str
) -> dict[str, Any]:
    return {
        "day": each.date,
        "way": f"{each.kind}_{way}",
        "name": names.newest(other.pk),
        "url": reverse("org:department", args=[other.public_id]),
    }


def _optional(name: str, shown: Department) -> str:
    try:
        return reverse(name, args=[shown.public_id])
    except NoReverseMatch:
        return ""
