"""The directory and a person's page."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from neike.kernel.policies import policy
from neike.org import policies, queries
from neike.org.models import Person, Placement
from neike.org.queries import directory as directory_queries
from neike.org.queries import grants, structure
from neike.org.standing import OrgChart, chart
from neike.org.views.days import moment, reader

_LONGEST_ID = 18


@require_safe
@policy("org.directory")
def directory(request: HttpRequest) -> HttpResponse:
    """List people, page by page; search by name, pinyin, number; narrow to a department."""
    now, today = moment()
    text = request.GET.get("q", "")
    organisation = chart(on=today)
    department_id = _department_id(request, organisation)
    page = directory_queries.directory(
        reader(request),
        text=text,
        department_id=department_id,
        after=_key(request.GET.get("after", "")),
        before=_key(request.GET.get("before", "")),
        now=now,
        on=today,
    )
    kept = {"q": text, "department": request.GET.get("department", "")}
    context = {
        "people": [(person, _posts(person, organisation)) for person in page.people],
        "q": text,
        "may_add": bool(policies.may_keep_people(reader(request), on=today)),
        "departments": [
            (each.code, "\u2003" * depth + str(each.name))
            for depth, each in organisation.walk()
            if each.is_active
        ],
        "department": request.GET.get("department", ""),
        "previous": _page_url(kept, before=page.before),
        "next": _page_url(kept, after=page.after),
    }
    return render(request, "org/people.html", context)


@require_safe
@policy("org.directory")
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one person: posts, contact, absence, who stands in, whom they report to."""
    now, today = moment()
    people = directory_queries.with_surroundings(
        queries.people_visible_to(reader(request)), now=now, on=today
    )
    shown = get_object_or_404(people, public_id=public_id, erased_at__isnull=True)
    organisation = chart(on=today)
    lines = _lines(shown, today)
    context = {
        "person": shown,
        "posts": _posts(shown, organisation),
        "manager": queries.manager_of(shown, on=today),
        "all_posts": _all_posts(shown, today),
        "lines": lines,
        "has_own_line": any(not each["is_over"] and not each["is_planned"] for each in lines),
        "may_place": bool(policies.may_change_organisation(reader(request), on=today)),
        "roles": grants.grants_of(shown, viewer=reader(request), on=today),
        "may_edit": bool(policies.may_keep_people(reader(request), on=today)),
        "is_own": shown.pk == reader(request).pk,
        "has_left": shown.left_on is not None and shown.left_on <= today,
    }
    return render(request, "org/person.html", context)


def _posts(person: Person, organisation: OrgChart) -> list[dict[str, Any]]:
    """Return the positions of a person with their departments' present names; the primary one first."""
    placements: list[Any] = getattr(person, "placements_now", [])
    return [
        {
            "title": row.position.title,
            "department": organisation.name(row.department_id),
            "department_id": row.department_id,
            "is_primary": row.is_primary,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for row in placements
    ]


def _all_posts(person: Person, today: date) -> list[dict[str, Any]]:
    """Return every post a person has, had or will have, newest first, with the department's name of its time."""
    rows = list(structure.placements_of(person))
    names = structure.names_over_time(row.department_id for row in rows)
    return [
        {
            "row": row,
            "department": names.on(row.department_id, _day_of_name(row, today)),
            "is_over": row.valid_to is not None and row.valid_to <= today,
            "is_planned": row.valid_from > today,
        }
        for row in rows
    ]


def _lines(person: Person, today: date) -> list[dict[str, Any]]:
    """Return every reporting line a person has, had or will have, newest first."""
    return [
        {
            "row": row,
            "is_over": row.valid_to is not None and row.valid_to <= today,
            "is_planned": row.valid_from > today,
        }
        for row in structure.lines_of(person)
    ]


def _day_of_name(row: Placement, today: date) -> date:
    """Return the day whose name of the department is told: today, or the nearest one on which the post holds."""
    last = row.valid_to - timedelta(days=1) if row.valid_to else today
    return max(row.valid_from, min(today, last))


def _department_id(request: HttpRequest, organisation: OrgChart) -> int | None:
    """Return the department asked for by its code; an unknown one counts as none."""
    code = request.GET.get("department", "")
    return next((pk for pk, each in organisation.departments.items() if each.code == code), None)


def _key(text: str) -> directory_queries.Key | None:
    """Read where a page begins from an address; nonsense begins at the start."""
    number, _separator, name = text.partition("~")
    if not (number.isascii() and number.isdigit()) or len(number) > _LONGEST_ID:
        return None
    return name.replace("\x00", ""), int(number)


def _page_url(kept: dict[str, str], **key: directory_queries.Key | None) -> str:
    """Return the address of a neighbouring page, or nothing."""
    ((name, value),) = key.items()
    if value is None:
        return ""
    known = {field: text for field, text in kept.items() if text}
    return f"{reverse('org:people')}?{urlencode({**known, name: f'{value[1]}~{value[0]}'})}"
