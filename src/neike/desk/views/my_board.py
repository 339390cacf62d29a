"""My work as a board: what is to be accepted, in my hands, waiting for others, my tasks and approvals."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from neike.desk import queries
from neike.desk.choices import LegState
from neike.desk.display import times
from neike.desk.models import Ticket
from neike.desk.queries import COUNT_CAP
from neike.desk.queries.queues import capped
from neike.desk.views.listing import Listing
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy

SHOWN: Final = 8
_MINE: Final = "view=mine&department=all"
_MOVING: Final = (LegState.ACCEPTED, LegState.WORKING, LegState.REWORK, LegState.OFFERED)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `query` is that of the queue's list behind it, so that its count is the list's."""

    key: str
    label: Promise
    icon: str
    query: str
    empty: Promise


COLUMNS: Final = (
    Column(
        "offered",
        _("To accept"),
        "accept",
        "view=offered&department=all",
        _("Everything is accepted."),
    ),
    Column(
        "hands",
        _("In my hands"),
        "desk",
        "&".join([_MINE, *(f"state={each.value}" for each in _MOVING)]),
        _("Nothing is in your hands."),
    ),
    Column(
        "waiting",
        _("Waiting for others"),
        "waiting",
        f"{_MINE}&state={LegState.WAITING.value}",
        _("Nothing waits for others."),
    ),
)


@require_safe
@policy("desk.use")
def my_board(request: HttpRequest) -> HttpResponse:
    """Show the board; what is due first stands first."""
    who = reader(request)
    columns = [_column(who, each) for each in COLUMNS]
    dues = (card["due_at"] for column in columns for card in column["cards"])
    context = {
        "columns": [*columns, _tasks(who), _approvals(who)],
        "topics": " ".join(
            [f"person:{who.person.pk}", *(f"queue:{pk}" for pk in sorted(who.who.serves))]
        ),
        "next_change": times.seconds_to_next(dues, now=who.now),
        "now": who.now,
    }
    return render(request, "desk/mine/board.html", context)


def _column(who: Reader, column: Column) -> dict[str, Any]:
    listing = Listing(who, QueryDict(column.query))
    rows = queries.queue_rows(listing.legs(), listing.view, sort=listing.sort, size=SHOWN).rows
    return {
        "column": column,
        "count": _shown(capped(listing.legs())),
        "url": f"{reverse('desk:queue')}?{column.query}",
        "cards": [_card(who, row) for row in rows],
    }


def _card(who: Reader, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a named tuple of `ROW_FIELDS`
    return {
        "number": Ticket.name_of(row.ticket__number),
        "title": "" if row.redacted else row.ticket__title,
        "url": "" if row.redacted else Ticket.path_of(row.ticket__number),
        "note": who.chart.name(row.customer_id),
        "due_at": row.next_due_at,
        "is_late": bool(row.next_due_at and row.next_due_at < who.now),
    }


def _shown(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def _tasks(who: Reader) -> dict[str, Any]:
    waiting = queries.tasks_waiting_for(who.who).select_related("ticket")
    cards = [
        {
            "number": str(task.ticket),
            "title": str(task.title),
            "url": f"{task.ticket.path}#task-{task.no}",
            "note": task.ticket.title,
            "due_at": None,
            "is_late": False,
        }
        for task in waiting[:SHOWN]
    ]
    column = Column("tasks", _("Tasks"), "quiz", "", _("No task is in your hands."))
    url = f"{reverse('desk:approvals')}?tab=tasks"
    return {"column": column, "count": _shown(capped(waiting)), "url": url, "cards": cards}


def _approvals(who: Reader) -> dict[str, Any]:
    """Return what waits for the reader's decision, one card per approval."""
    votes = queries.votes_waiting_for(who.who).select_related("approval__ticket")
    found = {vote.approval_id: vote.approval for vote in votes[: COUNT_CAP + 1]}
    shown = list(found.values())[:SHOWN]
    clocks = queries.approver_clocks(shown)
    cards = []
    for approval in shown:
        clock = clocks.get((approval.ticket_id, approval.no))
        due_at = clock.due_at if clock else None
        cards.append(
            {
                "number": str(approval.ticket),
                "title": str(approval.title),
                "url": approval.ticket.path,
                "note": approval.ticket.title,
                "due_at": due_at,
                "is_late": bool(due_at and due_at < who.now),
            }
        )
    column = Column("approvals", _("Approvals"), "seal", "", _("Nothing waits for your approval."))
    url = reverse("desk:approvals")
    return {"column": column, "count": _shown(len(found)), "url": url, "cards": cards}
