"""Running an import over a whole file, in batches: preview and apply are the same walk."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.newcomers import Newcomer
from neike.org.choices import PersonKind
from neike.org.importing import columns, lines, post_plan
from neike.org.importing.applying import POSTS, SOURCE, Applier, newcomer_of, open_leads
from neike.org.importing.changes import Change, EndPlacement, PersonLeft, SavePost, SetLead
from neike.org.importing.errors import BadFileError, RowNote, RowRefusedError
from neike.org.importing.ldif import left_out_words
from neike.org.importing.matching import plain
from neike.org.importing.planning import Planner
from neike.org.importing.post_rows import posts_of
from neike.org.importing.reading import records
from neike.org.importing.report import Report
from neike.org.importing.rows import Row, read_day
from neike.org.importing.sources import Item, Overruled, Source, joined
from neike.org.importing.state import State
from neike.org.models import Person, Placement

BATCH: Final = 200
"""Rows in one transaction: short enough that nobody waits long for it."""
Progress = Callable[[Report], None]
"""Hears the report as it grows."""
Transaction = Callable[[], AbstractContextManager[object]]


def _silent(_report: Report) -> None:
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


def run_import(
    sources: Sequence[Source],
    *,
    by: Person | None,
    now: datetime,
    apply: bool,
    end_missing: bool = False,
    holds_from: date | None = None,
    progress: Progress = _silent,
    transaction: Transaction = transaction.atomic,
) -> Report:
    """Walk over files and report what changes; with `apply` the changes are written, batch by batch.

    Files of people and files of posts may be mixed. With `end_missing` people and posts that were taken over before
    and are in none of the files end; nobody is deleted. `holds_from` is the day from which the changes hold, today
    when it is None. A row that cannot be taken never holds up another. Doing it again reports no change. `progress` is
    told after each batch. `transaction` opens one; a job gives its own, which is lost with
    its lease.

    Raises:
        BadFileError: a needed column is not mapped, or a file cannot be read; batches before that stay.
        PermissionDenied: `by` may not change the organisation.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    for source in sources:
        lacking = columns.missing(source.mapping)
        if lacking:
            raise BadFileError(
                _("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)}
            )
    on = holds_from or policies.day_of(now)
    report = Report()
    posts = [each for each in sources if columns.names_posts(each.mapping)]
    people = [each for each in sources if not columns.names_posts(each.mapping)]
    if posts:
        _run_posts(posts, report, by, now, on, apply, end_missing, progress, transaction)
    if people:
        _run_people(people, report, by, now, on, apply, end_missing, progress, transaction)
    for source in sources:
        words = left_out_words(source.layout.left_out)
        if words:
            report.note(RowNote(0, "", "", words, refused=False, file=source.name))
    return report


def _run_people(
    sources: Sequence[Source],
    report: Report,
    by: Person | None,
    now: datetime,
    on: date,
    apply: bool,  # noqa: FBT001 - handed on
    end_missing: bool,  # noqa: FBT001 - handed on
    progress: Progress,
    transaction: Transaction,
) -> None:
    planner = Planner(
        State(on),
        first_day=min(_first_day(source, on) for source in sources),
        by_code=any("department_code" in source.mapping for source in sources),
    )
    run = _Run(planner, report, Applier(by, now, on) if apply else None, transaction)
    rows = joined(sources)
    while batch := list(islice(rows, BATCH)):
        run.batch(batch)
        progress(report)
    with transaction():
        _set_leads(run, on)
        if end_missing and planner.seen:
            _end_missing(run, by, on)
    for part in lines.planned(run.planner, run.lines, report, on):
        with transaction():
            _write_lines(run, part)
        progress(report)


def _run_posts(
    sources: Sequence[Source],
    report: Report,
    by: Person | None,
    now: datetime,
    on: date,
    apply: bool,  # noqa: FBT001 - handed on
    end_missing: bool,  # noqa: FBT001 - handed on
    progress: Progress,
    transaction: Transaction,
) -> None:
    applier = Applier(by, now, on, POSTS) if apply else None
    planner = Planner(State(on), first_day=on, by_code=False)
    run = _Run(planner, report, applier, transaction)
    found = posts_of(sources, report)
    steps = iter(post_plan.plan(found, planner.state, on, end_missing=end_missing, report=report))
    while batch := list(islice(steps, BATCH)):
        with transaction():
            for kind, part in groupby(batch, _together):
                _write_steps(run, kind, list(part))
        progress(report)


def _together(step: post_plan.Step) -> str:
    """Return the name of the kind of step that is written many at once, "" for any other."""
    if all(isinstance(each, SavePost) for each in step.changes):
        return "posts"
    return "newcomers" if newcomer_of(step.changes) else ""


def _write_steps(run: _Run, kind: str, steps: Sequence[post_plan.Step]) -> None:
    """Write steps of one kind together; where that is refused, one by one."""
    if kind and run.applier is not None:
        try:
            with transaction.atomic():
                if kind == "posts":
                    changes = [change for step in steps for change in step.changes]
                    run.applier.apply_posts(
                        [each for each in changes if isinstance(each, SavePost)]
                    )
                else:
                    found = [newcomer_of(step.changes) for step in steps]
                    run.applier.apply_newcomers([each for each in found if each])
        except (ValidationError, IntegrityError):
            kind = ""
    for step in steps:
        if kind:
            run.report.count(step.changes, step.department)
        else:
            run.write(step.changes, step.line, step.file, step.department)


def _write_lines(run: _Run, part: Sequence[lines.Planned]) -> None:
    """Write reporting lines together; where that is refused, one by one."""
    if run.applier is not None:
        try:
            with transaction.atomic():
                run.applier.apply_lines([each.change for each in part])
        except (ValidationError, IntegrityError, KeyError):
            for each in part:
                run.write([each.change], each.line, each.file, each.department)
            return
    for each in part:
        run.report.count([each.change], each.department)


def _first_day(source: Source, today: date) -> date:
    """Return the earliest from-date of the file, at the latest today."""
    earliest, index = today, source.mapping.get("valid_from")
    if index is None:
        return earliest
    for record in records(source.file, source.layout):
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
    lines.load_posts(planner, run.asked, today)
    for manager, row in run.asked.items():
        if planner.find(manager) is None:
            words = _("Nobody has this number or e-mail address; the row was taken without it.")
            run.report.note(
                RowNote(row.line, "manager", manager, words, refused=False, file=row.file)
            )
    for caught in lines.in_circles(planner, run.lines):
        place = planner.places.get(caught, "")
        if place in run.votes:
            run.votes[place][run.lines[caught].manager] -= 1
    for code, votes in run.votes.items():
        for manager, count in votes.most_common():
            if count <= 0:
                break
            key = planner.find(manager)
            if key is not None and _place_of(planner, key) == code:
                key = _topmost(run, key, code)
                if key not in held.get(code, ()):
                    _lead(run, code, key, today)
                break


def _lead(run: _Run, code: str, key: str, today: date) -> None:
    known = run.planner.state.departments[code]
    person = run.planner.state.people.get(key)
    number = person.employee_no if person else key
    name = person.name if person else run.planner.names.get(key, number)
    label = f"{known.name} · {name}"
    line = run.planner.seen.get(key, 0)
    run.write([SetLead(code, number, max(today, known.since), label)], line)


def _topmost(run: _Run, key: str, code: str) -> str:
    """Return the highest in a department whom the lines lead to from somebody in it, within the department."""
    way = [key]
    while (row := run.lines.get(way[-1])) is not None:
        above = run.planner.find(row.manager)
        if above is None or above in way or _place_of(run.planner, above) != code:
            break
        way.append(above)
    return way[-1]


def _place_of(planner: Planner, key: str) -> str | None:
    known = planner.state.people.get(key)
    return planner.places.get(key) or (known.department if known else None)


def _end_missing(run: _Run, by: Person | None, today: date) -> None:
    """Let those leave who were taken over from a list of people before and stand in none of the files."""
    rows = (
        Person.objects.filter(kind=PersonKind.HUMAN, left_on__isnull=True, imported_from=SOURCE)
        .exclude(pk=by.pk if by else 0)
        .values_list("employee_no", "name")
    )
    for number, name in list(rows.order_by("pk")):
        if plain(number) not in run.planner.seen:
            run.write([PersonLeft(number, name, today)], 0)
    besides = Placement.objects.filter(
        person__imported_from=SOURCE, is_primary=False, valid_to__isnull=True
    ).select_related("person", "position", "department")
    for each in list(besides.order_by("pk")):
        kept = run.planner.kept.get(plain(each.person.employee_no))
        if kept is not None and each.position.code not in kept:
            label = f"{each.person.name} · {each.position.title}"
            change = EndPlacement(each.person.employee_no, each.position.code, today, label)
            run.write([change], 0)
