"""Running an import over a whole file, in batches: preview and apply are the same walk."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.policies import require
from neike.org import policies
from neike.org.choices import PersonKind
from neike.org.importing import columns
from neike.org.importing.applying import Applier, open_leads
from neike.org.importing.changes import Change, PersonLeft, SetLead
from neike.org.importing.errors import BadFileError, RowNote, RowRefusedError
from neike.org.importing.planning import Planner
from neike.org.importing.reading import Layout, Record, records
from neike.org.importing.report import Report
from neike.org.importing.rows import Row, read_day, read_row
from neike.org.importing.state import State
from neike.org.models import Person

BATCH: Final = 1000
Progress = Callable[[int], None]


def _silent(_rows: int) -> None:
    return None


@dataclass
class _Run:
    """One walk over a file."""

    planner: Planner
    report: Report
    applier: Applier | None
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    asked: dict[str, Row] = field(default_factory=dict)
    """Manager as written -> the first row that names them."""

    def batch(self, found: list[Row | RowNote]) -> None:
        """Plan a batch and, when applying, write it in one transaction."""
        rows = [each for each in found if isinstance(each, Row)]
        self.planner.state.load_people((row.key for row in rows), (row.email for row in rows))
        with transaction.atomic():
            for each in found:
                self.report.rows += 1
                if isinstance(each, RowNote):
                    self.report.note(each)
                else:
                    self._row(each)

    def _row(self, row: Row) -> None:
        try:
            changes = self.planner.plan(row)
        except RowRefusedError as error:
            self.report.note(RowNote(row.line, error.field, error.value, error.message))
            return
        if not self.write(changes, row.line):
            return
        self.report.taken += 1
        self.report.unchanged += not changes
        self._vote(row)

    def write(self, changes: list[Change], line: int) -> bool:
        """Write changes (when applying) and count them; a refusal is noted and False returned."""
        if self.applier is not None:
            try:
                with transaction.atomic():
                    for change in changes:
                        self.applier.apply(change)
            except ValidationError as error:
                self.report.note(RowNote(line, "", "", " ".join(error.messages)))
                self.applier.departments.clear()
                state, people = State(self.planner.state.today), self.planner.state.people
                state.people = people
                self.planner.restart(state)
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
) -> Report:
    """Walk over a file and report what changes; with `apply` the changes are written, batch by batch.

    With `end_missing` people who were taken over before and are not in the file leave today; nobody is deleted.
    A row that cannot be taken never holds up another. Doing it again reports no change. `progress` is told the
    number of rows done after each batch.

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
    run = _Run(planner, Report(), Applier(by, now, today) if apply else None)
    rows = _read(records(file, layout), mapping)
    while batch := list(islice(rows, BATCH)):
        run.batch(batch)
        progress(run.report.rows)
    with transaction.atomic():
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
