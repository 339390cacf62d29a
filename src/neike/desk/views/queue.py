"""The queue of a department: views, filters in the address, and rows."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import Priority
from neike.desk import actions, queries
from neike.desk.actions.work import UNDO_FOR
from neike.desk.choices import BulkAction
from neike.desk.display import times
from neike.desk.display.columns import Column
from neike.desk.display.rows import Rows
from neike.desk.models import SavedView
from neike.desk.queries import COUNT_CAP, PARTS, Cursor, Filters, Sort, View
from neike.desk.views.listing import ALL, Listing
from neike.desk.views.queue_filters import address, boxes, chips
from neike.desk.views.reading import reader
from neike.kernel.policies import policy
from neike.kernel.ui.layouts import layout_for
from neike.org import queries as org_queries

PAGE: Final = 50


@require_safe
@policy("desk.use")
def queue(request: HttpRequest) -> HttpResponse:
    """Show the legs of a department the reader works for."""
    listing = Listing(reader(request), request.GET)
    if not listing.departments:
        return render(request, "desk/queue/nobody.html")
    who = listing.who
    after = Cursor.parse(request.GET.get("after", ""))
    found = queries.queue_page(
        listing.legs(), listing.view, sort=listing.sort, after=after, size=PAGE
    )
    ids = queries.filter_values(who.who, listing.chosen)
    services, shown = catalog_queries.names_of_services(), {row.service_id for row in found.rows}
    rows = Rows(
        found,
        chart=who.chart,
        services={pk: each.name for pk, each in services.items() if pk in shown},
        now=who.now,
        columns=listing.columns,
        hidden=listing.snoozed,
    )
    filters = boxes(who, ids, services, request.GET)
    context = {
        "rows": rows.html(),
        "notes": list(rows.notes),
        "shown": len(found.rows),
        "matching": _matching(listing, len(found.rows), found.following),
        "view": listing.view,
        "department_name": _title(listing),
        "departments": _picker(listing),
        "filters": filters,
        "chips": chips(request.GET, filters, listing.filters.text),
        "narrowed": listing.filters.any,
        "text": listing.filters.text,
        "query": request.GET.urlencode(),
        "kept": _kept(listing),
        "clear": f"?{address(request.GET, **dict.fromkeys((*PARTS, 'q', 'after')))}",
        "next": f"?{address(request.GET, after=str(found.following))}" if found.following else "",
        "first": f"?{address(request.GET, after=None)}" if request.GET.get("after") else "",
        "agents": _agents(listing),
        "address": request.get_full_path(),
        "layout": layout_for(request),
        "topics": " ".join([f"person:{who.person.pk}", *(f"queue:{pk}" for pk in listing.chosen)]),
        "next_change": times.seconds_to_next(
            (moment for each in found.clocks.values() for moment in (each.warn_at, each.due_at)),
            now=who.now,
        ),
        "priorities": Priority.choices,
        "actions": BulkAction,
        "shortcuts": listing.preference.shortcuts,
        **_last_run(listing),
        **_views(listing),
        **_looks(listing),
    }
    return render(request, "desk/queue/queue.html", context)


def _kept(listing: Listing) -> list[tuple[str, list[str]]]:
    """Return what the filter form carries on besides its own fields."""
    keys = {"view", "department", "sort", "column", "saved"}
    return [(k, v) for k, v in listing.query.lists() if k in keys]


def _matching(listing: Listing, shown: int, following: Cursor | None) -> str:
    """Return how many match, capped; counted only where there is more than one page."""
    if following is None and not listing.query.get("after"):
        return str(shown)
    count = queries.capped(listing.legs())
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def _views(listing: Listing) -> dict[str, Any]:
    """Return the tabs: the built-in views and the saved ones, each with its live count."""
    who, query = listing.who, listing.query
    saved = queries.saved_views_of(who.who)
    current = query.get("saved", "")
    counts = queries.counts_of_views(who.who, listing.chosen, **listing.times)
    tabs = [
        {
            "href": f"?{address(query, view=each.value, after=None, saved=None)}",
            "label": each.label,
            "count": _shown(counts[each.value]),
            "current": each.value == listing.view and not current,
        }
        for each in View
        if each != View.SNOOZED or listing.snoozed or listing.view == View.SNOOZED
    ]
    data = {view.pk: queries.parameters_of(view.data) for view in saved}
    numbers = queries.counts_of_saved(
        who.who,
        listing.departments,
        {pk: _asked(each) for pk, each in data.items()},
        listing.moment,
        within={pk: _within(listing, each) for pk, each in data.items()},
        hidden=list(listing.snoozed),
    )
    own = [
        {
            "href": view_address(view, data[view.pk]),
            "label": view.name,
            "shared": view.department_id is not None,
            "count": _shown(numbers[view.pk]) if view.pk in numbers else "",
            "current": str(view.public_id) == current,
        }
        for view in saved
    ]
    return {
        "tabs": tabs,
        "saved": own,
        "saved_now": current if any(each["current"] for each in own) else "",
    }


def _asked(data: dict[str, list[str]]) -> tuple[str, Filters]:
    view = next(iter(data.get("view", ())), "")
    return (
        view if view in View.values else View.OPEN.value,
        Filters.read(lambda name: data.get(name, ())),
    )


def _within(listing: Listing, data: dict[str, list[str]]) -> list[int]:
    """Return the departments a saved view is about, as far as the reader works for them."""
    wanted = next(iter(data.get("department", ())), "")
    if wanted == ALL:
        return listing.departments
    ids = [each for each in listing.departments if listing.public(each) == wanted]
    return ids or listing.departments[:1]


def view_address(view: SavedView, data: dict[str, list[str]]) -> str:
    """Return the query of a saved view's list."""
    pairs = [(name, value) for name, values in data.items() for value in values]
    return f"?{urlencode([*pairs, ('saved', str(view.public_id))])}"


def _last_run(listing: Listing) -> dict[str, Any]:
    """Return what the reader just did to many, and whether it can be undone."""
    now = listing.who.now
    run = queries.last_bulk_run(listing.who.person.pk, since=now - UNDO_FOR)
    until = actions.undo_until(run) if run else None
    return {"last_run": run, "last_undo": until is not None and now <= until}


def _shown(count: int) -> int | str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else count


def _looks(listing: Listing) -> dict[str, Any]:
    """Return the choices of order and columns."""
    return {
        "sorts": [
            (
                f"?{address(listing.query, sort=each.value, after=None)}",
                each.label,
                each.value == listing.sort,
            )
            for each in Sort
        ],
        "columns": [(each.value, each.label, each in listing.columns) for each in Column],
        "headings": [str(each.label) for each in listing.columns],
    }


def _title(listing: Listing) -> str:
    if len(listing.chosen) == 1:
        return listing.who.chart.name(listing.chosen[0])
    count = len(listing.departments)
    return ngettext("%(count)d department", "%(count)d departments", count) % {"count": count}


def _picker(listing: Listing) -> list[tuple[str, str, bool]]:
    """Return (address, name, whether it is this one) of each department, none when there is but one."""
    if len(listing.departments) == 1:
        return []
    query = listing.query
    found = [
        (
            f"?{address(query, department=listing.public(each), after=None, saved=None)}",
            listing.who.chart.name(each),
            listing.chosen == [each],
        )
        for each in listing.departments
    ]
    every = f"?{address(query, department=ALL, after=None, saved=None)}"
    return [*found, (every, _("All my departments"), len(listing.chosen) > 1)]


def _agents(listing: Listing) -> Sequence[org_queries.Colleague]:
    """Return to whom the work of one department can be given; of several departments nobody in common."""
    if len(listing.chosen) != 1:
        return ()
    return org_queries.colleagues_of(listing.chosen[0], on=listing.who.who.on)
