"""Deciding what one row changes. Writes nothing; the state follows each accepted row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from neike.kernel.texts import LocalizedText
from neike.org.importing.changes import (
    Change,
    ChangePerson,
    CreateDepartment,
    CreatePerson,
    CreatePosition,
    MoveDepartment,
    PlacePerson,
    RenameDepartment,
)
from neike.org.importing.errors import RowRefusedError
from neike.org.importing.matching import plain
from neike.org.importing.rows import Row
from neike.org.importing.state import (
    KnownDepartment,
    KnownPerson,
    State,
    made_code,
    says,
    text_of,
)
from neike.org.importing.wording import _

STAFF = LocalizedText.of(zh="员工", en="Staff")
Place = tuple[str, tuple[str, ...], tuple[str, ...]]


class Planner:
    """Plans rows one after the other. `first_day` is when departments that the file brings begin."""

    def __init__(self, state: State, *, first_day: date, by_code: bool) -> None:
        self.state = state
        self.first_day = first_day
        self.by_code = by_code
        self.seen: dict[str, int] = {}
        self.places: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        """Person -> the employee number as it is stored."""
        self.main: dict[str, int] = {}
        """Person -> the line that names the main post."""
        self.kept: dict[str, set[str]] = {}
        """Person -> codes of the positions that the file names."""
        self.began: dict[str, date] = {}
        self.references: dict[str, str] = {}
        self._resolved: dict[Place, str] = {}

    def plan(self, row: Row) -> list[Change]:
        """Return what the row changes, in the order in which it is to be applied.

        Raises:
            RowRefusedError: it contradicts what is stored or an earlier row; then nothing of it is taken.
        """
        if row.key in self.seen:
            return self._further(row)
        self._require_own_email(row)
        known = self.state.people.get(row.key)
        department, made = self._department(row)
        changes: list[Change] = [*made, *self._person(row, known)]
        if department is not None:
            primary = row.primary is not False
            changes += self._placement(row, known, department, primary=primary)
            self.places[row.key] = department.code
        elif known and known.department:
            self.places[row.key] = known.department
        self._saw(row, known)
        return changes

    def _saw(self, row: Row, known: KnownPerson | None) -> None:
        self.seen[row.key] = row.line
        self.names[row.key] = known.name if known else row.name
        self.numbers[row.key] = known.employee_no if known else row.employee_no
        if row.primary is not False:
            self.main[row.key] = row.line
        if row.email:
            self.state.emails[row.email] = row.key
        if row.reference:
            self.references[row.reference] = row.key

    def _further(self, row: Row) -> list[Change]:
        """Return what a further row of the same person changes: a concurrent post, or the main one.

        Raises:
            RowRefusedError: it names somebody else, no other post, or a second main post.
        """
        line = self.seen[row.key]
        if plain(row.name) != plain(self.names[row.key]):
            raise RowRefusedError(
                "name",
                _("Line %(line)s gives this number to %(name)s.")
                % {"line": line, "name": self.names[row.key]},
                row.name,
            )
        if row.primary and row.key in self.main:
            raise RowRefusedError(
                "primary",
                _(
                    "Line %(line)s names a main post already, and a person has one at a time. "
                    "Write “no” on one of the two."
                )
                % {"line": self.main[row.key]},
            )
        department, changes = self._department(row)
        known = self.state.people.get(row.key)
        primary = row.primary is not False and row.key not in self.main
        code = self._code(department, row.title) if department else ""
        if department is None or code in self.kept.get(row.key, ()):
            raise RowRefusedError(
                "employee_no",
                _(
                    "This number stands on line %(line)s already. Give this row the other post, or delete it."
                )
                % {"line": line},
                row.employee_no,
            )
        if primary:
            self.main[row.key] = row.line
            self.places[row.key] = department.code
        return [*changes, *self._placement(row, known, department, primary=primary)]

    def find(self, reference: str) -> str | None:
        """Return the person (compared number) whom a number, an address, a directory name or a post leads to."""
        if reference in self.seen or reference in self.state.people:
            return reference
        return self.state.emails.get(reference) or self.references.get(reference)

    def number(self, key: str) -> str:
        """Return a person's employee number as it is stored."""
        known = self.state.people.get(key)
        return known.employee_no if known else self.numbers.get(key, key)

    def unsee(self, row: Row) -> None:
        """Forget a row that was planned and not written, so that it can be planned again."""
        if self.seen.get(row.key) == row.line:
            self.seen.pop(row.key)
            self.main.pop(row.key, None)
            self.kept.pop(row.key, None)
            self.places.pop(row.key, None)

    def restart(self, state: State) -> None:
        """Go on from what is stored, after an accepted row could not be written."""
        state.emails = self.state.emails
        self.state = state
        self._resolved.clear()

    def _require_own_email(self, row: Row) -> None:
        owner = self.state.emails.get(row.email) if row.email else None
        if owner not in (None, row.key):
            raise RowRefusedError(
                "email",
                _("This address belongs to %(number)s. Give everybody their own, or none.")
                % {"number": self.number(owner or "")},
                row.email,
            )

    def _person(self, row: Row, known: KnownPerson | None) -> Iterator[Change]:
        if known is None:
            yield CreatePerson(row.employee_no, row.name, row.email)
            return
        email = row.email or known.email
        returns = known.left_on is not None
        # A name that differs in blanks, case or full-width letters alone is the same name, as it was written first.
        same = plain(known.name) == plain(row.name)
        if not same or known.email != email or returns:
            name = known.name if same else row.name
            yield ChangePerson(known.employee_no, known.name, name, email, returns=returns)

    def _department(self, row: Row) -> tuple[KnownDepartment | None, list[Change]]:
        """Return the row's department, with the changes that make it so; None when the row names none."""
        if not row.department_code and not row.path:
            return None, []
        place = (row.department_code, row.path, row.parent)
        if place in self._resolved:
            return self.state.departments[self._resolved[place]], []
        # Trial changes: the state is left alone until the whole row is accepted.
        before = dict(self.state.departments)
        try:
            found, changes = self._resolve(row)
        except RowRefusedError:
            self.state.departments = before
            raise
        if changes:
            self._resolved.clear()
        self._resolved[place] = found.code
        return found, changes

    def _resolve(self, row: Row) -> tuple[KnownDepartment, list[Change]]:
        changes: list[Change] = []
        parent = self._parent(row, changes)
        if row.department_code:
            return self._by_code(row, parent, changes), changes
        return self._by_path(row, parent, changes), changes

    def _parent(self, row: Row, changes: list[Change]) -> KnownDepartment | None:
        """Return the department above, made when the file names it before its own row."""
        if not row.parent:
            return None
        if len(row.parent) == 1 and row.parent[0] in self.state.departments:
            return self.state.departments[row.parent[0]]
        found = self.state.find(row.parent, "parent")
        if found:
            return found
        if self.by_code and len(row.parent) == 1:
            return self._make(row.parent[0], row.parent[0], None, changes)
        return self._walk(row.parent, None, changes)

    def _by_code(
        self, row: Row, parent: KnownDepartment | None, changes: list[Change]
    ) -> KnownDepartment:
        code, name = row.department_code, row.path[-1] if row.path else ""
        known = self.state.departments.get(code)
        if known is None:
            if parent is None and len(row.path) > 1:
                parent = self._walk(row.path[:-1], None, changes)
            return self._make(code, name or code, parent, changes)
        if not known.active:
            raise RowRefusedError("department_code", _("This department is closed."), code)
        if name and not says(known.name, name):
            known = self._rename(known, name, changes)
        if parent is not None and parent.code != known.parent:
            known = self._move(known, parent, changes)
        return known

    def _by_path(
        self, row: Row, parent: KnownDepartment | None, changes: list[Change]
    ) -> KnownDepartment:
        if parent is None:
            return self.state.find(row.path, "department") or self._walk(row.path, None, changes)
        below = [each for each in self.state.children(parent.code) if says(each.name, row.path[-1])]
        return below[0] if below else self._walk(row.path[-1:], parent, changes)

    def _walk(
        self, path: tuple[str, ...], parent: KnownDepartment | None, changes: list[Change]
    ) -> KnownDepartment:
        """Follow names downward, making the departments that do not exist."""
        at = parent
        for depth, name in enumerate(path):
            code = at.code if at else None
            below = [each for each in self.state.children(code) if says(each.name, name)]
            if not below and at is None and depth == 0:
                below = [each for each in (self.state.find((name,), "department"),) if each]
            at = below[0] if below else self._make(made_code(code or "", name), name, at, changes)
        if at is None:
            raise RowRefusedError("department", _("This must not be empty."))
        return at

    def _make(
        self, code: str, name: str, parent: KnownDepartment | None, changes: list[Change]
    ) -> KnownDepartment:
        if code in self.state.departments:
            raise RowRefusedError("department", _("This department is closed."), name)
        if parent is not None and not parent.active:
            raise RowRefusedError("parent", _("This department is closed."), parent.code)
        since = max(self.first_day, parent.since) if parent else self.first_day
        made = KnownDepartment(code, text_of(name), parent.code if parent else None, since)
        self.state.departments[code] = made
        changes.append(CreateDepartment(code, made.name, made.parent, since))
        return made

    def _rename(self, known: KnownDepartment, name: str, changes: list[Change]) -> KnownDepartment:
        told = text_of(name)
        # A name told in one language only is replaced; of one in two languages only the told one is.
        kept = known.name.texts if len(known.name.texts) > 1 else {}
        texts = {**kept, **told.texts}
        source = known.name.source if known.name.source in texts else told.source
        renamed = replace(known, name=LocalizedText(texts, source))
        self.state.departments[known.code] = renamed
        day = max(self.state.today, known.since)
        changes.append(RenameDepartment(known.code, known.name, renamed.name, day))
        return renamed

    def _move(
        self, known: KnownDepartment, parent: KnownDepartment, changes: list[Change]
    ) -> KnownDepartment:
        if self.state.stands_below(parent.code, known.code):
            raise RowRefusedError(
                "parent",
                _(
                    "“%(name)s” would stand below itself: %(way)s. Correct the department above, here or on the row "
                    "that says the contrary."
                )
                % {"name": known.name, "way": self._way(known, parent)},
                parent.code,
            )
        moved = replace(known, parent=parent.code)
        self.state.departments[known.code] = moved
        day = max(self.state.today, known.since, parent.since)
        changes.append(MoveDepartment(known.code, known.name, parent.code, parent.name, day))
        return moved

    def _way(self, known: KnownDepartment, parent: KnownDepartment) -> str:
        """Return the names on the way up from a department over its new parent back to itself."""
        names, at = [str(known.name)], parent
        while at.code != known.code:
            names.append(str(at.name))
            at = self.state.departments[at.parent or known.code]
        return " → ".join((*names, names[0]))

    def _placement(
        self,
        row: Row,
        known: KnownPerson | None,
        department: KnownDepartment,
        *,
        primary: bool,
    ) -> Iterator[Change]:
        """Place the person unless they hold that post already; dates alone move nobody."""
        kept = self.kept.setdefault(row.key, set())
        if primary and _holds(known, department, row.title):
            kept.add(known.position if known else "")
            return
        title = text_of(row.title) if row.title else STAFF
        code = self._code(department, row.title)
        kept.add(code)
        if not primary and self._has_besides(row, known, code):
            return
        if self._position(department, row.title) is None:
            self.state.positions.setdefault(department.code, {})[code] = title
            yield CreatePosition(code, department.code, title, department.name)
        day = self._begins(row, known, department)
        if primary:
            self.began[row.key] = day
        yield PlacePerson(
            known.employee_no if known else row.employee_no,
            code,
            department.code,
            day,
            f"{row.name} → {department.name} · {title}",
            primary,
        )

    def _has_besides(self, row: Row, known: KnownPerson | None, code: str) -> bool:
        """Whether the person holds a post besides the main one already (or as the main one, which stays so)."""
        if known is None or known.left_on is not None:
            return False
        return code in known.others or (code == known.position and row.key not in self.began)

    def _code(self, department: KnownDepartment, title: str) -> str:
        found = self._position(department, title)
        return found or made_code(department.code, str(title or STAFF.texts["en"]))

    def _position(self, department: KnownDepartment, title: str) -> str | None:
        words = title or STAFF.texts["zh-hans"]
        held = self.state.positions.get(department.code, {})
        return next((code for code, each in held.items() if says(each, words)), None)

    def _begins(self, row: Row, known: KnownPerson | None, department: KnownDepartment) -> date:
        """Return the first day of the new placement: the file's, unless that lies before what is stored."""
        told = row.valid_from or self.state.today
        if known and known.since and known.left_on is None and told <= known.since:
            told = max(self.state.today, known.since)
        if known and known.left_on and told < known.left_on:
            told = max(self.state.today, known.left_on)
        return max(told, department.since)


def _holds(known: KnownPerson | None, department: KnownDepartment, title: str) -> bool:
    """Whether the person has the post already; without a title any post of the department is it."""
    return (
        known is not None
        and known.left_on is None
        and known.department == department.code
        and (not title or says(known.title, title))
    )
