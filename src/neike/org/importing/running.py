"""Running an import over a whole file, in batches: preview and apply are the same walk."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.newcomers import Newcomer
from neike.org.choices import PersonKind
from neike.org.importing import columns
from neike.org.importing.applying import Applier, newcomer_of, open_leads
from neike.org.importing.changes import Change, PersonLeft, SetLead
from neike.org.importing.errors import BadFileError, RowNote, RowRefusedError
from neike.org.importing.planning import Planner
from neike.org.importing.reading import Layout, Record, records
from neike.org.importing.report import Report
from neike.org.importing.rows import Row, read_day, read_row
from neike.org.importing.state import State
from neike.org.models import Person

BATCH: Final = 200
"""Rows in one transaction: short enough that nobody waits long for it."""
Progress = Callable[[int], None]
Transaction = Callable[[], AbstractContextManager[object]]


def _silent(_rows: int) -> None:
    return None


@dataclass
class _Run:
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

    def batch(self, found: list[Row | RowNote]) -> None:
        """Plan a batch and, when applying, write it in one transaction."""
        rows = [each for each in found if isinstance(each, Row)]
        self.planner.state.load_people((row.key for row in rows), (row.email for row in rows))
        with self.transaction():
            for each in found:
                self.report.rows += 1
                if isinstance(each, RowNote):
                    self.report.note(each)
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
            self.report.note(RowNote(row.line, error.field, error.value, error.message))
            return None

    def _take(self, row: Row, changes: list[Change]) -> None:
        if self.write(changes, row.line):
            self._taken(row, changes)

    def _taken(self, row: Row, changes: list[Change]) -> None:
        self.report.taken += 1
        self.report.unchanged += not changes
        self._vote(row)

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
            self.report.count(changes)
            self._taken(row, changes)
        return True

    def _read_anew(self) -> None:
        """Go on from what is stored."""
        if self.applier is not None:
            self.applier.departments.clear()
        state, people = State(self.planner.state.today), self.planner.state.people
        state.people = people
        self.planner.restart(state)

    def write(self, changes: list[Change], line: int) -> bool:
        """Write changes (when applying) and count them; a refusal is noted and False returned."""
        if self.applier is not None and changes:
            try:
                with transaction.atomic():
                    for change in changes:
                        self.applier.apply(change)
            except ValidationError as error:
                self.report.note(RowNote(line, "", "", " ".join(error.messages)))
                self._read_anew()
                return False
        self.report.count(changes)
        return True

    def _vote(self, row: Row) -> None:
        place = self.planner.places.get(row.key)
        if row.manager and place and row.manager not in (row.key, row.email):
            self.votes.setdefault(place, Counter())[row.manager] += 1
        if row.manager:
            self.asked.setdefault(row.manager, row)


def run_import(
    file: BinaryIO,
    *,
    layout: Layout,
    mapping: Mapping[str, int],
    by: Person | None,
    now: datetime,
    apply: bool,
    end_missing: bool = False,
    progress: Progress = _silent,
    transaction: Transaction = transaction.atomic,
) -> Report:
    """Walk over a file and report what changes; with `apply` the changes are written, batch by batch.

    With `end_missing` people who were taken over before and are not in the file leave today; nobody is deleted.
    A row that cannot be taken never holds up another. Doing it again reports no change. `progress` is told the
    number of rows done after each batch. `transaction` opens one; a job gives its own, which is lost with its lease.

    Raises:
        BadFileError: a needed column is not mapped, or the file cannot be read; batches before that stay.
        PermissionDenied: `by` may not change the organisation.
    """
    today = policies.day_of(now)
    require(policies.may_change_organisation(by, on=today))
    lacking = columns.missing(mapping)
    if lacking:
        raise BadFileError(
            _("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)}
        )
    planner = Planner(
        State(today),
        first_day=_first_day(file, layout, mapping, today),
        by_code="department_code" in mapping,
    )
    run = _Run(planner, Report(), Applier(by, now, today) if apply else None, transaction)
    rows = _read(records(file, layout), mapping)
    while batch := list(islice(rows, BATCH)):
        run.batch(batch)
        progress(run.report.rows)
    with transaction():
        _set_leads(run, today)
        if end_missing and run.report.taken:
            _end_missing(run, by, today)
    return run.report


def _read(found: Iterable[Record], mapping: Mapping[str, int]) -> Iterator[Row | RowNote]:
    for record in found:
        try:
            yield read_row(record, mapping)
        except RowRefusedError as error:
            yield RowNote(record.line, error.field, error.value, error.message)


def _first_day(file: BinaryIO, layout: Layout, mapping: Mapping[str, int], today: date) -> date:
    """Return the earliest from-date of the file, at the latest today."""
    earliest, index = today, mapping.get("valid_from")
    if index is None:
        return earliest
    for record in records(file, layout):
        try:
            told = read_day(record.cells[index].strip() if index < len(record.cells) else "")
        except RowRefusedError:
            continue
        earliest = min(earliest, told or earliest)
    return earliest


def _set_leads(run: _Run, today: date) -> None:
    """Make the manager whom most people of a department name its head, when placed in it."""
    planner = run.planner
    # Managers whom the file does not list as people of their own.
    planner.state.load_people(run.asked, run.asked)
    held = open_leads(today)
    for manager, row in run.asked.items():
        if _key_of(planner, manager) is None:
            words = _("Nobody has this number or e-mail address; the row was taken without it.")
            run.report.note(RowNote(row.line, "manager", manager, words, refused=False))
    for code, votes in run.votes.items():
        for manager, _count in votes.most_common():
            key = _key_of(planner, manager)
            if key is not None and _place_of(planner, key) == code:
                if key not in held.get(code, ()):
                    _lead(run, code, key, today)
                break


def _lead(run: _Run, code: str, key: str, today: date) -> None:
    known = run.planner.state.departments[code]
    person = run.planner.state.people.get(key)
    number = person.employee_no if person else key
    label = f"{known.name} · {person.name if person else number}"
    line = run.planner.seen.get(key, 0)
    run.write([SetLead(code, number, max(today, known.since), label)], line)


def _key_of(planner: Planner, manager: str) -> str | None:
    if manager in planner.seen or manager in planner.state.people:
        return manager
    return planner.state.emails.get(manager)


def _place_of(planner: Planner, key: str) -> str | None:
    known = planner.state.people.get(key)
    return planner.places.get(key) or (known.department if known else None)


def _end_missing(run: _Run, by: Person | None, today: date) -> None:
    rows = (
        Person.objects.filter(kind=PersonKind.HUMAN, left_on__isnull=True)
        .exclude(imported_from="")
        .exclude(pk=by.pk if by else 0)
        .values_list("employee_no", "name")
    )
    for number, name in list(rows.order_by("pk")):
        if number.casefold() not in run.planner.seen:
            run.write([PersonLeft(number, name, today)], 0)
