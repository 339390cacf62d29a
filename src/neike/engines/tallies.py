"""Who was seen to serve whom: counts of legs and of distinct people, per pair and window of quarters."""

from dataclasses import dataclass
from itertools import starmap
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


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises that came to their end, as columns; `kept` is 0 or 1, `quarter` as in `Legs`."""

    supplier: Column
    customer: Column
    quarter: Column
    kept: Column

    def __len__(self) -> int:
        return len(self.supplier)


class PromiseTally(NamedTuple):
    """How many promises of one pair were kept and missed in one quarter."""

    supplier: int
    customer: int
    quarter: int
    kept: int
    missed: int


def tally_promises(promises: Promises) -> list[PromiseTally]:
    """Return the counts of every pair and quarter that has a promise, in the order of `PromiseTally`."""
    if not len(promises):
        return []
    cells, of_each = _distinct(promises.supplier, promises.customer, promises.quarter)
    total = np.bincount(of_each)
    kept = np.bincount(of_each[promises.kept.astype(bool)], minlength=len(total))
    table = np.column_stack((*cells, kept, total - kept))
    return list(starmap(PromiseTally, table.tolist()))


WINDOWS: Final = ((0, 1), (0, 2), (1, 2))
"""The windows a leg counts in: how many quarters later each ends, and how long it is."""
_MOST: Final = 1 << 62


def tally(legs: Legs) -> list[Tally]:
    """Return the counts of every pair and window that has a leg, in the order of `Tally`.

    A window of two quarters is also given for the quarter after the last leg, whose first half it is. People are
    distinct over the whole window, so those of two quarters are at most the sum of both.
    """
    if not len(legs):
        return []
    cells, of_leg = _distinct(legs.supplier, legs.customer, legs.quarter)
    windows, of_cell = _windows(*cells)
    count = len(windows[0])
    handed = of_leg[legs.handed_over.astype(bool)]
    table = np.column_stack(
        (
            *windows,
            _summed(np.bincount(of_leg), of_cell, count),
            *(
                _different(of_leg, column, of_cell, count)
                for column in (legs.ticket, legs.provider_person, legs.customer_person)
            ),
            _summed(np.bincount(handed, minlength=len(cells[0])), of_cell, count),
        )
    )
    return list(starmap(Tally, table.tolist()))


def _windows(supplier: Column, customer: Column, quarter: Column) -> tuple[list[Column], Column]:
    """Return the windows of cells as columns, and for each entry of `WINDOWS` the window of each cell."""
    wanted = (
        np.tile(supplier, len(WINDOWS)),
        np.tile(customer, len(WINDOWS)),
        np.concatenate([quarter + later for later, _length in WINDOWS]),
        np.repeat([length for _later, length in WINDOWS], len(quarter)),
    )
    windows, places = _distinct(*wanted)
    return windows, places.reshape(len(WINDOWS), len(quarter))


def _summed(of_cells: Column, of_cell: Column, count: int) -> Column:
    """Return the sums of `count` windows of what was counted by cell."""
    weights = np.tile(of_cells, len(WINDOWS))
    return np.bincount(of_cell.ravel(), weights=weights, minlength=count).astype(np.int64)


def _different(of_leg: Column, values: Column, of_cell: Column, count: int) -> Column:
    """Return how many different values each of `count` windows has; `NOBODY` is no value."""
    known = values != NOBODY
    if not known.any():
        return np.zeros(count, dtype=np.int64)
    some, span = _narrowed(values[known])
    # the different values of a cell first: they are far fewer than its legs
    cell, value = np.divmod(_once(of_leg[known] * span + some), span)
    return np.bincount(_once((of_cell[:, cell] * span + value).ravel()) // span, minlength=count)


def _once(values: Column) -> Column:
    """Return each value once, in order; sorting is ten times as fast here as the hash table of `np.unique`."""
    ordered = np.sort(values)
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def _distinct(*columns: Column) -> tuple[list[Column], Column]:
    """Return the different rows in order, as columns, and for each row its place among them."""
    code, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        some, span = _narrowed(column)
        if size * span > _MOST:
            code, size = _narrowed(code, most=0)
        code, size = code * span + some, size * span
    _codes, first, places = np.unique(code, return_index=True, return_inverse=True)
    return [column[first] for column in columns], places


def _narrowed(values: Column, *, most: int = 1 << 32) -> tuple[Column, int]:
    """Return numbers from 0 in the same order, and how many there may be; at least one value.

    Where they would reach further than `most`, the different values are numbered instead.
    """
    low = int(values.min())
    span = int(values.max()) - low + 1
    if span <= most:
        return values - low, span
    different, places = np.unique(values, return_inverse=True)
    return places, len(different)
