"""What a queue can be narrowed to, and the chips that say what it is narrowed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from neike.catalog.choices import Priority
from neike.catalog.queries import ServiceName
from neike.desk.choices import OPEN_LEG_STATES, LegState, WaitingOn
from neike.desk.queries import ME, NOBODY, PARTS, Due, View
from neike.desk.views.reading import Reader
from neike.org.models import Person


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing the list is narrowed to, and the address without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Box:
    """One filter with what occurs in the queue."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def any(self) -> bool:
        """Whether something is chosen."""
        return any(each.chosen for each in self.choices)


def address(query: QueryDict, **changed: str | None) -> str:
    """Return the query with some parts set, or (None) left out."""
    pairs = [(k, v) for k, values in query.lists() for v in values if k not in changed]
    return urlencode([*pairs, *((k, v) for k, v in changed.items() if v is not None)])


def boxes(
    who: Reader, ids: Mapping[str, set[int]], services: Mapping[int, ServiceName], query: QueryDict
) -> list[Box]:
    """Return the filters of a queue. One query."""
    people = Person.objects.filter(pk__in=ids["assignees"]).order_by("name_latin", "pk")
    customers = [who.chart.get(each) for each in sorted(ids["customers"])]
    values: dict[str, Iterable[tuple[Any, Any]]] = {
        "state": [(each.value, each.label) for each in OPEN_LEG_STATES],
        "priority": Priority.choices,
        "due": Due.choices,
        "assignee": [
            (ME, _("me")),
            (NOBODY, _("nobody yet")),
            *((p.public_id, p.name) for p in people),
        ],
        "waiting": WaitingOn.choices,
        "service": [
            (services[pk].public_id, services[pk].name)
            for pk in sorted(ids["services"] & services.keys())
        ],
        "customer": [(c.public_id, c.name) for c in customers if c],
    }
    labels = _labels()
    return [Box(name, labels[name], _choices(query, name, values[name])) for name in PARTS]


def _labels() -> dict[str, str]:
    return {
        "state": _("State"),
        "priority": _("Priority"),
        "due": _("Due"),
        "assignee": _("Assignee"),
        "waiting": _("Waiting for"),
        "service": _("Service"),
        "customer": _("Customer department"),
    }


def _choices(query: QueryDict, name: str, values: Iterable[tuple[Any, Any]]) -> list[Choice]:
    chosen = set(query.getlist(name))
    return [Choice(str(value), str(label), str(value) in chosen) for value, label in values]


def chips(query: QueryDict, found: Iterable[Box], text: str) -> list[Chip]:
    """Return what the list is narrowed to, each with the address of the list without it."""
    shown = [
        Chip(box.label, each.label, f"?{without(query, box.name, each.value)}")
        for box in found
        for each in box.choices
        if each.chosen
    ]
    if text:
        shown.append(Chip(_("Text"), text, f"?{without(query, 'q', None)}"))
    return shown


def without(query: QueryDict, name: str, value: str | None) -> str:
    """Return the query without one value of a parameter (None: any), on its first page."""
    return urlencode(
        [
            (k, v)
            for k, values in query.lists()
            for v in values
            if k != "after" and not (k == name and value in (None, v))
        ]
    )


def boxes_of_data(data: Mapping[str, list[str]]) -> str:
    """Say in one line what a saved view is narrowed to; ids are only counted."""
    words: dict[str, Mapping[str, Any]] = {
        "state": dict(LegState.choices),
        "priority": dict(Priority.choices),
        "due": dict(Due.choices),
        "waiting": dict(WaitingOn.choices),
        "assignee": {ME: _("me"), NOBODY: _("nobody yet")},
    }
    labels = _labels()
    parts = [str(View(each).label) for each in data.get("view", ()) if each in View.values]
    for name in PARTS:
        values = data.get(name, [])
        known = [str(words[name][each]) for each in values if each in words.get(name, {})]
        others = len(values) - len(known)
        shown = [*known, *([f"{others}"] if others else [])]
        if shown:
            parts.append(
                _("%(filter)s: %(values)s")
                % {"filter": labels[name], "values": _(", ").join(shown)}
            )
    parts += [f"“{each}”" for each in data.get("q", ())]
    return " · ".join(parts) or str(View.OPEN.label)
