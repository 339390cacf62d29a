"""My day: what waits for me, what I can ask for, what I asked for."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.desk.display import own, times
from neike.desk.queries import Tab
from neike.desk.views.department_notices.reading import banner_context
from neike.desk.views.reading import Reader
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.portal import actions, queries
from neike.portal.queries.finding import Seeker
from neike.portal.queries.welcome import FirstSteps
from neike.portal.views.reading import seeker

_NEWEST: Final = 5
_SERVICES: Final = 4
_NOON: Final = 12
_EVENING: Final = 18


@require_safe
@policy("portal.home")
def home(request: HttpRequest) -> HttpResponse:
    """Show my day."""
    who = seeker(request)
    tiles = _able(catalog_queries.tiles(who.person, who.on, chart=who.chart), who)
    steps = queries.first_steps(who.person)
    context = {
        "greeting": _greeting(who),
        **_changing(who),
        "steps": _steps(steps) if steps else [],
        "steps_done": steps.done if steps else 0,
        "tiles": [_tile(each) for each in _offering(tiles)],
        "others": [(each.department.name, each.services[-1].key) for each in tiles if _other(each)],
    }
    return render(request, "portal/home.html", context)


@require_safe
@policy("portal.home")
def news(request: HttpRequest) -> HttpResponse:
    """Answer with the parts of my day that change."""
    who = seeker(request)
    return render(request, "portal/_news.html", _changing(who))


def _changing(who: Seeker) -> dict[str, Any]:
    """Return what waits and the newest own requests, and when time alone will have changed them."""
    waiting = queries.waiting(who.person, now=who.now)
    dues = (item.due_at for each in waiting for item in each.items)
    return {
        "waiting": waiting,
        "rows": _own_rows(who),
        **banner_context(Reader(who.person, who.now)),
        "now": who.now,
        "next_change": times.seconds_to_next(dues, now=who.now),
    }


@require_safe
@policy("portal.home")
def something_else(request: HttpRequest) -> HttpResponse:
    """Go on to the "something else" of the chosen department."""
    who = seeker(request)
    offered = catalog_queries.services_visible_to(who.person, who.on)
    found = offered.filter(key=request.GET.get("service", "").replace("\x00", "")[:64]).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("desk:new", args=[found.key]))


@require_POST
@policy("portal.home")
def dismiss_welcome(request: HttpRequest) -> HttpResponse:
    """Put the first steps away."""
    who = seeker(request)
    actions.dismiss_welcome(by=who.person, now=who.now)
    return HttpResponseRedirect(reverse("portal:home"))


def _greeting(who: Seeker) -> str:
    hour = who.now.astimezone(timezone.get_current_timezone()).hour
    if hour < _NOON:
        text = _("Good morning, %(name)s")
    elif hour < _EVENING:
        text = _("Good afternoon, %(name)s")
    else:
        text = _("Good evening, %(name)s")
    return text % {"name": who.person.name}


def _names_something(tile: catalog_queries.Tile) -> bool:
    return not all(each.is_catch_all for each in tile.services)


def _able(tiles: list[catalog_queries.Tile], who: Seeker) -> list[catalog_queries.Tile]:
    """Leave out departments that offer nothing by name and in which nobody works, such as the company itself."""
    unsure = [each.department.id for each in tiles if not _names_something(each)]
    staffed = org_queries.staffed(unsure, on=who.on) if unsure else frozenset()
    return [each for each in tiles if _names_something(each) or each.department.id in staffed]


def _other(tile: catalog_queries.Tile) -> bool:
    return tile.services[-1].is_catch_all


def _offering(tiles: list[catalog_queries.Tile]) -> list[catalog_queries.Tile]:
    """Return the departments that offer something by name; the others are asked through "something else"."""
    named = [each for each in tiles if _names_something(each)]
    return named or tiles


def _tile(tile: catalog_queries.Tile) -> dict[str, Any]:
    """Return a department with its first services; "something else" has a place of its own on the page."""
    named: list[Service] = [each for each in tile.services if not each.is_catch_all]
    return {
        "department": tile.department,
        "services": named[:_SERVICES] or list(tile.services),
        "more": max(0, len(named) - _SERVICES),
    }


def _own_rows(who: Seeker) -> list[own.Row]:
    standing = desk_policies.standing(who.person, now=who.now)
    newest = desk_queries.page_of(
        desk_queries.with_progress(desk_queries.requests_of(standing, Tab.OPEN)),
        field="last_activity_at",
        size=_NEWEST,
        newest_first=True,
    )
    return own.rows(newest.rows, reader=who.person, chart=who.chart, now=who.now)


def _steps(found: FirstSteps) -> list[dict[str, str]]:
    """Return the first steps for the kit; the first one not done is the current one."""
    there = found.ticket.path if found.ticket else ""
    browse = reverse("catalog:browse")
    steps = [
        (
            found.asked,
            _("Ask for something"),
            _("Choose a service and see the promise first."),
            browse,
        ),
        (
            found.travelled,
            _("See it travel"),
            _("Its page shows who has it and until when."),
            there,
        ),
        (found.rated, _("Rate it"), _("Two taps. The department sees it and gets better."), there),
    ]
    current = next((no for no, step in enumerate(steps) if not step[0]), len(steps))
    return [
        {
            "label": label,
            "note": note,
            "state": "done" if done else "current" if no == current else "todo",
            "href": href if no <= current else "",
        }
        for no, (done, label, note, href) in enumerate(steps)
    ]
