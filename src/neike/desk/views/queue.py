"""The queue of a department: saved views, filters in the address, rows, and doing one thing to many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from neike.catalog.choices import Priority
from neike.catalog.models import Service
from neike.desk import actions, queries
from neike.desk.choices import OPEN_LEG_STATES, LegState
from neike.desk.display import times
from neike.desk.display.rows import Rows
from neike.desk.models import Leg
from neike.desk.queries import COUNT_CAP, NOBODY, Cursor, Filters, View
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.kernel.ui.layouts import layout_for
from neike.org import queries as org_queries
from neike.org.models import Department, Person

ALL: Final = "all"
PAGE: Final = 50
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of a filter."""

    value: str
    label: str
    chosen: bool


@require_safe
@policy("desk.use")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the legs of a department the reader works for."""
    who = reader(request)
    departments = _departments(who)
    if not departments:
        return render(request, "desk/queue/nobody.html")
    chosen = _chosen(request.GET, who, departments)
    view = request.GET.get("view", "")
    view = view if view in View.values else View.OPEN.value
    filters = _filters(request.GET)
    moments = {"now": who.now, "midnight": _midnight(who.now)}
    legs = queries.narrowed(queries.legs_of_queue(who.who, chosen, view, **moments), filters)
    found = queries.queue_page(
        legs, view, after=Cursor.parse(request.GET.get("after", "")), size=PAGE
    )
    ids = queries.filter_values(who.who, chosen)
    services = Service.objects.in_bulk({row.service_id for row in found.rows} | ids["services"])
    rows = Rows(
        found,
        chart=who.chart,
        services={pk: each.name for pk, each in services.items()},
        now=who.now,
    )
    counts = queries.counts_of_views(who.who, chosen, **moments)
    context = {
        "rows": rows.html(),
        "notes": list(rows.notes),
        "shown": len(found.rows),
        "tabs": _tabs(request.GET, view, counts),
        "view": view,
        "department_name": _title(who, departments, chosen),
        "departments": _picker(request.GET, who, departments, chosen),
        "filters": _filter_choices(who, ids, services, request.GET),
        "active": _active(request.GET),
        "text": filters.text,
        "query": request.GET.urlencode(),
        "kept": [(k, v) for k, v in request.GET.lists() if k in {"view", "department"}],
        "clear": f"?{_with(request.GET, **dict.fromkeys((*_FILTERS, 'q', 'after')))}",
        "next": f"?{_with(request.GET, after=str(found.following))}" if found.following else "",
        "first": f"?{_with(request.GET, after=None)}" if request.GET.get("after") else "",
        "agents": _agents(who, chosen),
        "address": request.get_full_path(),
        "layout": layout_for(request),
        "topics": " ".join([f"person:{who.person.pk}", *(f"queue:{pk}" for pk in chosen)]),
        "next_change": times.seconds_to_next(
            (moment for each in found.clocks.values() for moment in (each.warn_at, each.due_at)),
            now=who.now,
        ),
    }
    return render(request, "desk/queue/queue.html", context)


def _departments(who: Reader) -> list[int]:
    """Return the departments whose queue the reader works or leads, in the chart's order.

    Closed ones come last, where somebody works what they left.
    """
    mine = who.who.serves | who.who.leads
    found = [each for _depth, each in who.chart.walk() if each.id in mine]
    left = [each.id for each in found if not each.is_active and each.id in who.who.serves]
    return [*(each.id for each in found if each.is_active), *left]


def _chosen(query: QueryDict, who: Reader, departments: list[int]) -> list[int]:
    wanted = query.get("department", "")
    if wanted == ALL:
        return departments
    ids = [each for each in departments if _public(who, each) == wanted]
    return ids or departments[:1]


def _public(who: Reader, department: int) -> str:
    return str(who.chart.departments[department].public_id)


def _midnight(now: datetime) -> datetime:
    """Return the end of the reader's day."""
    zone = timezone.get_current_timezone()
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)


_FILTERS: Final = ("service", "customer", "assignee", "priority", "state")


def _filters(query: QueryDict) -> Filters:
    people = query.getlist("assignee")
    nobody = [NOBODY] if NOBODY in people else []
    return Filters(
        services=_uuids(query.getlist("service")),
        customers=_uuids(query.getlist("customer")),
        assignees=[*map(str, _uuids(people)), *nobody],
        priorities=[each for each in query.getlist("priority") if each in Priority.values],
        states=[each for each in query.getlist("state") if each in LegState.values],
        text=query.get("q", "").replace("\x00", "").strip()[:100],
    )


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _with(query: QueryDict, **changed: str | None) -> str:
    """Return the query with some parts set, or (None) left out."""
    pairs = [(k, v) for k, values in query.lists() for v in values if k not in changed]
    return urlencode([*pairs, *((k, v) for k, v in changed.items() if v is not None)])


def _tabs(query: QueryDict, view: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "href": f"?{_with(query, view=each.value, after=None)}",
            "label": each.label,
            "count": f"{COUNT_CAP}+" if counts[each.value] > COUNT_CAP else counts[each.value],
            "current": each.value == view,
        }
        for each in View
    ]


def _title(who: Reader, departments: list[int], chosen: list[int]) -> str:
    if len(chosen) == 1:
        return who.chart.name(chosen[0])
    return ngettext("%(count)d department", "%(count)d departments", len(departments)) % {
        "count": len(departments)
    }


def _picker(
    query: QueryDict, who: Reader, departments: list[int], chosen: list[int]
) -> list[tuple[str, str, bool]]:
    """Return (address, name, whether it is this one) of each department, none when there is but one."""
    if len(departments) == 1:
        return []
    found = [
        (
            f"?{_with(query, department=_public(who, each), after=None)}",
            who.chart.name(each),
            chosen == [each],
        )
        for each in departments
    ]
    every = f"?{_with(query, department=ALL, after=None)}"
    return [*found, (every, _("All my departments"), len(chosen) > 1)]


def _filter_choices(
    who: Reader, ids: Mapping[str, set[int]], services: Mapping[int, Service], query: QueryDict
) -> list[tuple[str, str, list[Choice]]]:
    """Return (name, label, boxes) of each filter with what occurs in the queue."""
    offered = [services[pk] for pk in sorted(ids["services"])]
    people = Person.objects.filter(pk__in=ids["assignees"]).order_by("name_latin", "pk")
    customers = [who.chart.get(each) for each in ids["customers"]]
    return [
        (
            "service",
            _("Service"),
            _choices(query, "service", [(s.public_id, s.name) for s in offered]),
        ),
        (
            "customer",
            _("Customer department"),
            _choices(query, "customer", [(c.public_id, c.name) for c in customers if c]),
        ),
        (
            "assignee",
            _("Assignee"),
            _choices(
                query,
                "assignee",
                [(NOBODY, _("nobody yet")), *((p.public_id, p.name) for p in people)],
            ),
        ),
        ("priority", _("Priority"), _choices(query, "priority", Priority.choices)),
        (
            "state",
            _("State"),
            _choices(query, "state", [(each.value, each.label) for each in OPEN_LEG_STATES]),
        ),
    ]


def _choices(query: QueryDict, name: str, values: Iterable[tuple[Any, Any]]) -> list[Choice]:
    chosen = set(query.getlist(name))
    return [Choice(str(value), str(label), str(value) in chosen) for value, label in values]


def _active(query: QueryDict) -> int:
    return sum(len(query.getlist(name)) for name in _FILTERS)


def _agents(who: Reader, chosen: list[int]) -> list[Person]:
    """Return to whom the work of one department can be given; of several departments nobody in common."""
    if len(chosen) != 1:
        return []
    return list(org_queries.agents_of(Department(pk=chosen[0]), on=who.who.on))


@require_POST
@policy("desk.use")
def bulk(request: HttpRequest) -> HttpResponse:
    """Accept or assign the chosen legs, each by its own policy; tell what happened to each."""
    who = reader(request)
    what, to = _wanted(request.POST)
    picked = _picked(request.POST.getlist("leg"))
    legs = Leg.objects.filter(
        pk__in=list(picked)[:MOST_AT_ONCE], supplier__in=_departments(who)
    ).select_related("ticket", "supplier")
    done, refused = 0, []
    for leg in legs:
        problem = _one(who, leg, picked[leg.pk], what, to)
        if problem:
            refused.append(f"{leg.ticket}: {problem}")
        else:
            done += 1
    _tell(request, what, done, refused, chosen=len(picked))
    query = QueryDict(request.GET.urlencode()).urlencode()
    return HttpResponseRedirect(f"{reverse('desk:queue')}?{query}")


def _wanted(posted: QueryDict) -> tuple[str, Person | None]:
    """Return what to do ("accept" or "assign") and to whom."""
    what = "assign" if posted.get("action") == "assign" else "accept"
    ids = _uuids([posted.get("to", "")])
    return what, Person.objects.filter(public_id__in=ids).first() if ids else None


def _picked(values: Iterable[str]) -> dict[int, int]:
    """Return version by leg id of "id-version" values, leaving out what is none."""
    found = {}
    for value in values:
        left, _dash, right = value.partition("-")
        if left.isdecimal() and right.isdecimal() and max(len(left), len(right)) < 19:  # noqa: PLR2004 - fits 64 bits
            found[int(left)] = int(right)
    return found


def _one(who: Reader, leg: Leg, version: int, what: str, to: Person | None) -> str:
    """Do it to one leg; return what was wrong, or ""."""
    try:
        if what == "assign":
            actions.assign_leg(leg=leg, by=who.person, to=to, version=version, now=who.now)
        else:
            actions.accept_leg(leg=leg, by=who.person, version=version, now=who.now)
    except actions.DeskError as refused:
        return str(refused)
    except PermissionDenied:
        return _("This is not yours to do.")
    return ""


def _tell(request: HttpRequest, what: str, done: int, refused: list[str], *, chosen: int) -> None:
    if not chosen:
        messages.info(request, _("Nothing was chosen."))
    if done and what == "accept":
        text = ngettext("%(count)d request accepted.", "%(count)d requests accepted.", done)
        messages.success(request, text % {"count": done})
    elif done:
        text = ngettext("%(count)d request assigned.", "%(count)d requests assigned.", done)
        messages.success(request, text % {"count": done})
    for line in refused[:10]:
        messages.warning(request, line)
    if len(refused) > 10:  # noqa: PLR2004 - enough to read
        more = ngettext(
            "%(count)d more was refused.", "%(count)d more were refused.", len(refused) - 10
        )
        messages.warning(request, more % {"count": len(refused) - 10})
