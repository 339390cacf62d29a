"""A calendar made ready for many questions."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from threading import Lock
from zoneinfo import ZoneInfo

from neike.engines.worktime.errors import (
    BadTargetError,
    EndBeforeStartError,
    HorizonError,
    NaiveTimeError,
)
from neike.engines.worktime.spec import CalendarSpec, load_zone
from neike.engines.worktime.table import (
    EPOCH,
    FIRST_YEAR,
    HORIZON,
    LAST_YEAR,
    NOTHING_OPEN_LIMIT,
    OPEN_END,
    SECOND,
    Pause,
    Table,
    YearBlocks,
    from_us,
    read_pauses,
    to_us,
    year_start,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySlice:
    """Working time done on one local date: from the first to the last working moment, `worked` inside."""

    day: date
    start: datetime
    end: datetime
    worked: timedelta


class PreparedCalendar:
    """Answers questions about one calendar; may be shared between threads.

    Open intervals are computed by whole years when a question first needs them and kept. Moments are aware, 1900 to
    2199; answers are in UTC. Durations are real elapsed time, exact to the microsecond.
    """

    __slots__ = ("_blocks", "_lock", "_table", "_years", "spec", "zone")

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.zone: ZoneInfo = load_zone(spec.zone)
        self._blocks = YearBlocks(spec)
        self._years: dict[int, list[tuple[int, int]]] = {}
        self._lock = Lock()
        self._table = Table.build(0, 0, iter(()))

    def due(
        self, start: datetime, target: timedelta, pauses: Sequence[Pause] = ()
    ) -> datetime | None:
        """Return the moment at which `target` of working time since `start` is used up.

        A target used up at closing time is due at closing time (R4). `pauses` are real instants in any order, may
        overlap, lie before `start` or be open-ended; what they cover does not count.

        Returns:
            None when there is no such moment: a pause without end comes first, nothing is open for two years (R21),
            or it lies beyond 2199.

        Raises:
            BadTargetError: `target` is zero or negative.
            BadPauseError: a pause ends before it starts.
            NaiveTimeError: a moment has no zone.
            HorizonError: `start` lies outside 1900 to 2199.
        """
        # The body repeats `to_us` and `Table.position`: a call costs as much as the arithmetic, and this is hot.
        try:
            since = start - EPOCH
        except TypeError as error:
            raise NaiveTimeError(start) from error
        begin = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
        amount = (target.days * 86_400 + target.seconds) * SECOND + target.microseconds
        if amount <= 0:
            raise BadTargetError(target)
        if pauses:
            return self._due_paused(begin, amount, read_pauses(pauses))
        table = self._table
        if begin < table.low or begin >= table.high:
            table = self.covering(begin, begin)
        index = bisect_right(table.opens, begin) - 1
        end = table.ends[index]
        inside = begin if begin < end else end  # noqa: FURB136 - `min` costs a call, and this is hot
        position = inside - table.shift[index] + amount
        after = table.after
        found = bisect_left(after, position, index)
        if found == len(after):
            table = self.reaching(begin, amount)
            position = table.position(begin) + amount
            found = table.find(position)
            if found == len(table.after):
                return None
        if table.cliffs and table.crosses_cliff(begin, found):
            return None
        seconds, rest = divmod(position + table.shift[found], SECOND)
        return EPOCH + timedelta(0, seconds, rest)

    def _due_paused(
        self, begin: int, amount: int, pauses: list[tuple[int, int]]
    ) -> datetime | None:
        last = begin
        for start, end in pauses:
            last = max(last, end if end < OPEN_END else start)
        table = self.covering(begin, last)
        position = table.paused_position(begin, table.position(begin) + amount, pauses)
        if position >= OPEN_END:
            return None
        if position > table.after[-1]:
            more = position - table.position(begin)
            table = self.reaching(begin, more)
            position = table.position(begin) + more
        found = table.find(position)
        if found == len(table.after) or (table.cliffs and table.crosses_cliff(begin, found)):
            return None
        return from_us(position + table.shift[found])

    def worked_between(
        self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
    ) -> timedelta:
        """Return the working time between two moments, without what `pauses` cover.

        Raises:
            EndBeforeStartError: `end` lies before `start`.
            BadPauseError, NaiveTimeError, HorizonError: as in `due`.
        """
        begin, stop = to_us(start), to_us(end)
        if stop < begin:
            raise EndBeforeStartError(start, end)
        table = self.covering(begin, stop)
        worked = table.position(stop) - table.position(begin)
        if pauses:
            worked -= table.paused_between(begin, stop, read_pauses(pauses))
        return timedelta(microseconds=worked)

    def remaining(
        self, start: datetime, target: timedelta, at: datetime, pauses: Sequence[Pause] = ()
    ) -> timedelta:
        """Return the working time left at `at`; negative: the lateness.

        Raises:
            BadTargetError: `target` is zero or negative.
            EndBeforeStartError: `at` lies before `start`.
        """
        if target <= timedelta():
            raise BadTargetError(target)
        return target - self.worked_between(start, at, pauses)

    def is_open(self, at: datetime) -> bool:
        """Say whether work is done at that moment; the opening instant counts, the closing instant does not."""
        moment = to_us(at)
        table = self.covering(moment, moment)
        return moment < table.ends[bisect_right(table.opens, moment) - 1]

    def next_open(self, at: datetime) -> datetime | None:
        """Return the first open moment not before `at`; None when nothing opens for two years (R21)."""
        if self.is_open(at):
            return at.astimezone(UTC)
        moment = to_us(at)
        table = self.reaching(moment, 1)
        index = bisect_right(table.opens, moment)
        if index == len(table.opens) or table.opens[index] - moment > NOTHING_OPEN_LIMIT:
            return None
        return from_us(table.opens[index])

    def is_working_date(self, day: date) -> bool:
        """Say whether anything is open on that local date (a date its zone skipped never is)."""
        begin, end = self._midnight(day), self._midnight(date.fromordinal(day.toordinal() + 1))
        table = self.covering(begin, end)
        return table.position(end) > table.position(begin)

    def after_working_days(self, start: datetime, days: int) -> datetime | None:
        """Return the same wall time `days` working dates later; from a closed date, count from the next opening.

        Returns:
            None when nothing opens for two years on the way.

        Raises:
            BadTargetError: `days` is zero or negative.
        """
        if days <= 0:
            raise BadTargetError(timedelta(days=days))
        local = start.astimezone(self.zone)
        if not self.is_working_date(local.date()):
            opening = self.next_open(start)
            if opening is None:
                return None
            local = opening.astimezone(self.zone)
        day = local.date()
        for _ in range(days):
            following = self.next_open(
                from_us(self._midnight(date.fromordinal(day.toordinal() + 1)))
            )
            if following is None:
                return None
            day = following.astimezone(self.zone).date()
        return datetime.combine(day, local.timetz()).astimezone(UTC)

    def day_slices(
        self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
    ) -> list[DaySlice]:
        """Return the working time between two moments by local date, ascending, only dates with any."""
        begin, stop = to_us(start), to_us(end)
        table = self.covering(begin, max(begin, stop))
        slices: list[DaySlice] = []
        for opens, closes in self._pieces(table, begin, stop, read_pauses(pauses)):
            day = from_us(opens).astimezone(self.zone).date()
            worked = timedelta(microseconds=closes - opens)
            first = from_us(opens)
            if slices and slices[-1].day == day:
                earlier = slices.pop()
                first, worked = earlier.start, earlier.worked + worked
            slices.append(DaySlice(day=day, start=first, end=from_us(closes), worked=worked))
        return slices

    def _pieces(
        self, table: Table, begin: int, stop: int, pauses: list[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Cut the open time between two moments at pauses and at local midnights."""
        pieces = []
        index = max(bisect_right(table.opens, begin) - 1, 0)
        while index < len(table.opens) and table.opens[index] < stop:
            here, end = max(table.opens[index], begin), min(table.ends[index], stop)
            index += 1
            for pause_start, pause_end in [*pauses, (end, end)]:
                until = min(pause_start, end)
                while here < until:
                    day = from_us(here).astimezone(self.zone).date()
                    cut = min(until, self._midnight(date.fromordinal(day.toordinal() + 1)))
                    pieces.append((here, cut))
                    here = cut
                here = max(here, pause_end)
        return pieces

    def _midnight(self, day: date) -> int:
        """Return the first instant of a local date."""
        return to_us(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def covering(self, first: int, last: int) -> Table:
        """Return a table that holds both moments (microseconds since 1970 UTC).

        Raises:
            HorizonError: one of them lies outside 1900 to 2199.
        """
        table = self._table
        if table.low <= first and last < table.high:
            return table
        for moment in (first, last):
            if not HORIZON[0] <= moment < HORIZON[1]:
                raise HorizonError(_written(moment))
        with self._lock:
            return self._extend(_year_of(first), _year_of(last))

    def reaching(self, start: int, amount: int) -> Table:
        """Return a table that goes on until `amount` of working time since `start` is found, or cannot be.

        It ends early where nothing is open for two years (R21), and at the last year computed.
        """
        table = self.covering(start, start)
        with self._lock:
            table, step = self._table, 1
            while table.after[-1] - table.position(start) < amount and table.high < HORIZON[1]:
                if table.high - max(table.ends[-1], start) > NOTHING_OPEN_LIMIT:
                    break
                last = _year_of(table.high)
                step *= 2
                table = self._extend(last, min(last + step - 1, LAST_YEAR))
        return table

    def _extend(self, first_year: int, last_year: int) -> Table:
        """Make the table hold these years and all between; the caller holds the lock."""
        known = self._years
        years = (
            range(min(first_year, *known), max(last_year, *known) + 1)
            if known
            else range(first_year, last_year + 1)
        )
        for year in years:
            if year not in known:
                known[year] = list(self._blocks.year(year))
        self._table = Table.build(
            year_start(years[0]),
            year_start(years[-1] + 1),
            (span for year in years for span in known[year]),
        )
        return self._table


def _year_of(moment: int) -> int:
    return min(max((EPOCH + timedelta(microseconds=moment)).year, FIRST_YEAR), LAST_YEAR)


def _written(moment: int) -> datetime | str:
    try:
        return from_us(moment)
    except OverflowError:
        return f"{moment} microseconds since 1970"


@lru_cache(maxsize=1024)
def prepare(spec: CalendarSpec) -> PreparedCalendar:
    """Return the prepared form of a calendar; equal calendars share one."""
    return PreparedCalendar(spec)
