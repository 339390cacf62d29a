"""Who was seen to serve whom: counts of legs and of distinct people, per pair and window of quarters."""

from dataclasses import dataclass, fields
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]

NOBODY: Final = -1
"""Stands where the person of a leg is not known, or is none."""


@dataclass(frozen=True, slots=True)
class Legs:
    """Legs as columns, one value per leg.

    `quarter` is any number that grows by one from quarter to quarter; `handed_over` is 0 or 1; people are ids or
    `NOBODY`. Legs of a department with itself are the caller's to leave out.
    """

    supplier: Column
    customer: Column
    quarter: Column
    handed_over: Column
    ticket: Column
    provider_person: Column
    customer_person: Column

    def __len__(self) -> int:
        return len(self.supplier)


class Tally(NamedTuple):
    """The counts of one pair in one window: `quarters` (1 or 2) quarters, of which `quarter` is the last."""

    supplier: int
    customer: int
    quarter: int
    quarters: int
    legs: int
    tickets: int
    supplier_people: int
    customer_people: int
    handovers: int


_WINDOWS: Final = ((0, 1), (0, 2), (1, 2))
"""The windows a leg counts in: how many quarters later each ends, and how long it is."""


def tally(legs: Legs) -> list[Tally]:
    """Return the counts of every pair and window that has a leg, in the order of `Tally`.

    A window of two quarters is also given for the quarter after the last leg, whose first half it is. People are
    distinct over the whole window, so those of two quarters are at most the sum of both.
    """
    if not len(legs):
        return []
    keys = np.stack((legs.supplier, legs.customer, legs.quarter), axis=1)
    cells, of_leg = _distinct(keys)
    windows, of_cell = _windows(cells)
    # each leg stands once for every window it counts in
    at = of_cell[of_leg].T.ravel()
    columns = [np.bincount(at, minlength=len(windows))]
    columns += [
        _different(at, np.tile(column, len(_WINDOWS)), len(windows))
        for column in (legs.ticket, legs.provider_person, legs.customer_person)
    ]
    handed = np.tile(legs.handed_over, len(_WINDOWS)).astype(bool)
    columns.append(np.bincount(at[handed], minlength=len(windows)))
    table = np.column_stack((windows, *columns))
    return [Tally(*row) for row in table.tolist()]


def _distinct(rows: Column) -> tuple[Column, Column]:
    """Return the different rows in order, and for each row its place among them."""
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    places = np.empty(len(rows), dtype=np.int64)
    places[order] = np.cumsum(new) - 1
    return ordered[new], places


def _windows(cells: Column) -> tuple[Column, Column]:
    """Return the windows (supplier, customer, quarter, quarters) of cells, and each cell's places among them."""
    wanted = []
    for later, length in _WINDOWS:
        end = cells[:, 2] + later
        wanted.append(np.column_stack((cells[:, :2], end, np.full(len(cells), length))))
    windows, places = _distinct(np.concatenate(wanted))
    return windows, places.reshape(len(_WINDOWS), len(cells)).T


def _different(at: Column, values: Column, count: int) -> Column:
    """Return how many different values each of `count` places has; `NOBODY` is no value."""
    known = values != NOBODY
    pairs, _places = _distinct(np.column_stack((at[known], values[known])))
    return np.bincount(pairs[:, 0], minlength=count)


def joined(parts: list[Legs]) -> Legs:
    """Return the legs of several parts as one; at least one part."""
    return Legs(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Legs))
    )
