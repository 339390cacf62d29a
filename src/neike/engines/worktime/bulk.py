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
from neike.engines.worktime.lookup import NAT, Ints, LookUp
from neike.engines.worktime.prepared import PreparedCalendar
from neike.engines.worktime.table import HORIZON, OPEN_END, Table

Moments = NDArray[np.datetime64]
Durations = NDArray[np.timedelta64]

BLOCK: Final = 16_384
"""Tickets computed at a time, so that intermediate arrays stay in the processor's cache."""
UNREACHABLE: Final = 2**60
"""Longer than all years computed; longer targets are cut to it, so that sums stay inside 64 bits."""


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
        look = LookUp(table)
        for low in range(0, len(begins), BLOCK):
            block = slice(low, low + BLOCK)
            due[block] = look.positions(begins[block])
        if spans is None:
            due += amounts
        else:
            due = spans.due_positions(look, due, amounts)
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
        look = LookUp(_covering(calendar, np.concatenate((begins, stops)), spans))
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


def _reaching(calendar: PreparedCalendar, look: "LookUp", begins: Ints, due: Ints) -> "LookUp":
    """Make the table reach the latest due position that can be reached."""
    wanted = due[due < OPEN_END]
    if not len(wanted) or int(wanted.max()) <= look.table.after[-1]:
        return look
    latest = int(begins.max())
    base = look.table.position(latest)
    longer = calendar.reaching(latest, int(wanted.max()) - base)
    moved = longer.position(latest) - base  # another thread may have put earlier years in front
    due[due < OPEN_END] += moved
    return LookUp(longer)


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

    def _span_positions(self, look: LookUp) -> tuple[Ints, Ints]:
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

    def due_positions(self, look: LookUp, bases: Ints, amounts: Ints) -> Ints:
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
            counts = position > begin
            due[tickets] = np.where(
                counts, np.minimum(position + (stop - begin), OPEN_END), position
            )
            reached[tickets] = np.where(counts, stop, reached[tickets])
            rounds += 1
            tickets = tickets[self.counts[tickets] > rounds]
        return due

    def worked(self, look: LookUp, bases: Ints, lasts: Ints) -> Ints:
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
