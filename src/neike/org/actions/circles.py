"""Lines of reporting that go in a circle: found by following them upward, day by day."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _

from neike.org.actions.errors import CycleError

Key = TypeVar("Key", bound=Hashable)
_Lines = dict[int, list[tuple[date, date | None, int]]]
"""Below -> (from, until, above) of each line."""


def find_circle(managers: Mapping[Key, Key], start: Key) -> list[Key]:
    """Return the people (or posts) on the circle that `start` leads into, in order; [] when the way ends.

    `managers` maps each to the one it reports to.
    """
    way: dict[Key, int] = {}
    at: Key | None = start
    while at is not None and at not in way:
        way[at] = len(way)
        at = managers.get(at)
    return [] if at is None else [each for each, place in way.items() if place >= way[at]]


def circle_error(names: Sequence[str]) -> CycleError:
    """Return the refusal that names a circle once round."""
    return CycleError(
        _("The reporting lines go in a circle: %(names)s.")
        % {"names": " → ".join((*names, names[0]))},
        code="cycle",
    )


def circle_in(
    lines: QuerySet[Model], *, below: str, above: str, fresh: Iterable[tuple[int, date]]
) -> list[int]:
    """Return a circle that one of the `fresh` lines (below, first day) closes on any day; [] when there is none.

    `lines` are dated by `valid_from` and `valid_to`; `below` and `above` name their ends. Reads only the lines above
    the fresh ones, level by level.
    """
    fresh = list(fresh)
    if not fresh:
        return []
    since = min(day for _key, day in fresh)
    known = _lines_above(lines, below, above, {key for key, _day in fresh}, since)
    for key, day in fresh:
        circle = _circle_from(known, key, day)
        if circle:
            return circle
    return []


def _lines_above(
    lines: QuerySet[Model], below: str, above: str, start: set[int], since: date
) -> _Lines:
    """Read the lines of the given ones and of all above them that have not ended by a day."""
    running = lines.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=since), **{f"{above}__isnull": False}
    )
    found: _Lines = {}
    level = set(start)
    while level:
        found |= {each: [] for each in level}
        rows = running.filter(**{f"{below}__in": level})
        told = rows.annotate(low=F(below), high=F(above))
        for low, high, begins, ends in told.values_list("low", "high", "valid_from", "valid_to"):
            found[low].append((begins, ends, high))
        level = {line[2] for each in level for line in found[each]} - found.keys()
    return found


def _circle_from(known: _Lines, start: int, day: date) -> list[int]:
    """Follow the lines up on a day, and again on each later day on which one of those met changes."""
    until: date | None = day
    while until is not None:
        day = until
        way: dict[int, int] = {}
        at: int | None = start
        while at is not None and at not in way:
            way[at] = len(way)
            at = _above(known[at], day)
        if at is not None:
            return [each for each, place in way.items() if place >= way[at]]
        until = min(
            (line[0] for each in way for line in known[each] if line[0] > day), default=None
        )
    return []


def _above(lines: Iterable[tuple[date, date | None, int]], day: date) -> int | None:
    return next(
        (above for begins, ends, above in lines if begins <= day and (ends is None or day < ends)),
        None,
    )
