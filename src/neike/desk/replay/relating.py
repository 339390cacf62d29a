"""How a request comes to be related to others, and how it is merged into one, while its log is read.

A request that is part of another has no parts itself: families are one level deep, so that there is no circle.
"""

import copy
from typing import Final

from neike.desk.choices import CHOSEN_LINKS, LinkKind, TicketState
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError, LinkFacts
from neike.desk.replay.ticket_steps import end

_CHOSEN: Final = frozenset(kind.value for kind in CHOSEN_LINKS)
_LASTING: Final = frozenset({LinkKind.SPLIT_FROM.value, LinkKind.SPLIT_INTO.value})


def linked(course: Course, event: Event) -> None:
    """The request is related to another one."""
    kind, other = event.data["link"], event.data["other"]
    if kind == LinkKind.MERGED_INTO:
        raise IllegalEventError(event, "merging is an event of its own")
    if (kind, other) in course.links:
        raise IllegalEventError(event, "it is related to it like that already")
    if kind in _CHOSEN and any(own in _CHOSEN and pk == other for own, pk in course.links):
        raise IllegalEventError(event, "it is related to it otherwise already")
    has = {own for own, _other in course.links}
    if kind == LinkKind.CHILD_OF and has & {LinkKind.CHILD_OF.value, LinkKind.PARENT_OF.value}:
        raise IllegalEventError(event, "it is part of another request or has parts itself")
    if kind == LinkKind.PARENT_OF and LinkKind.CHILD_OF in has:
        raise IllegalEventError(event, "it is part of another request itself")
    _add(course, event, kind)


def unlinked(course: Course, event: Event) -> None:
    """The request is related to another one no more; what was split stays so."""
    kind, other = event.data["link"], event.data["other"]
    if kind in _LASTING or kind == LinkKind.MERGED_INTO or (kind, other) not in course.links:
        raise IllegalEventError(event, "there is nothing to undo")
    del course.links[kind, other]


def merged(course: Course, event: Event) -> None:
    """The request goes on in another one: its legs end and its clocks are void. What was before is remembered."""
    if any(kind == LinkKind.PARENT_OF for kind, _other in course.links):
        raise IllegalEventError(event, "it has parts of its own")
    course.before_merge = _remembered(course)
    end(course, event, TicketState.MERGED)
    _add(course, event, LinkKind.MERGED_INTO.value)


def unmerged(course: Course, event: Event) -> None:
    """Merging was a mistake: everything goes on as though it had not been, clocks with the time in between."""
    other = event.data["other"]
    before = course.before_merge
    if before is None or (LinkKind.MERGED_INTO.value, other) not in course.links:
        raise IllegalEventError(event, "it was not merged into that one")
    vars(course).update(before)
    course.before_merge = None
    del course.links[LinkKind.MERGED_INTO.value, other]
    for leg in course.legs:
        if leg.is_open:
            leg.version = event.seq


def _add(course: Course, event: Event, kind: str) -> None:
    other = event.data["other"]
    course.links[kind, other] = LinkFacts(kind=kind, other_id=other, by_id=event.by_id, at=event.at)


def _remembered(course: Course) -> dict[str, object]:
    """Return a deep copy of all that an end changes; what standards promise is shared, links stay as they are."""
    shared = {id(each): each for each in (course.terms, *course.terms.values())}
    kept = {key: value for key, value in vars(course).items() if key not in {"terms", "links"}}
    return copy.deepcopy(kept, shared)
