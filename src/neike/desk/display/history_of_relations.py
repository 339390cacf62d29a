"""What happened between a request and others, one sentence for each event; `names.tickets` are those one may read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.desk.choices import EventKind, LinkKind
from neike.desk.models import TicketEvent

_LINKED: Final[Mapping[str, Callable[[], str]]] = {
    LinkKind.RELATED: lambda: _("related it to %(other)s"),
    LinkKind.DUPLICATES: lambda: _("noted that it asks for the same as %(other)s"),
    LinkKind.DUPLICATED_BY: lambda: _("noted that %(other)s asks for the same"),
    LinkKind.CAUSED_BY: lambda: _("noted that %(other)s is its cause"),
    LinkKind.CAUSES: lambda: _("noted that it is the cause of %(other)s"),
    LinkKind.CHILD_OF: lambda: _("made it a part of %(other)s"),
    LinkKind.PARENT_OF: lambda: _("made %(other)s a part of it"),
    LinkKind.MERGED_FROM: lambda: _("merged %(other)s into it"),
    LinkKind.SPLIT_FROM: lambda: _("made it of messages of %(other)s"),
    LinkKind.SPLIT_INTO: lambda: _("made %(other)s of messages of this request"),
}


def is_hidden(event: TicketEvent, names: Any) -> bool:  # noqa: ANN401 - `history.Names`
    """Whether an event speaks of a request that the reader may not read: to them it never happened."""
    related = event.kind in (EventKind.LINKED, EventKind.UNLINKED)
    return related and event.data["other"] not in names.tickets


def _linked(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    other = names.tickets.get(event.data["other"], "?")
    return _LINKED[event.data["link"]]() % {"other": other}


def _unlinked(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    what = {"other": names.tickets.get(event.data["other"], "?")}
    if event.data["link"] == LinkKind.MERGED_FROM:
        return _("undid the merging of %(other)s") % what
    return _("took away the relation to %(other)s") % what


def _merged(event: TicketEvent, names: Any) -> str:  # noqa: ANN401
    other = names.tickets.get(event.data["other"])
    if other is None:
        return _("merged it into another request")
    return _("merged it into %(other)s") % {"other": other}


SENTENCES: Final[Mapping[str, Callable[[TicketEvent, Any], str]]] = {
    EventKind.LINKED: _linked,
    EventKind.UNLINKED: _unlinked,
    EventKind.MERGED: _merged,
    EventKind.UNMERGED: lambda _event, _names: _("undid the merging; the request goes on"),
}
