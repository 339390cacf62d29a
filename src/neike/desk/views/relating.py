"""What the request page shows of related requests, and of a text that could not be sent any more."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.forms import Form
from django.urls import reverse

from neike.desk import policies
from neike.desk.choices import FINAL_TICKET_STATES, TicketState, Visibility
from neike.desk.display import history, moves, related
from neike.desk.models import Ticket, TicketEvent
from neike.desk.views.reading import Reader


def panel(
    reader: Reader, events: Sequence[TicketEvent], names: history.Names, *, may_relate: bool
) -> related.Panel:
    """Return the panel; nothing more is read for it."""
    return related.panel(
        events,
        names.tickets,
        reader_id=reader.person.pk,
        may_relate=may_relate,
    )


def unsent(
    reader: Reader, ticket: Ticket, panel: related.Panel, bound: Mapping[str, Form]
) -> dict[str, Any] | None:
    """Return what somebody wrote to a request that is over, and where it could be sent instead."""
    form = bound.get("reply") or bound.get("note")
    if form is None or ticket.state not in FINAL_TICKET_STATES:
        return None
    into = panel.into
    public = "reply" in bound
    goes = into and into.state not in FINAL_TICKET_STATES
    if goes and into and not policies.may_post(reader.who, into, _visibility(public=public)):
        goes = False
    route = "desk:reply" if public else "desk:note"
    return {
        "body": form["body"].value() or "",
        "attached": form["attached"].value() or "",
        "client_key": form["client_key"].value() or "",
        "url": reverse(route, args=[into.number]) if goes and into else "",
    }


def _visibility(*, public: bool) -> Visibility:
    return Visibility.PUBLIC if public else Visibility.INTERNAL


def with_parts(each: moves.LegMoves, panel: related.Panel) -> moves.LegMoves:
    """Let resolving ask about open parts, where there are some."""
    if not panel.open_parts:
        return each
    found = tuple(
        replace(move, form="note-parts") if move.key == "resolve" else move for move in each.moves
    )
    return moves.LegMoves(each.leg, found)


def split_url(ticket: Ticket, *, may_split: bool) -> str:
    """Return where one makes another request of this one, "" for those who may not."""
    if ticket.state == TicketState.MERGED or not may_split:
        return ""
    return reverse("desk:split", args=[ticket.number])
