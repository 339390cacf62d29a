"""Whom people report to, once all rows are read: a manager may stand on a later one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from neike.org.actions.circles import circle_error, find_circle
from neike.org.importing.changes import SetLine
from neike.org.importing.errors import RowNote
from neike.org.importing.matching import plain
from neike.org.importing.planning import Planner
from neike.org.importing.report import Report
from neike.org.importing.rows import Row
from neike.org.importing.wording import _
from neike.org.models import Placement, ReportingLine
from neike.org.standing import on_day

_PART: Final = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """A line to write, with the row that asks for it and the department it counts for."""

    change: SetLine
    line: int
    file: str
    department: str


def load_posts(planner: Planner, references: Iterable[str], on: date) -> None:
    """Let a reference to a post lead to who holds it (of several the one placed last)."""
    wanted = {each for each in references if planner.find(each) is None}
    if not wanted:
        return
    held = Placement.objects.filter(on_day(on)).select_related("person", "position")
    for each in held.order_by("valid_from", "pk"):
        key = plain(each.position.code)
        if key in wanted:
            number = plain(each.person.employee_no)
            planner.references[key] = number
            planner.names.setdefault(number, each.person.name)
            planner.numbers.setdefault(number, each.person.employee_no)


def planned(
    planner: Planner, asked: Mapping[str, Row], report: Report, on: date
) -> Iterator[list[Planned]]:
    """Yield the lines that differ from what holds, in parts; lines that close a circle are left out and remarked."""
    held = _held(planner, on)
    wanted = {
        key: found
        for key, row in asked.items()
        if (found := planner.find(row.manager)) and found != key
    }
    fresh = {key: manager for key, manager in wanted.items() if held.get(key) != manager}
    _leave_out_circles({**held, **wanted}, fresh, planner, asked, report)
    # From the top down: written part by part, a line never meets one above it that is still to change.
    height = _heights({**held, **wanted}, fresh)
    order = sorted(fresh, key=lambda key: height[key])
    ready = [_line(planner, key, fresh[key], asked[key], held, on) for key in order]
    for start in range(0, len(ready), _PART):
        yield ready[start : start + _PART]


def _held(planner: Planner, on: date) -> dict[str, str]:
    rows = ReportingLine.objects.filter(on_day(on)).values_list(
        "person__employee_no", "person__name", "manager__employee_no", "manager__name"
    )
    found = {}
    for number, name, manager, manager_name in rows:
        found[plain(number)] = plain(manager)
        planner.names.setdefault(plain(number), name)
        planner.names.setdefault(plain(manager), manager_name)
    return found


def in_circles(planner: Planner, asked: Mapping[str, Row]) -> set[str]:
    """Return the people whose manager, as the files say, leads back to themselves: their word counts for no head."""
    managers = {
        key: found
        for key, row in asked.items()
        if (found := planner.find(row.manager)) != key and found
    }
    caught: set[str] = set()
    for key in managers:
        if key not in caught:
            caught |= set(find_circle(managers, key))
    return caught


def _heights(managers: Mapping[str, str], keys: Iterable[str]) -> dict[str, int]:
    """Return how many people stand above each; where lines go in a circle the count stops."""
    found: dict[str, int] = {}
    for key in keys:
        way: list[str] = []
        at: str | None = key
        while at is not None and at not in found and at not in way:
            way.append(at)
            at = managers.get(at)
        base = found[at] + 1 if at is not None and at in found else 0
        found |= {each: base + up for up, each in enumerate(reversed(way))}
    return found


def _leave_out_circles(
    managers: dict[str, str],
    fresh: dict[str, str],
    planner: Planner,
    asked: Mapping[str, Row],
    report: Report,
) -> None:
    """Take every fresh line out that stands in a circle, and say so on its row."""
    for key in list(fresh):
        circle = find_circle(managers, key)
        if not circle:
            continue
        words = circle_error([planner.names.get(each, each) for each in circle]).messages[0]
        for each in circle:
            if fresh.pop(each, None) is not None:
                row = asked[each]
                message = _(
                    "%(why)s The row was taken without its manager. Correct the manager on one of these rows."
                ) % {"why": words}
                report.note(
                    RowNote(row.line, "manager", row.manager, message, refused=False, file=row.file)
                )
                managers.pop(each, None)


def _line(
    planner: Planner, key: str, manager: str, row: Row, held: Mapping[str, str], on: date
) -> Planned:
    begins = on if key in held else planner.began.get(key, on)
    names = planner.names
    label = f"{names.get(key, key)} → {names.get(manager, manager)}"
    # Somebody who is new or moved counts as that in the department already.
    place = None
    if key not in planner.began:
        place = planner.state.departments.get(planner.places.get(key, ""))
    change = SetLine(planner.number(key), planner.number(manager), begins, label)
    return Planned(change, row.line, row.file, str(place.name) if place else "")
