"""Who ever worked on a request, as its log tells it: not only who has it now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from neike.desk.choices import EventKind, Visibility
from neike.desk.models import TicketEvent
from neike.desk.replay import SERVING

_DOING: Final = (
    EventKind.LEG_ACCEPTED,
    EventKind.LEG_STARTED,
    EventKind.LEG_WAITING,
    EventKind.LEG_RETURNED,
    EventKind.LEG_DELIVERED,
    EventKind.RESOLVED,
)
"""Events whose author worked on the leg."""
_GIVING: Final = (EventKind.LEG_ACCEPTED, EventKind.LEG_ASSIGNED)
"""Events that name whom the work was given to."""
_READ: Final = (
    *_DOING,
    EventKind.LEG_ASSIGNED,
    EventKind.LEG_OFFERED,
    EventKind.LEG_CONFIRMED,
    EventKind.MESSAGE_POSTED,
)


@dataclass(slots=True)
class Workers:
    """The ids of people by what they did with one request; legs by their number.

    `on_legs`: who accepted it, was given it, began it, let it wait, handed work on, returned or delivered it.
    `writers`: who wrote for those who serve; messages belong to the request, not to a leg.
    `confirmers`: who confirmed the leg's delivery for the department that asked.
    """

    on_legs: dict[int, set[int]] = field(default_factory=dict)
    writers: set[int] = field(default_factory=set)
    confirmers: dict[int, set[int]] = field(default_factory=dict)

    def on_leg(self, no: int | None) -> frozenset[int]:
        """Return who worked on a leg; nobody on a leg that is not there."""
        return frozenset() if no is None else frozenset(self.on_legs.get(no, ()))

    def confirmed(self, no: int) -> frozenset[int]:
        """Return who confirmed the delivery of a leg."""
        return frozenset(self.confirmers.get(no, ()))

    @property
    def everybody(self) -> frozenset[int]:
        """Whoever worked on any leg, or wrote for those who serve."""
        return frozenset(self.writers).union(*self.on_legs.values())


def workers_of(ticket_ids: Collection[int]) -> dict[int, Workers]:
    """Return who worked on each of these requests, in one query."""
    found = {pk: Workers() for pk in ticket_ids}
    events = TicketEvent.objects.filter(ticket__in=found, kind__in=_READ).order_by("ticket", "seq")
    for ticket, kind, leg_no, by, data in events.values_list(
        "ticket_id", "kind", "leg_no", "by_id", "data"
    ):
        _take(found[ticket], kind, leg_no, by, data)
    return found


def _take(
    workers: Workers, kind: str, leg_no: int | None, by: int | None, data: Mapping[str, Any]
) -> None:
    """Note what one event says of who works."""
    if kind in _DOING:
        _add(workers.on_legs, leg_no, by)
    if kind in _GIVING:
        _add(workers.on_legs, leg_no, data.get("person"))
    elif kind == EventKind.LEG_OFFERED:
        _add(workers.on_legs, data.get("parent"), by)  # who hands on works on the sending leg
    elif kind == EventKind.LEG_CONFIRMED:
        _add(workers.confirmers, leg_no, by)
    elif kind == EventKind.MESSAGE_POSTED and by is not None and _serves(data):
        workers.writers.add(by)


def _add(people: dict[int, set[int]], no: int | None, person: int | None) -> None:
    if no is not None and person is not None:
        people.setdefault(no, set()).add(person)


def _serves(data: Mapping[str, Any]) -> bool:
    return data.get("party") == SERVING or data.get("visibility") == Visibility.INTERNAL
