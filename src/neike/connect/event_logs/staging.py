"""Puts the rows of a log in order: case by case, each by time, on disk, however large and mixed the log is."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from neike.connect.event_logs.mapping import LogMap
from neike.connect.event_logs.reading import BrokenRow, LogFile, LogFileError, Progress, Row
from neike.connect.event_logs.vocabulary import Turn

ISO: Final = "iso"
_BATCH: Final = 5000
_TURNS: Final = {turn.value: turn for turn in Turn}
_VALUES: Final = (
    "group",
    "person",
    "priority",
    "category",
    "requester",
    "customer",
    "opened",
    "resolved",
    "met",
    "title",
)
_COLUMNS: Final = ", ".join(f'"{name}"' for name in _VALUES)
_SCHEMA: Final = f"""
CREATE TABLE log_row (case_no INTEGER, at INTEGER, place INTEGER, state TEXT, turn TEXT, {_COLUMNS});
CREATE TABLE log_case (no INTEGER PRIMARY KEY, name TEXT UNIQUE);
"""
_INSERT: Final = f"INSERT INTO log_row VALUES (?, ?, ?, ?, ?{', ?' * len(_VALUES)})"  # noqa: S608 - a number of marks
_CASES: Final = (
    f"SELECT name, at, place, state, turn, {_COLUMNS} FROM log_row"  # noqa: S608 - names of this file
    " JOIN log_case ON log_case.no = log_row.case_no ORDER BY case_no, at, place"
)
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Step(NamedTuple):
    """One row of a case as the map understands it; a missing value is ""."""

    place: int
    at: datetime
    state: str
    turn: Turn
    group: str
    person: str
    priority: str
    category: str
    requester: str
    customer: str
    opened: datetime | None
    resolved: datetime | None
    met: str
    title: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the source with its rows by time; rows of one moment keep the order of the file."""

    key: str
    steps: tuple[Step, ...]


@dataclass
class Staged:
    """What staging found: rows taken, and bad rows by reason."""

    events: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


Stored = tuple[Any, ...]
"""A row of `log_row`."""
Reject = Callable[[int, str, dict[str, str] | list[str]], None]


class Moments:
    """Reads moments by the formats of the map; the same words come again and again, so answers are kept."""

    def __init__(self, formats: tuple[str, ...], zone: ZoneInfo) -> None:
        self.formats = formats
        self.zone = zone
        self._known: dict[str, datetime | None] = {}

    def read(self, text: str) -> datetime | None:
        """Return the moment in UTC, or None when no format fits. Without an offset it is local in the zone."""
        if text not in self._known:
            if len(self._known) > 200_000:  # noqa: PLR2004 - keeps memory flat
                self._known.clear()
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> datetime | None:
        for form in self.formats:
            try:
                found = (
                    datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows
                )
            except ValueError:
                continue
            local = found if found.tzinfo else found.replace(tzinfo=self.zone)
            try:
                return local.astimezone(UTC)
            except OverflowError:
                return None
        return None


class Stage:
    """A temporary database with the rows of one log."""

    def __init__(self, file: Path, log_map: LogMap) -> None:
        self.map = log_map
        self.moments = Moments(log_map.time_formats, log_map.zone)
        self.store = sqlite3.connect(file)
        self.store.executescript("PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;" + _SCHEMA)
        self.columns: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        """Let the temporary database go."""
        self.store.close()

    def fill(self, log: LogFile, *, progress: Progress, reject: Reject) -> Staged:
        """Read the whole log; `reject(place, reason, cells)` hears of each bad row.

        Raises:
            LogFileError: the log cannot be read, or lacks a column that the map names.
        """
        staged = Staged()
        batch: list[Stored] = []
        for row in log.rows(progress):
            if not self.columns and isinstance(row, Row):
                self._settle_columns(log, row)
            found = self._read(row)
            if isinstance(found, str):
                staged.rejected[found] += 1
                reject(row.place, found, row.cells)
                continue
            batch.append(found)
            staged.events += 1
            if len(batch) >= _BATCH:
                self._write(batch)
        self._write(batch)
        if not self.columns:
            raise LogFileError(_("%(file)s holds no rows.") % {"file": log.path.name})
        self.store.execute("CREATE INDEX by_case ON log_row (case_no, at, place)")
        return staged

    def _settle_columns(self, log: LogFile, row: Row) -> None:
        """Choose the column of each meaning; an XES has no header, so there the first name holds."""
        lacking = []
        for meaning, names in self.map.columns.items():
            found = next((name for name in names if name in row.cells), None)
            if found is None and log.columns and "" not in names:
                lacking.append(" / ".join(names))
            self.columns[meaning] = names[0] if found is None else found
        if lacking:
            raise LogFileError(
                _("%(file)s lacks the columns %(columns)s that the map names; it has %(found)s.")
                % {
                    "file": log.path.name,
                    "columns": ", ".join(lacking),
                    "found": ", ".join(log.columns[:40]),
                }
            )

    def _read(self, row: Row | BrokenRow) -> Stored | str:
        """Return what is stored, or the reason why the row is a bad one."""
        if isinstance(row, BrokenRow):
            return "wrong_number_of_cells"
        columns, missing = self.columns, self.map.missing
        cells = {
            meaning: "" if (value := row.cells.get(column, "").strip()) in missing else value
            for meaning, column in columns.items()
        }
        if not cells["case"]:
            return "no_case"
        if not cells["time"]:
            return "no_time"
        at = self.moments.read(cells["time"])
        if at is None or any(
            cells.get(name) and self.moments.read(cells[name]) is None
            for name in ("opened", "resolved")
        ):
            return "unreadable_time"
        turn = self.map.states.get(cells["state"], self.map.states_otherwise)
        if turn is None:
            return "unknown_state"
        number = self._number(cells["case"])
        stamp = (at - _EPOCH) // _MICROSECOND
        values = [cells.get(name, "") for name in _VALUES]
        return number, stamp, row.place, cells["state"], turn.value, *values

    def _number(self, name: str) -> int:
        """Number the cases in the order they first appear; only the newest names are kept in memory."""
        number = self._numbers.get(name)
        if number is None:
            if len(self._numbers) > 50_000:  # noqa: PLR2004 - keeps memory flat
                self._numbers.clear()
            known = self.store.execute("SELECT no FROM log_case WHERE name = ?", [name]).fetchone()
            if known is None:
                made = self.store.execute("INSERT INTO log_case (name) VALUES (?)", [name])
                known = (made.lastrowid,)
            number = self._numbers[name] = known[0]
        return number

    def _write(self, batch: list[Stored]) -> None:
        self.store.executemany(_INSERT, batch)
        self.store.commit()
        batch.clear()

    def count(self) -> int:
        """Return the number of cases."""
        return int(self.store.execute("SELECT count(*) FROM log_case").fetchone()[0])

    def distinct(self, meaning: str) -> Iterator[str]:
        """Yield the different values of one meaning (such as `group`), missing ones left out, sorted."""
        column = _VALUES[_VALUES.index(meaning)]
        sql = f'SELECT DISTINCT "{column}" AS v FROM log_row ORDER BY v'  # noqa: S608 - a name of this file
        for (value,) in self.store.execute(sql):
            if value:
                yield value

    def cases(self) -> Iterator[Case]:
        """Yield the cases in the order in which they first appear in the log."""
        rows = self.store.execute(_CASES)
        for name, group in groupby(rows, key=itemgetter(0)):
            yield Case(name, tuple([self._step(row) for row in group]))

    def _step(self, row: tuple[Any, ...]) -> Step:
        _name, at, place, state, turn, group, person, priority, category, *others = row
        requester, customer, opened, resolved, met, title = others
        return Step(
            place,
            _EPOCH + timedelta(microseconds=at),
            state,
            _TURNS[turn],
            group,
            person,
            priority,
            category,
            requester,
            customer,
            self.moments.read(opened) if opened else None,
            self.moments.read(resolved) if resolved else None,
            met,
            title,
        )
