"""What I asked for: what waits for me, what is open, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog import queries as catalog_queries
from neike.desk import queries
from neike.desk.display import nexts, promises, states
from neike.desk.display.nexts import NextStep
from neike.desk.display.promises import Chip
from neike.desk.models import Clock, Ticket
from neike.desk.queries import COUNT_CAP, Cursor, Tab
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.org import queries as org_queries

PAGE: Final = 25
LONGEST_SEARCH: Final = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One request as a requester sees it in a list."""

    ticket: Ticket
    tone: str
    provider: str
    step: NextStep
    chip: Chip | None
    for_other: str


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
    on = org_queries.organisation_day(who.now)
    offered = catalog_queries.services_visible_to(who.person, on)
    context = {
        "rows": rows_of(who, found.rows),
        "tabs": _tabs(tab, counts, text),
        "tab": tab,
        "q": text,
        "drafts": queries.drafts_of(who.who, offered) if tab == Tab.OPEN and not text else [],
        "next": _address(tab, text, found.following) if found.following else "",
        "first": _address(tab, text) if request.GET.get("after") else "",
    }
    return render(request, "desk/mine/mine.html", context)


def rows_of(who: Reader, tickets: Sequence[Ticket]) -> list[Row]:
    """Return requests (loaded by `queries.with_progress`) as rows."""
    return [_row(who, each) for each in tickets]


def _row(who: Reader, ticket: Ticket) -> Row:
    clocks: list[Clock] = ticket.promises  # type: ignore[attr-defined]  # loaded by `with_progress`
    clock = clocks[-1] if clocks else None
    own = ticket.requester_id == who.person.pk
    return Row(
        ticket=ticket,
        tone=states.TICKET_TONES[ticket.state],
        provider=who.chart.name(ticket.supplier_id),
        step=nexts.next_step(
            ticket, list(ticket.legs.all()), chart=who.chart, reader_id=who.person.pk
        ),
        chip=_chip(clock, who) if clock else None,
        for_other="" if own else ticket.requester.name,
    )


def _chip(clock: Clock, who: Reader) -> Chip | None:
    return promises.chip(clock, org_queries.prepared_calendar(clock.calendar), now=who.now)


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
