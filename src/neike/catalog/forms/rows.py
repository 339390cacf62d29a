"""Rows that people add, move, copy, take out and put back: what the buttons of the editors do."""

from typing import Any, Final

from django import forms
from django.forms import BaseFormSet

MOST_ROWS: Final = 80


def change(data: Any, prefix: str, what: str, *, most: int = 60) -> Any:  # noqa: ANN401 - a QueryDict
    """Return the posted rows after a button: `add`, `up-2`, `down-2`, `copy-2`, `remove-2`, `restore-2` (from 0).

    Anything else changes nothing but numbers the rows. A removed row stays in the data until the page is left,
    so that it can be put back.
    """
    data = data.copy()
    total = number_of(data.get(f"{prefix}-TOTAL_FORMS"))
    verb, _dash, row = what.partition("-")
    order = sorted(
        range(total), key=lambda each: (number_of(data.get(f"{prefix}-{each}-ORDER"), each), each)
    )
    known = int(row) if row.isdecimal() and int(row) < total else None
    if verb in ("add", "copy") and total < most:
        place = order.index(known) + 1 if verb == "copy" and known is not None else len(order)
        if verb == "copy" and known is not None:
            _copy(data, prefix, known, total)
        data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
        order.insert(place, total)
    elif verb == "remove" and known is not None:
        data[f"{prefix}-{known}-DELETE"] = "on"
    elif verb == "restore" and known is not None:
        data.pop(f"{prefix}-{known}-DELETE", None)
    elif verb in ("up", "down") and known is not None:
        _swap(data, prefix, order, known, -1 if verb == "up" else 1)
    for place, each in enumerate(order, start=1):
        data[f"{prefix}-{each}-ORDER"] = str(place)
    return data


def _copy(data: Any, prefix: str, source: int, target: int) -> None:  # noqa: ANN401 - a QueryDict
    """Give a new row what another one says; its key is its own."""
    start = f"{prefix}-{source}-"
    for name in [name for name in data if name.startswith(start)]:
        if name.removeprefix(start) not in ("key", "DELETE", "ORDER"):
            data.setlist(f"{prefix}-{target}-{name.removeprefix(start)}", data.getlist(name))


def _swap(data: Any, prefix: str, order: list[int], row: int, step: int) -> None:  # noqa: ANN401
    """Exchange a row with the next one that is not taken out."""
    place = order.index(row)
    other = place + step
    while 0 <= other < len(order) and data.get(f"{prefix}-{order[other]}-DELETE"):
        other += step
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]


def give_keys(data: Any, prefix: str, stem: str, named_by: tuple[str, ...]) -> None:  # noqa: ANN401 - a QueryDict
    """Give every row that says something (in a field of `named_by`) but has no key one that is free."""
    total = number_of(data.get(f"{prefix}-TOTAL_FORMS"))
    taken = {data.get(f"{prefix}-{row}-key", "").strip() for row in range(total)}
    free = (f"{stem}{number}" for number in range(1, 2 * MOST_ROWS))
    for row in range(total):
        says = any(data.get(f"{prefix}-{row}-{name}", "").strip() for name in named_by)
        if says and not data.get(f"{prefix}-{row}-key", "").strip():
            data[f"{prefix}-{row}-key"] = next(key for key in free if key not in taken)


def number_of(text: object, default: int = 0) -> int:
    """Return a posted whole number, at most as many as rows are ever read."""
    return min(int(text), MOST_ROWS) if isinstance(text, str) and text.isdecimal() else default


def ordered(rows: BaseFormSet[Any]) -> list[tuple[int, forms.Form]]:
    """Return the rows as (number, form) in the order they are shown, taken out ones included."""
    return sorted(
        enumerate(rows.forms),
        key=lambda pair: (number_of(str(pair[1]["ORDER"].value() or pair[0] + 1)), pair[0]),
    )
