"""Vectorised look-ups in a calendar's table."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from neike.engines.worktime.table import NOTHING_OPEN_LIMIT, Table

Ints = NDArray[np.int64]

NAT: Final = np.iinfo(np.int64).min
CELL_BITS: Final = 31
"""Look-up cells are 2**31 microseconds wide, about 36 minutes."""
MOST_CELLS: Final = 2**20
MOST_STEPS: Final = 4
"""With more cells than `MOST_CELLS` (70 years), or more intervals in one cell, look-ups bisect."""


class LookUp:
    """Look-ups in one table: by moment and by position."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._opens = np.array(table.opens, dtype=np.int64)
        self._ends = np.array(table.ends, dtype=np.int64)
        self._shift = np.array(table.shift, dtype=np.int64)
        self._after = np.array(table.after, dtype=np.int64)
        self._by_moment = Cells(self._opens, table.low, "right")
        self._by_position = Cells(self._after, 0, "left")

    def positions(self, moments: Ints) -> Ints:
        """Return the working time between the table's beginning and each moment, as `Table.position`."""
        index = self._by_moment.find(moments) - 1
        found: Ints = np.minimum(moments, self._ends[index]) - self._shift[index]
        return found

    def moments(self, positions: Ints, begins: Ints) -> Ints:
        """Return the earliest moment of each due position, or `NAT`."""
        if len(positions) and int(positions.max()) <= self.table.after[-1]:
            index = self._by_position.find(positions)
            found: Ints = positions + self._shift[index]
        else:
            reached = positions <= self.table.after[-1]
            index = self._by_position.find(np.where(reached, positions, 0))
            found = np.where(reached, positions + self._shift[index], NAT)
        if self.table.cliffs:
            found[self._crossing(begins, index)] = NAT
        return found

    def _crossing(self, begins: Ints, index: Ints) -> NDArray[np.bool_]:
        """Say where two years without an opening lie before the due moment (R21), as `Table.crosses_cliff`."""
        first = self._by_moment.find(begins) - 1
        outside = begins >= self._ends[first]
        first = first + outside
        known = np.minimum(first, len(self._opens) - 1)
        lonely = outside & ((first > known) | (self._opens[known] - begins > NOTHING_OPEN_LIMIT))
        cliffs = np.array(self.table.cliffs)
        between = np.searchsorted(cliffs, index, "right") > np.searchsorted(cliffs, first, "right")
        crossing: NDArray[np.bool_] = lonely | between
        return crossing


class Cells:
    """`searchsorted` for one sorted array, through a grid of equal cells.

    A cell knows the answer for its first value; the answer for the others is at most `_steps` further.
    """

    def __init__(self, values: Ints, low: int, side: str) -> None:
        self._values = values
        self._low = low
        self._right = side == "right"
        count = ((int(values[-1]) - low) >> CELL_BITS) + 2
        if count > MOST_CELLS:
            self._steps = MOST_STEPS + 1
            return
        grid = (np.arange(count, dtype=np.int64) << CELL_BITS) + low
        self._first = np.searchsorted(values, grid, "right" if self._right else "left")
        self._steps = int(np.diff(self._first).max())

    def find(self, wanted: Ints) -> Ints:
        """Return what `searchsorted` returns; nothing in `wanted` lies below the first cell."""
        if self._steps > MOST_STEPS:
            found: Ints = np.searchsorted(self._values, wanted, "right" if self._right else "left")
            return found
        cell = np.minimum((wanted - self._low) >> CELL_BITS, len(self._first) - 1)
        index: Ints = self._first[cell]
        last = len(self._values) - 1
        for _ in range(self._steps):
            value = self._values[np.minimum(index, last)]
            further = (value <= wanted) if self._right else (value < wanted)
            index += further & (index <= last)
        return index
