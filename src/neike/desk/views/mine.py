"""What I asked for: what waits for me, what is open, what is done."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog import queries as catalog_queries
from neike.desk import queries
from neike.desk.display import own, times
from neike.desk.queries import COUNT_CAP, Cursor, Tab
from neike.desk.views.reading import reader
from neike.kernel.policies import policy
from neike.kernel.ui.layouts import layout_for
from neike.org import queries as org_queries

PAGE: Final = 25
LONGEST_SEARCH: Final = 80


@require_safe
@policy("desk.use")
def mine(request: HttpRequest) -> HttpResponse:
    """Show the reader's own requests, newest activity first."""
    who = reader(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    counts = queries.counts_of_tabs(who.who, text)
    tab = request.GET.get("tab", "")
    if tab not in Tab.values:
        tab = Tab.WAITING.value if counts[Tab.WAITING] else Tab.OPEN.value
    found = queries.page_of(
        queries.with_progress(queries.requests_of(who.who, tab, text)),
        field="last_activity_at",
        after=Cursor.parse(request.GET.get("after", "")),
        size=PAGE,
        newest_first=True,
    )
    offered = catalog_queries.services_visible_to(who.person, org_queries.organisation_day(who.now))
    rows = own.rows(found.rows, reader=who.person, chart=who.chart, now=who.now)
    context = {
        "rows": rows,
        "notes": list(dict.fromkeys(row.chip.note for row in rows if row.chip and row.chip.note)),
        "tabs": _tabs(tab, counts, text),
        "tab": tab,
        "q": text,
        "drafts": queries.drafts_of(who.who, offered) if tab == Tab.OPEN and not text else [],
        "next": _address(tab, text, found.following) if found.following else "",
        "first": _address(tab, text) if request.GET.get("after") else "",
        "reader": who.person,
        "address": request.get_full_path(),
        "layout": layout_for(request),
        "next_change": times.seconds_to_next(
            (
                moment
                for row in found.rows
                for each in row.promises  # type: ignore[attr-defined]  # prefetched by `with_progress`
                for moment in (each.warn_at, each.due_at)
            ),
            now=who.now,
        ),
    }
    return render(request, "desk/mine/mine.html", context)


def _tabs(current: str, counts: dict[str, int], text: str) -> list[dict[str, object]]:
    labels = {Tab.WAITING: _("Waiting for me"), Tab.OPEN: _("Open"), Tab.DONE: _("Done")}
    return [
        {
            "label": labels[tab],
            "href": _address(tab.value, text),
            "current": tab == current,
            "count": f"{COUNT_CAP}+" if counts[tab] > COUNT_CAP else counts[tab],
        }
        for tab in Tab
    ]


def _address(tab: str, text: str, after: Cursor | None = None) -> str:
    query = {"tab": tab, **({"q": text} if text else {})}
    if after is not None:
        query["after"] = str(after)
    return f"{reverse('desk:mine')}?{urlencode(query)}"
