"""What a request page says of related requests: only of those that its reader may read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from neike.desk.choices import (
    CHOSEN_LINKS,
    FINAL_TICKET_STATES,
    EventKind,
    LinkKind,
    TicketState,
)
from neike.desk.display import states
from neike.desk.models import Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class Related:
    """One related request, as its line shows it."""

    ticket: Ticket
    kind: LinkKind
    words: str
    tone: str
    may_unlink: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """All of them in groups, (how they are related, lines), and how far the parts have come."""

    groups: Sequence[tuple[LinkKind, Sequence[Related]]] = ()
    into: Ticket | None = None
    may_relate: bool = False
    parts: int = 0
    parts_done: int = 0
    open_parts: Sequence[Ticket] = field(default_factory=list)


_ORDER: Final = (
    LinkKind.MERGED_INTO,
    LinkKind.CHILD_OF,
    LinkKind.PARENT_OF,
    LinkKind.MERGED_FROM,
    LinkKind.SPLIT_FROM,
    LinkKind.SPLIT_INTO,
    LinkKind.CAUSED_BY,
    LinkKind.CAUSES,
    LinkKind.DUPLICATES,
    LinkKind.DUPLICATED_BY,
    LinkKind.RELATED,
)
_DONE: Final = (*FINAL_TICKET_STATES, TicketState.RESOLVED)


def present(events: Iterable[TicketEvent]) -> list[tuple[LinkKind, int]]:
    """Return the relations that hold after a log: kind and id of the other request, in the order they came."""
    found: dict[tuple[LinkKind, int], None] = {}
    for event in events:
        other = event.data.get("other")
        if event.kind == EventKind.LINKED:
            found[LinkKind(event.data["link"]), other] = None
        elif event.kind == EventKind.UNLINKED:
            found.pop((LinkKind(event.data["link"]), other), None)
        elif event.kind == EventKind.MERGED:
            found[LinkKind.MERGED_INTO, other] = None
        elif event.kind == EventKind.UNMERGED:
            found.pop((LinkKind.MERGED_INTO, other), None)
    return list(found)


def panel(
    events: Iterable[TicketEvent],
    known: Mapping[int, Ticket],
    *,
    reader_id: int,
    may_relate: bool,
) -> Panel:
    """Return the panel; `known` holds the other requests that the reader may read, by id."""
    lines: dict[LinkKind, list[Related]] = {}
    for kind, other in present(events):
        ticket = known.get(other)
        if ticket is not None:
            free = may_relate and kind in CHOSEN_LINKS
            lines.setdefault(kind, []).append(_line(ticket, kind, reader_id, may_unlink=free))
    for each in lines.values():
        each.sort(key=lambda line: line.ticket.number)
    parts = [line.ticket for line in lines.get(LinkKind.PARENT_OF, ())]
    still_open = [part for part in parts if part.state not in _DONE]
    into = next((line.ticket for line in lines.get(LinkKind.MERGED_INTO, ())), None)
    return Panel(
        groups=[(kind, lines[kind]) for kind in _ORDER if kind in lines],
        into=into,
        may_relate=may_relate,
        parts=len(parts),
        parts_done=len(parts) - len(still_open),
        open_parts=still_open,
    )


def _line(ticket: Ticket, kind: LinkKind, reader_id: int, *, may_unlink: bool) -> Related:
    return Related(
        ticket=ticket,
        kind=kind,
        words=states.ticket_state_words(ticket, reader_id=reader_id),
        tone=states.TICKET_TONES[ticket.state],
        may_unlink=may_unlink,
    )
