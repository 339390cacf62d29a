"""A walk over the rows of an import: plan each, write what it changes, note what cannot be taken."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from neike.org.actions.newcomers import Newcomer
from neike.org.importing.applying import Applier, newcomer_of
from neike.org.importing.changes import Change
from neike.org.importing.errors import RowNote, RowRefusedError
from neike.org.importing.planning import Planner
from neike.org.importing.report import Report
from neike.org.importing.rows import Row
from neike.org.importing.sources import Item, Overruled
from neike.org.importing.state import State
from neike.org.importing.wording import _
from neike.org.models import Person

BATCH: Final = 200
"""Rows in one transaction: short enough that nobody waits long for it."""
Progress = Callable[[Report], None]
"""Hears the report as it grows."""
Transaction = Callable[[], AbstractContextManager[object]]


def silent(_report: Report) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an import is told: who it is for, from which day it holds, whether it writes, whom to end, who listens.

    `transaction` opens one to write in; a job gives its own, which is lost with its lease.
    """

    by: Person | None
    now: datetime
    on: date
    apply: bool
    end_missing: bool
    progress: Progress
    transaction: Transaction


@dataclass
class Run:
    """One walk over a file."""

    planner: Planner
    report: Report
    applier: Applier | None
    transaction: Transaction
    waiting: list[tuple[Row, list[Change], Newcomer | None]] = field(default_factory=list)
    """New people of the batch at hand, planned and not yet written."""
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    asked: dict[str, Row] = field(default_factory=dict)
    """Manager as written -> the first row that names them."""
    lines: dict[str, Row] = field(default_factory=dict)
    """Person -> the row that says to whom they report."""
    file: str = ""
    """The file at hand, where several are taken over together."""

    def batch(self, found: list[Item]) -> None:
        """Plan a batch and, when applying, write it in one transaction."""
        rows = [each for each in found if isinstance(each, Row)]
        self.planner.state.load_people((row.key for row in rows), (row.email for row in rows))
        with self.transaction():
            for each in found:
                self.report.rows += 1
                if isinstance(each, RowNote):
                    self.report.note(each)
                elif isinstance(each, Overruled):
                    self.report.taken += 1
                    self.report.unchanged += 1
                else:
                    self._row(each)
            self._write_waiting()

    def _row(self, row: Row) -> None:
        changes = self._plan(row)
        if changes is None:
            return
        newcomer = newcomer_of(changes) if self.applier else None
        if newcomer is not None or (self.waiting and not changes):
            # A row that changes nothing waits too: whose word on a head counts first depends on the order.
            self.waiting.append((row, changes, newcomer))
            return
        if changes and not self._write_waiting():
            # What the plan was built upon is not what was written: plan again.
            self.planner.unsee(row)
            changes = self._plan(row)
        if changes is not None:
            self._take(row, changes)

    def _plan(self, row: Row) -> list[Change] | None:
        """Return what a row changes; a refusal is noted and None returned."""
        try:
            return self.planner.plan(row)
        except RowRefusedError as error:
            self.report.note(
                RowNote(row.line, error.field, error.value, error.message, file=row.file)
            )
            return None

    def _take(self, row: Row, changes: list[Change]) -> None:
        if self.write(changes, row.line, row.file, self.place_of(row.key)):
            self._taken(row, changes)

    def _taken(self, row: Row, changes: list[Change]) -> None:
        self.report.taken += 1
        self.report.unchanged += not changes
        for remark in row.remarks:
            self.report.note(remark)
        if row.manager and row.manager in (row.key, row.email):
            words = _("Named as their own manager; the row was taken without a manager.")
            self.report.note(
                RowNote(row.line, "manager", row.manager, words, refused=False, file=row.file)
            )
        self._vote(row)

    def place_of(self, key: str) -> str:
        """Return the name of a person's department, as the file has it."""
        known = self.planner.state.departments.get(self.planner.places.get(key, ""))
        return str(known.name) if known else ""

    def _write_waiting(self) -> bool:
        """Write the new people that wait, all at once; False when that failed and each was tried by itself."""
        waiting, self.waiting = self.waiting, []
        if not waiting or self.applier is None:
            return True
        try:
            with transaction.atomic():
                self.applier.apply_newcomers([each for _row, _changes, each in waiting if each])
        except (ValidationError, IntegrityError):
            for row, _changes, _newcomer in waiting:
                self.planner.unsee(row)
            self._read_anew()
            for row, _changes, _newcomer in waiting:
                changes = self._plan(row)
                if changes is not None:
                    self._take(row, changes)
            return False
        for row, changes, _newcomer in waiting:
            self.report.count(changes, self.place_of(row.key))
            self._taken(row, changes)
        return True

    def _read_anew(self) -> None:
        """Go on from what is stored."""
        if self.applier is not None:
            self.applier.departments.clear()
        state, people = State(self.planner.state.today), self.planner.state.people
        state.people = people
        self.planner.restart(state)

    def write(
        self, changes: Sequence[Change], line: int, file: str = "", department: str = ""
    ) -> bool:
        """Write changes (when applying) and count them; a refusal is noted and False returned."""
        if self.applier is not None and changes:
            try:
                with transaction.atomic():
                    for change in changes:
                        self.applier.apply(change)
            except ValidationError as error:
                self.report.note(RowNote(line, "", "", " ".join(error.messages), file=file))
                self._read_anew()
                return False
            except IntegrityError:
                words = _("This contradicts what is stored, such as a post on the same day.")
                self.report.note(RowNote(line, "", "", words, file=file))
                self._read_anew()
                return False
        self.report.count(changes, department)
        return True

    def _vote(self, row: Row) -> None:
        place = self.planner.places.get(row.key)
        if row.manager and place and row.manager not in (row.key, row.email):
            self.votes.setdefault(place, Counter())[row.manager] += 1
        if row.manager:
            self.asked.setdefault(row.manager, row)
            self.lines.setdefault(row.key, row)
