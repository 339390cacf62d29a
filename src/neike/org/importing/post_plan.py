"""Deciding what a list of posts changes: units as departments, posts, who holds them, who heads a unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from neike.kernel.texts import LocalizedText
from neike.org.choices import LeadKind
from neike.org.importing.applying import POSTS
from neike.org.importing.changes import (
    Change,
    ChangePerson,
    CreateDepartment,
    CreatePerson,
    EndLead,
    EndPlacement,
    EndPost,
    MoveDepartment,
    PersonLeft,
    PlacePerson,
    SavePost,
    SetLead,
)
from neike.org.importing.matching import plain
from neike.org.importing.post_rows import Post
from neike.org.importing.post_tree import Unit, bosses, depths, units
from neike.org.importing.report import Report
from neike.org.importing.state import MADE, KnownDepartment, State, made_code, text_of
from neike.org.models import DepartmentLead, Person, Placement, PostTerm
from neike.org.standing import on_day


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that are written together, with the row they come from and the department they count for."""

    changes: list[Change]
    line: int = 0
    file: str = ""
    department: str = ""


def plan(
    posts: Mapping[str, Post], state: State, on: date, *, end_missing: bool, report: Report
) -> Iterator[Step]:
    """Yield what the posts change, in the order in which it is to be applied; writes nothing."""
    planner = _PostPlanner(posts, state, on, report)
    yield from planner.structure()
    yield from planner.posts_changed()
    yield from planner.holders()
    yield from planner.heads()
    if end_missing and posts:
        yield from planner.vanished()
    report.unchanged += planner.unchanged_rows()


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """What a stored post is today: codes of the post, its department and the post above."""

    code: str
    title: LocalizedText
    department: str
    reports_to: str | None
    places: Decimal


def _stored_terms() -> Iterator[KnownTerm]:
    """Return what files of posts told, as it stands; posts made by hand are not a file's to end."""
    told = PostTerm.objects.filter(valid_to__isnull=True, position__imported_from=POSTS)
    rows = told.values_list(
        "position__code",
        "title",
        "department__code",
        "reports_to__code",
        "places",
    )
    return (KnownTerm(*row) for row in rows.iterator())


class _PostPlanner:
    def __init__(self, posts: Mapping[str, Post], state: State, on: date, report: Report) -> None:
        self.posts, self.state, self.on, self.report = posts, state, on, report
        self.terms = {term.code: term for term in _stored_terms()}
        self.known = {plain(code): code for code in self.terms}
        self.above = bosses(posts, self.known, report)
        self.depth = depths(posts, self.above)
        self.units = units(posts, self.above)
        self.codes: dict[str, str] = {}
        self.touched: set[str] = set()
        self._load_holders()

    def _load_holders(self) -> None:
        held = Placement.objects.filter(
            valid_to__isnull=True, person__imported_from=POSTS
        ).values_list("person__employee_no", "position__code", "is_primary")
        self.held: dict[str, dict[str, bool]] = {}
        """Position -> employee number of who holds it -> whether as the main post."""
        self.people: dict[str, Person] = {}
        for number, code, is_primary in held.iterator():
            self.held.setdefault(code, {})[number] = is_primary
        told = Person.objects.only("employee_no", "name", "left_on")
        for person in told.filter(imported_from=POSTS):
            self.people[person.employee_no] = person

    def structure(self) -> Iterator[Step]:
        """Yield the departments that are new or stand elsewhere, from the top down."""
        for unit in self.units:
            changes: list[Change] = []
            self._unit(unit, changes)
            if changes:
                row = unit.posts[0].row
                yield Step(changes, row.line, row.file)

    def _unit(self, unit: Unit, changes: list[Change]) -> None:
        known = self._department(unit.name)
        parent = self._parent(unit, changes)
        if known is None:
            known = self._create(unit.name, parent, changes)
        elif self._moves(unit, known, parent) and parent is not None:
            moved = replace(known, parent=parent.code)
            self.state.departments[known.code] = moved
            day = max(self.on, known.since, parent.since)
            changes.append(MoveDepartment(known.code, known.name, parent.code, parent.name, day))
        self.codes[unit.key] = known.code

    def _moves(self, unit: Unit, known: KnownDepartment, parent: KnownDepartment | None) -> bool:
        """Whether a unit stands elsewhere now; one of groups alone stays where it is."""
        if parent is None or unit.head is None or parent.code in (known.code, known.parent):
            return False
        return not self.state.stands_below(parent.code, known.code)

    def _parent(self, unit: Unit, changes: list[Change]) -> KnownDepartment | None:
        if unit.parent and unit.parent != unit.key:
            return self.state.departments.get(self.codes.get(unit.parent, ""))
        if unit.boss:
            term = self.terms[self.known[unit.boss]]
            return self.state.departments.get(term.department)
        return self._roof(unit, changes)

    def _roof(self, unit: Unit, changes: list[Change]) -> KnownDepartment | None:
        """Return the organisation that a unit at the top belongs to, made where it is new."""
        row = unit.posts[0].row
        at: KnownDepartment | None = None
        for name in (row.above, row.organisation):
            if (
                name
                and plain(name) != unit.key
                and (at is None or plain(name) != plain(str(at.name)))
            ):
                at = self._department(name) or self._create(name, at, changes)
        return at

    def _department(self, name: str) -> KnownDepartment | None:
        own = self.state.departments.get(made_code("unit", name))
        if own is not None and own.active:
            return own
        found = self.state.by_name(name)
        return found[0] if len(found) == 1 else None

    def _create(
        self, name: str, parent: KnownDepartment | None, changes: list[Change]
    ) -> KnownDepartment:
        code = made_code("unit", name)
        if code in self.state.departments:
            # A closed department of that name stays closed; the unit begins anew.
            code = made_code("unit", name, self.on.isoformat())
        since = max(self.on, parent.since) if parent else self.on
        made = KnownDepartment(code, text_of(name), parent.code if parent else None, since)
        self.state.departments[code] = made
        changes.append(CreateDepartment(code, made.name, made.parent, since))
        return made

    def posts_changed(self) -> Iterator[Step]:
        """Yield the posts that are new or changed, those above first."""
        for key in sorted(self.posts, key=lambda each: self.depth[each]):
            post = self.posts[key]
            department = self.codes[plain(post.row.unit)]
            boss = self.above.get(key, "")
            above = self.posts[boss].code if boss in self.posts else self.known.get(boss)
            term = self.terms.get(post.code)
            if term is None or not self._as_told(term, post, department, above):
                day = max(self.on, self.state.departments[department].since)
                title = text_of(post.row.title)
                change = SavePost(
                    post.code, department, title, above, post.places, day, fresh=term is None
                )
                yield self._step(post, [change])

    def _as_told(self, term: KnownTerm, post: Post, department: str, above: str | None) -> bool:
        titles = {plain(each) for each in term.title.texts.values()}
        return (term.department, term.reports_to, term.places) == (
            department,
            above,
            post.places,
        ) and plain(post.row.title) in titles

    def holders(self) -> Iterator[Step]:
        """Yield who gives a post up, then who takes one; a name that stays undisclosed changes nothing."""
        wanted: dict[str, list[tuple[Post, str]]] = {}
        for key in sorted(self.posts, key=lambda each: self.depth[each]):
            post = self.posts[key]
            numbers = {number_of(name): name for name, _row in post.holders}
            for number in self.held.get(post.code, {}):
                if post.told and number not in numbers:
                    yield self._step(post, [self._gives_up(number, post)])
            for number, name in numbers.items():
                wanted.setdefault(number, []).append((post, name))
        for number, held in wanted.items():
            yield from self._takes(number, held)

    def _gives_up(self, number: str, post: Post) -> EndPlacement:
        label = f"{self.people[number].name} · {post.row.title}"
        return EndPlacement(number, post.code, self.on, label)

    def _takes(self, number: str, held: list[tuple[Post, str]]) -> Iterator[Step]:
        """Yield the posts of one person: the nearest to the top is the main one unless they have one among them."""
        codes = {post.code for post, _name in held}
        main = next((code for code in codes if self.held.get(code, {}).get(number)), None)
        for post, name in held:
            changes: list[Change] = []
            if number not in self.people:
                changes.append(CreatePerson(number, name, ""))
                self.people[number] = Person(employee_no=number, name=name)
            elif self.people[number].left_on is not None:
                self.people[number].left_on = None
                changes.append(
                    ChangePerson(number, name, self.people[number].name, "", returns=True)
                )
            if number not in self.held.get(post.code, {}):
                department = self.codes[plain(post.row.unit)]
                day = max(self.on, self.state.departments[department].since)
                label = f"{name} → {self.state.departments[department].name} · {post.row.title}"
                primary = main is None
                changes.append(PlacePerson(number, post.code, department, day, label, primary))
                main = main or post.code
            if changes:
                yield self._step(post, changes)

    def heads(self) -> Iterator[Step]:
        """Yield the heads of units: who holds the head post; a vacant head post ends the one it gave before."""
        leads: dict[str, list[Person]] = {}
        for row in DepartmentLead.objects.filter(
            on_day(self.on), kind=LeadKind.LEAD
        ).select_related("department", "person"):
            leads.setdefault(row.department.code, []).append(row.person)
        for unit in self.units:
            if unit.head is None or not unit.head.told:
                continue
            code = self.codes[unit.key]
            numbers = [number_of(name) for name, _row in unit.head.holders]
            present = leads.get(code, [])
            if numbers and not any(each.employee_no in numbers for each in present):
                label = f"{unit.name} · {self.people[numbers[0]].name}"
                day = max(self.on, self.state.departments[code].since)
                yield self._step(unit.head, [SetLead(code, numbers[0], day, label)])
            elif not numbers:
                for each in present:
                    if each.imported_from == POSTS:
                        label = f"{unit.name} · {each.name}"
                        change = EndLead(code, each.employee_no, self.on, label)
                        yield self._step(unit.head, [change])

    def vanished(self) -> Iterator[Step]:
        """Yield the posts that no file names any more, and the people who hold none; only kinds the files tell of."""
        kinds = {post.code.startswith(MADE) for post in self.posts.values()}
        named = {post.code for post in self.posts.values()}
        gone = [code for code in self.terms if code not in named and code.startswith(MADE) in kinds]
        for code in gone:
            term = self.terms[code]
            place = str(self.state.departments[term.department].name)
            yield Step([EndPost(code, term.title, self.on)], department=place)
        if False not in kinds:
            return
        staying = {number_of(name) for post in self.posts.values() for name, _row in post.holders}
        for post in self.posts.values():
            if not post.told:
                staying |= set(self.held.get(post.code, {}))
        for number, person in self.people.items():
            if number not in staying and person.left_on is None:
                yield Step([PersonLeft(number, person.name, self.on)])

    def unchanged_rows(self) -> int:
        """Return how many rows belong to posts of which nothing changes."""
        return sum(len(post.rows) for key, post in self.posts.items() if key not in self.touched)

    def _step(self, post: Post, changes: list[Change]) -> Step:
        self.touched.add(post.row.key)
        return Step(changes, post.row.line, post.row.file, post.row.unit)


def number_of(name: str) -> str:
    """Return the employee number of somebody of whom only the name is told: the same name is the same person."""
    return made_code("person", name)
