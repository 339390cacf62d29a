"""Deciding what one row changes. Writes nothing; the state follows each accepted row."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

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
from neike.org.importing.rows import Row
from neike.org.importing.state import (
    KnownDepartment,
    KnownPerson,
    State,
    made_code,
    says,
    text_of,
)

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
        self._resolved: dict[Place, str] = {}

    def plan(self, row: Row) -> list[Change]:
        """Return what the row changes, in the order in which it is to be applied.

        Raises:
            RowRefusedError: it contradicts what is stored or an earlier row; then nothing of it is taken.
        """
        if row.key in self.seen:
            raise RowRefusedError(
                "employee_no",
                _("This number stands on line %(line)s already.") % {"line": self.seen[row.key]},
                row.employee_no,
            )
        self.seen[row.key] = row.line
        self._require_own_email(row)
        known = self.state.people.get(row.key)
        changes: list[Change] = list(self._person(row, known))
        department, made = self._department(row)
        changes = [*made, *changes]
        if department is not None:
            changes += self._placement(row, known, department)
            self.places[row.key] = department.code
        elif known and known.department:
            self.places[row.key] = known.department
        if row.email:
            self.state.emails[row.email] = row.key
        return changes

    def unsee(self, row: Row) -> None:
        """Forget a row that was planned and not written, so that it can be planned again."""
        self.seen.pop(row.key, None)
        self.places.pop(row.key, None)

    def restart(self, state: State) -> None:
        """Go on from what is stored, after an accepted row could not be written."""
        state.emails = self.state.emails
        self.state = state
        self._resolved.clear()

    def _require_own_email(self, row: Row) -> None:
        owner = self.state.emails.get(row.email) if row.email else None
        if owner not in (None, row.key):
            raise RowRefusedError("email", _("This address belongs to somebody else."), row.email)

    def _person(self, row: Row, known: KnownPerson | None) -> Iterator[Change]:
        if known is None:
            yield CreatePerson(row.employee_no, row.name, row.email)
            return
        email = row.email or known.email
        returns = known.left_on is not None
        if (known.name, known.email) != (row.name, email) or returns:
            yield ChangePerson(known.employee_no, known.name, row.name, email, returns=returns)

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
                "parent", _("A department cannot stand below itself."), parent.code
            )
        moved = replace(known, parent=parent.code)
        self.state.departments[known.code] = moved
        day = max(self.state.today, known.since, parent.since)
        changes.append(MoveDepartment(known.code, known.name, parent.code, parent.name, day))
        return moved

    def _placement(
        self, row: Row, known: KnownPerson | None, department: KnownDepartment
    ) -> Iterator[Change]:
        """Place the person unless they hold that post already; dates alone move nobody."""
        if _holds(known, department, row.title):
            return
        title = text_of(row.title) if row.title else STAFF
        code = self._position(department, row.title)
        if code is None:
            code = made_code(department.code, str(row.title or STAFF.texts["en"]))
            self.state.positions.setdefault(department.code, {})[code] = title
            yield CreatePosition(code, department.code, title)
        yield PlacePerson(
            known.employee_no if known else row.employee_no,
            code,
            department.code,
            self._begins(row, known, department),
            f"{row.name} → {department.name} · {title}",
        )

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
