"""The table of open intervals behind a prepared calendar.

Moments are integer microseconds since 1970-01-01 UTC. A *position* is the working time, in microseconds, between the
table's beginning and a moment: due times are positions looked up backwards. An instant is open when its wall time in
the calendar's zone lies inside that date's hours; so hours inside a spring gap do not exist and hours inside an
autumn fold are open both times.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from neike.engines.worktime.errors import BadPauseError, NaiveTimeError
from neike.engines.worktime.spec import CalendarSpec, Shift, load_zone, united

Pause = tuple[datetime, datetime | None]
"""A span in which a clock stands still, half-open, as real instants; None: it has not ended."""

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
NOTHING_OPEN_LIMIT: Final = 731 * DAY
"""R21: a calendar with nothing open for two years gives no date."""
OPEN_END: Final = 2**62
"""Stands for the end of a pause that has not ended: later than every moment."""
PROBE: Final = 6 * 3600
"""Seconds between two looks at a zone's offset; no zone has ever changed twice within that time."""


def to_us(moment: datetime) -> int:
    """Turn an aware moment into microseconds since 1970 UTC, exactly.

    Raises:
        NaiveTimeError: `moment` has no zone.
    """
    try:
        since = moment - EPOCH
    except TypeError as error:
        raise NaiveTimeError(moment) from error
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def from_us(value: int) -> datetime:
    """Turn microseconds since 1970 UTC into an aware UTC moment."""
    return EPOCH + timedelta(0, value // SECOND, value % SECOND)


def year_start(year: int) -> int:
    """Return the UTC beginning of a year in microseconds."""
    return (date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY


HORIZON: Final = (year_start(FIRST_YEAR), year_start(LAST_YEAR + 1))


def read_pauses(pauses: Sequence[Pause]) -> list[tuple[int, int]]:
    """Turn pauses into (start, end) microseconds sorted by start, clipped to the years computed.

    Raises:
        BadPauseError: a pause ends before it starts; names its index and times.
        NaiveTimeError: a moment has no zone.
    """
    first, last = HORIZON
    spans = []
    for index, (start, end) in enumerate(pauses):
        start_us = to_us(start)
        end_us = OPEN_END if end is None else to_us(end)
        if end_us < start_us:
            raise BadPauseError(index, start, end)
        if start_us < first or end_us >= last:
            if end_us < first:
                continue
            start_us = min(max(start_us, first), last - 1)
            end_us = end_us if end_us < last else OPEN_END
        spans.append((start_us, end_us))
    spans.sort()
    return spans


@lru_cache(maxsize=2048)
def offset_pieces(zone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """Cut a UTC year into (start, end, UTC offset) pieces of constant offset, all in microseconds."""
    begin, end = year_start(year) // SECOND, year_start(year + 1) // SECOND
    pieces: list[tuple[int, int, int]] = []
    piece_start, offset = begin, _offset_at(zone, begin)
    for probe in range(begin + PROBE, end + PROBE, PROBE):
        here = min(probe, end)
        later = _offset_at(zone, here)
        if later == offset:
            continue
        change = _change_between(zone, max(here - PROBE, begin), here)
        pieces.append((piece_start * SECOND, change * SECOND, offset * SECOND))
        piece_start, offset = change, later
    pieces.append((piece_start * SECOND, end * SECOND, offset * SECOND))
    return tuple(piece for piece in pieces if piece[0] < piece[1])


def _offset_at(zone: str, second: int) -> int:
    offset = datetime.fromtimestamp(second, load_zone(zone)).utcoffset() or timedelta()
    return offset.days * 86_400 + offset.seconds


def _change_between(zone: str, low: int, high: int) -> int:
    """Find the first second of the offset that holds at `high` but not at `low`."""
    target = _offset_at(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == target:
            high = middle
        else:
            low = middle
    return high


class YearBlocks:
    """Computes the open intervals of one calendar, one UTC year at a time."""

    __slots__ = ("_exceptions", "_week", "_zone")

    def __init__(self, spec: CalendarSpec) -> None:
        self._zone = spec.zone
        self._week = [_in_us(united(shifts)) for shifts in spec.week]
        self._exceptions = {
            day.toordinal() - EPOCH_ORDINAL: _in_us(shifts)
            for day, shifts in spec.exceptions().items()
        }

    def year(self, year: int) -> Iterator[tuple[int, int]]:
        """Yield (open, close) in UTC microseconds, ascending, disjoint, inside the UTC year."""
        for begin, end, offset in offset_pieces(self._zone, year):
            for day in range((begin + offset) // DAY, (end - 1 + offset) // DAY + 1):
                hours = self._exceptions.get(day)
                if hours is None:
                    hours = self._week[(day + 3) % 7]  # 1970-01-01 was a Thursday
                midnight = day * DAY - offset
                for opens, closes in hours:
                    start, stop = max(midnight + opens, begin), min(midnight + closes, end)
                    if start < stop:
                        yield start, stop


def _in_us(shifts: tuple[Shift, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((shift.opens * SECOND, shift.closes * SECOND) for shift in shifts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Open intervals between `low` and `high` with prefix sums; never changed, only replaced by a longer one.

    Interval 0 begins at `low` and may be empty, so that a look-up always finds one. `shift[i]` is the moment minus the
    position inside interval i, `after[i]` the position at its end. `cliffs` are the indexes of intervals that open
    more than two years after the one before.
    """

    low: int
    high: int
    opens: list[int]
    ends: list[int]
    shift: list[int]
    after: list[int]
    cliffs: list[int]

    @classmethod
    def build(cls, low: int, high: int, intervals: Iterator[tuple[int, int]]) -> "Table":
        """Join touching intervals and sum them up."""
        opens, ends = [low], [low]
        for start, stop in intervals:
            if start == ends[-1]:
                ends[-1] = stop
            else:
                opens.append(start)
                ends.append(stop)
        shift, after, total = [], [], 0
        for start, stop in zip(opens, ends, strict=True):
            shift.append(start - total)
            total += stop - start
            after.append(total)
        gaps = zip(opens[1:], ends, strict=False)
        cliffs = [
            index
            for index, (start, stop) in enumerate(gaps, 1)
            if start - stop > NOTHING_OPEN_LIMIT
        ]
        return cls(
            low=low, high=high, opens=opens, ends=ends, shift=shift, after=after, cliffs=cliffs
        )

    def position(self, moment: int) -> int:
        """Return the working time between `low` and a moment inside the table."""
        index = bisect_right(self.opens, moment) - 1
        end = self.ends[index]
        inside = moment if moment < end else end  # noqa: FURB136 - `min` costs a call, and this is hot
        return inside - self.shift[index]

    def crosses_cliff(self, start: int, index: int) -> bool:
        """Say whether two years without an opening lie between `start` and interval `index` (R21)."""
        first = bisect_right(self.opens, start) - 1
        if start >= self.ends[first]:
            first += 1
            if first >= len(self.opens) or self.opens[first] - start > NOTHING_OPEN_LIMIT:
                return True
        return bisect_right(self.cliffs, index) > bisect_right(self.cliffs, first)

    def paused_position(self, start: int, position: int, pauses: list[tuple[int, int]]) -> int:
        """Move a due `position` behind the pauses that begin before it is reached (sorted by start).

        A pause that begins at the very moment the position is reached does not move it (R4). Returns `OPEN_END` or
        more when a pause without end is reached first.
        """
        reached = self.position(start)
        for pause_start, pause_end in pauses:
            if pause_end <= start:
                continue
            begin = reached
            if pause_start > start:
                begin = max(self.position(pause_start), reached)
                if position <= begin:
                    break
            if pause_end == OPEN_END:
                return OPEN_END
            end = self.position(pause_end)
            if end > begin:
                position += end - begin
                reached = end
        return position

    def paused_between(self, start: int, end: int, pauses: list[tuple[int, int]]) -> int:
        """Sum the working time inside pauses (sorted by start, overlaps once) between two moments."""
        reached, last, total = self.position(start), self.position(end), 0
        for pause_start, pause_end in pauses:
            if pause_end <= start or pause_start >= end:
                continue
            begin = max(self.position(pause_start), reached) if pause_start > start else reached
            stop = self.position(pause_end) if pause_end < end else last
            if stop > begin:
                total += stop - begin
                reached = stop
        return total

    def find(self, position: int) -> int:
        """Return the first interval that reaches a position, or the number of intervals."""
        return bisect_left(self.after, position)
