"""Working time for very many tickets at once, with numpy; equal to the scalar form on every case.

Moments are datetime64 in UTC, durations timedelta64 (any unit; computed in microseconds). NaT in an answer means what
None means in the scalar form.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from neike.engines.worktime.errors import (
    BadPauseError,
    BadTargetError,
    EndBeforeStartError,
    HorizonError,
    WorktimeError,
)
from neike.engines.worktime.prepared import PreparedCalendar
from neike.engines.worktime.table import HORIZON, NOTHING_OPEN_LIMIT, OPEN_END, Table

Moments = NDArray[np.datetime64]
Durations = NDArray[np.timedelta64]
Ints = NDArray[np.int64]

NAT: Final = np.iinfo(np.int64).min
BLOCK: Final = 16_384
"""Tickets computed at a time, so that intermediate arrays stay in the processor's cache."""
UNREACHABLE: Final = 2**60
"""Longer than all years computed; longer targets are cut to it, so that sums stay inside 64 bits."""
CELL_BITS: Final = 31
"""Look-up cells are 2**31 microseconds wide, about 36 minutes."""
MOST_CELLS: Final = 2**20
MOST_STEPS: Final = 4
"""With more cells than `MOST_CELLS` (70 years), or more intervals in one cell, look-ups bisect."""


class BadArrayError(WorktimeError):
    """Arrays whose lengths or values do not fit together; says which and where."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PauseArrays:
    """The pauses of many tickets: those of ticket i are `starts[offsets[i]:offsets[i + 1]]` and likewise `ends`.

    In any order, may overlap. NaT as an end: has not ended. `offsets` has one entry more than there are tickets.

    Raises:
        BadArrayError: `offsets` does not rise from 0 to the number of pauses, lengths differ, or a start is NaT.
        BadPauseError: a pause ends before it starts; names its index in the arrays.
    """

    starts: Moments
    ends: Moments
    offsets: Ints

    def __post_init__(self) -> None:
        starts, ends = _ints(self.starts, "datetime64[us]"), _ints(self.ends, "datetime64[us]")
        offsets = np.asarray(self.offsets)
        if len(starts) != len(ends):
            raise BadArrayError(f"{len(starts)} pause starts but {len(ends)} ends")
        if (
            len(offsets) == 0
            or offsets[0] != 0
            or offsets[-1] != len(starts)
            or bool(np.any(np.diff(offsets) < 0))
        ):
            raise BadArrayError(f"offsets must rise from 0 to the number of pauses, {len(starts)}")
        if bool(np.any(starts == NAT)):
            raise BadArrayError(f"pause start {int(np.argmax(starts == NAT))} is NaT")
        wrong = (ends < starts) & (ends != NAT)
        if bool(np.any(wrong)):
            index = int(np.argmax(wrong))
            raise BadPauseError(index, self.starts[index], self.ends[index])


def due_many(
    calendar: PreparedCalendar,
    starts: Moments,
    targets: Durations | np.timedelta64,
    pauses: PauseArrays | None = None,
) -> Moments:
    """Return the due moment (datetime64[us]) of every ticket; NaT where `PreparedCalendar.due` gives None.

    `targets` is one duration for all tickets or one for each.

    Raises:
        BadTargetError: a target is zero or negative; names its index.
        BadArrayError: lengths differ or a moment or duration is NaT.
        HorizonError: a start lies outside 1900 to 2199.
    """
    begins = _moments(starts, "start")
    amounts = _ints(targets, "timedelta64[us]")
    if amounts.size not in (1, len(begins)):
        raise BadArrayError(f"{amounts.size} targets for {len(begins)} starts")
    amounts = np.broadcast_to(np.minimum(amounts, UNREACHABLE), begins.shape)
    if bool(np.any(amounts <= 0)):
        index = int(np.argmax(amounts <= 0))
        raise BadTargetError(np.timedelta64(int(amounts[index]), "us").item(), index)
    due = np.empty(len(begins), dtype=np.int64)
    if len(begins):
        spans = None if pauses is None else _Spans(pauses, len(begins))
        table = _covering(calendar, begins, spans)
        look = _Look(table)
        for low in range(0, len(begins), BLOCK):
            block = slice(low, low + BLOCK)
            due[block] = look.positions(begins[block])
        if spans is None:
            due += amounts
        else:
            due = spans.due_positions(look, begins, due, amounts)
        look = _reaching(calendar, look, begins, due)
        for low in range(0, len(begins), BLOCK):
            block = slice(low, low + BLOCK)
            due[block] = look.moments(due[block], begins[block])
    return due.view("datetime64[us]")


def elapsed_many(
    calendar: PreparedCalendar, starts: Moments, ends: Moments, pauses: PauseArrays | None = None
) -> Durations:
    """Return the working time (timedelta64[us]) between each start and end, without what the pauses cover.

    Raises:
        EndBeforeStartError: an end lies before its start.
        BadArrayError, HorizonError: as in `due_many`.
    """
    begins, stops = _moments(starts, "start"), _moments(ends, "end")
    if len(begins) != len(stops):
        raise BadArrayError(f"{len(begins)} starts but {len(stops)} ends")
    if bool(np.any(stops < begins)):
        index = int(np.argmax(stops < begins))
        raise EndBeforeStartError(starts[index], ends[index])
    worked = np.zeros(len(begins), dtype=np.int64)
    if len(begins):
        spans = None if pauses is None else _Spans(pauses, len(begins))
        look = _Look(_covering(calendar, np.concatenate((begins, stops)), spans))
        if spans is None:
            for low in range(0, len(begins), BLOCK):
                block = slice(low, low + BLOCK)
                worked[block] = look.positions(stops[block]) - look.positions(begins[block])
        else:
            worked = spans.worked(look, look.positions(begins), look.positions(stops))
    return worked.view("timedelta64[us]")


def _ints(values: npt.ArrayLike, unit: str) -> Ints:
    if np.asarray(values).dtype.kind != ("M" if unit.startswith("datetime") else "m"):
        raise BadArrayError(f"expected {unit}, got {np.asarray(values).dtype}")
    return np.ascontiguousarray(np.asarray(values).astype(unit, copy=False)).view(np.int64)


def _moments(values: Moments, name: str) -> Ints:
    moments = _ints(values, "datetime64[us]")
    wrong = (moments < HORIZON[0]) | (moments >= HORIZON[1])
    if bool(np.any(wrong)):
        index = int(np.argmax(wrong))
        if moments[index] == NAT:
            raise BadArrayError(f"{name} {index} is NaT")
        raise HorizonError(f"{name} {index}, {values[index]},")
    return moments


def _covering(calendar: PreparedCalendar, moments: Ints, spans: "_Spans | None") -> Table:
    first, last = int(moments.min()), int(moments.max())
    if spans is not None and len(spans.starts):
        closed = spans.ends[spans.ends < OPEN_END]
        first = min(first, int(spans.starts.min()))
        last = max(last, int(spans.starts.max()), int(closed.max()) if len(closed) else last)
    return calendar.covering(first, last)


def _reaching(calendar: PreparedCalendar, look: "_Look", begins: Ints, due: Ints) -> "_Look":
    """Make the table reach the latest due position that can be reached."""
    wanted = due[due < OPEN_END]
    if not len(wanted) or int(wanted.max()) <= look.table.after[-1]:
        return look
    latest = int(begins.max())
    base = look.table.position(latest)
    longer = calendar.reaching(latest, int(wanted.max()) - base)
    moved = longer.position(latest) - base  # another thread may have put earlier years in front
    due[due < OPEN_END] += moved
    return _Look(longer)


class _Look:
    """Look-ups in one table: by moment and by position."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._opens = np.array(table.opens, dtype=np.int64)
        self._ends = np.array(table.ends, dtype=np.int64)
        self._shift = np.array(table.shift, dtype=np.int64)
        self._after = np.array(table.after, dtype=np.int64)
        self._by_moment = _Cells(self._opens, table.low, "right")
        self._by_position = _Cells(self._after, 0, "left")

    def positions(self, moments: Ints) -> Ints:
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


class _Cells:
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


class _Spans:
    """The pauses of many tickets as microseconds, each ticket's sorted by start."""

    def __init__(self, pauses: PauseArrays, tickets: int) -> None:
        self.offsets = np.asarray(pauses.offsets, dtype=np.int64)
        if len(self.offsets) != tickets + 1:
            raise BadArrayError(f"pauses of {len(self.offsets) - 1} tickets for {tickets} tickets")
        starts, ends = _ints(pauses.starts, "datetime64[us]"), _ints(pauses.ends, "datetime64[us]")
        first, last = HORIZON
        ends = np.where((ends == NAT) | (ends >= last), OPEN_END, np.maximum(ends, first))
        starts = np.clip(starts, first, last - 1)
        counts = np.diff(self.offsets)
        owner = np.repeat(np.arange(tickets), counts)
        if bool(np.any((np.diff(starts) < 0) & (owner[1:] == owner[:-1]))):
            order = np.lexsort((starts, owner))
            starts, ends = starts[order], ends[order]
        self.starts, self.ends, self.counts = starts, ends, counts

    def _span_positions(self, look: _Look) -> tuple[Ints, Ints]:
        begins, stops = np.empty_like(self.starts), np.empty_like(self.ends)
        for low in range(0, len(begins), BLOCK):
            block = slice(low, low + BLOCK)
            begins[block] = look.positions(self.starts[block])
            unended = self.ends[block] == OPEN_END
            stops[block] = np.where(
                unended,
                OPEN_END,
                look.positions(np.where(unended, look.table.low, self.ends[block])),
            )
        return begins, stops

    def due_positions(self, look: _Look, moments: Ints, bases: Ints, amounts: Ints) -> Ints:
        """Move due positions behind pauses: round k handles the k-th pause of every ticket that has one."""
        begins, stops = self._span_positions(look)
        due, reached = bases + amounts, bases.copy()
        tickets = np.nonzero(self.counts)[0]
        rounds = 0
        while len(tickets):
            pause = self.offsets[tickets] + rounds
            begin = np.maximum(begins[pause], reached[tickets])
            stop = np.maximum(stops[pause], begin)
            position = due[tickets]
            counts = (position > begin) & (self.ends[pause] > moments[tickets])
            due[tickets] = np.where(
                counts, np.minimum(position + (stop - begin), OPEN_END), position
            )
            reached[tickets] = np.where(counts, stop, reached[tickets])
            rounds += 1
            tickets = tickets[self.counts[tickets] > rounds]
        return due

    def worked(self, look: _Look, bases: Ints, lasts: Ints) -> Ints:
        """Return the working time between two positions per ticket without the pauses, overlaps once."""
        begins, stops = self._span_positions(look)
        worked, reached = lasts - bases, bases.copy()
        tickets = np.nonzero(self.counts)[0]
        rounds = 0
        while len(tickets):
            pause = self.offsets[tickets] + rounds
            last = lasts[tickets]
            begin = np.clip(begins[pause], reached[tickets], last)
            stop = np.clip(stops[pause], begin, last)
            worked[tickets] -= stop - begin
            reached[tickets] = stop
            rounds += 1
            tickets = tickets[self.counts[tickets] > rounds]
        return worked
