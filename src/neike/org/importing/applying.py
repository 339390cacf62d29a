"""Applying planned changes through the actions that people use too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import singledispatchmethod

from neike.org.actions.departments import create_department, move_department, rename_department
from neike.org.actions.newcomers import Newcomer, Post, add_newcomers
from neike.org.actions.people import create_person, update_person
from neike.org.actions.placements import end_placement, mark_left, place_person
from neike.org.actions.post_terms import PostState, end_post, set_posts
from neike.org.actions.posts import create_position, end_lead, set_lead
from neike.org.actions.reporting import Line, set_reporting_lines
from neike.org.choices import LeadKind
from neike.org.importing.changes import (
    Change,
    ChangePerson,
    CreateDepartment,
    CreatePerson,
    CreatePosition,
    EndLead,
    EndPlacement,
    EndPost,
    MoveDepartment,
    PersonLeft,
    PlacePerson,
    RenameDepartment,
    SavePost,
    SetLead,
    SetLine,
)
from neike.org.models import Department, DepartmentLead, Person, Placement, Position
from neike.org.standing import on_day

SOURCE = "csv"
"""Where people come from who stand in a list of people, of whatever kind of file."""
POSTS = "posts"
"""Where people come from whom a list of posts names."""


@dataclass
class Applier:
    """Writes changes for `by` at `now`; keeps the departments and positions it has read."""

    by: Person | None
    now: datetime
    today: date
    source: str = SOURCE
    departments: dict[str, Department] = field(default_factory=dict)

    @singledispatchmethod
    def apply(self, change: object) -> None:
        """Write one change.

        Raises:
            ValidationError: the action refuses it.
        """
        raise TypeError(f"not a change: {change!r}")

    def apply_newcomers(self, newcomers: Sequence[Newcomer]) -> None:
        """Write many new people at once.

        Raises:
            ValidationError: the action refuses one of them; then nothing is written.
        """
        add_newcomers(newcomers, imported_from=self.source, by=self.by, now=self.now)

    def department(self, code: str) -> Department:
        """Return a department by its code, read once."""
        if code not in self.departments:
            self.departments[code] = Department.objects.get(code=code)
        return self.departments[code]

    @apply.register
    def _(self, change: CreateDepartment) -> None:
        self.departments[change.code] = create_department(
            code=change.code,
            name=change.name,
            parent=self.department(change.parent) if change.parent else None,
            valid_from=change.valid_from,
            imported_from=self.source,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: RenameDepartment) -> None:
        rename_department(
            department=self.department(change.code),
            name=change.name,
            valid_from=change.valid_from,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: MoveDepartment) -> None:
        move_department(
            department=self.department(change.code),
            parent=self.department(change.parent),
            valid_from=change.valid_from,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: CreatePosition) -> None:
        create_position(
            code=change.code,
            department=self.department(change.department),
            title=change.title,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: CreatePerson) -> None:
        create_person(
            employee_no=change.employee_no,
            name=change.name,
            email=change.email or None,
            imported_from=self.source,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: ChangePerson) -> None:
        changes: dict[str, object] = {"name": change.name, "email": change.email or None}
        if change.returns:
            changes["left_on"] = None
        person = Person.objects.get(employee_no=change.employee_no)
        update_person(person=person, by=self.by, now=self.now, **changes)

    @apply.register
    def _(self, change: PlacePerson) -> None:
        person = Person.objects.get(employee_no=change.employee_no)
        position = Position.objects.select_related("department").get(code=change.position)
        later = Placement.objects.filter(
            person=person,
            is_primary=change.primary,
            **({} if change.primary else {"position": position}),
            valid_to__isnull=True,
            valid_from__gte=change.valid_from,
        )
        for each in later:
            # It had not begun: the file corrects it.
            end_placement(placement=each, on=each.valid_from, by=self.by, now=self.now)
        place_person(
            person=person,
            position=position,
            valid_from=change.valid_from,
            is_primary=change.primary,
            by=self.by,
            now=self.now,
        )

    def apply_posts(self, changes: Sequence[SavePost]) -> None:
        """Write many posts at once.

        Raises:
            ValidationError: the action refuses one of them; then nothing is written.
        """
        states = [
            PostState(
                each.code,
                self.department(each.department),
                each.title,
                each.reports_to,
                each.places,
                each.valid_from,
                imported_from=POSTS,
            )
            for each in changes
        ]
        set_posts(states, by=self.by, now=self.now)

    @apply.register
    def _(self, change: SavePost) -> None:
        self.apply_posts([change])

    @apply.register
    def _(self, change: EndPost) -> None:
        position = Position.objects.get(code=change.code)
        for each in position.placements.filter(valid_to__isnull=True):
            end_placement(placement=each, on=change.on, by=self.by, now=self.now)
        end_post(position=position, on=change.on, by=self.by, now=self.now)

    @apply.register
    def _(self, change: EndPlacement) -> None:
        held = Placement.objects.filter(
            person__employee_no=change.employee_no,
            position__code=change.position,
            valid_to__isnull=True,
        )
        for each in held:
            end_placement(placement=each, on=change.on, by=self.by, now=self.now)

    def apply_lines(self, changes: Sequence[SetLine]) -> None:
        """Write many reporting lines at once.

        Raises:
            ValidationError: the action refuses one of them; then nothing is written.
        """
        numbers = {each.employee_no for each in changes} | {each.manager_no for each in changes}
        people = Person.objects.in_bulk(numbers, field_name="employee_no")
        lines = [
            Line(people[each.employee_no], people[each.manager_no], each.valid_from)
            for each in changes
        ]
        set_reporting_lines(lines, by=self.by, now=self.now)

    @apply.register
    def _(self, change: SetLine) -> None:
        self.apply_lines([change])

    @apply.register
    def _(self, change: EndLead) -> None:
        for each in DepartmentLead.objects.filter(
            on_day(change.on),
            department=self.department(change.department),
            kind=LeadKind.LEAD,
            person__employee_no=change.employee_no,
        ):
            end_lead(lead=each, on=change.on, by=self.by, now=self.now)

    @apply.register
    def _(self, change: SetLead) -> None:
        department = self.department(change.department)
        for each in DepartmentLead.objects.filter(
            department=department, kind=LeadKind.LEAD, valid_from__gte=change.valid_from
        ):
            end_lead(lead=each, on=each.valid_from, by=self.by, now=self.now)
        set_lead(
            department=department,
            person=Person.objects.get(employee_no__iexact=change.employee_no),
            valid_from=change.valid_from,
            by=self.by,
            now=self.now,
        )

    @apply.register
    def _(self, change: PersonLeft) -> None:
        mark_left(
            person=Person.objects.get(employee_no=change.employee_no),
            on=change.on,
            by=self.by,
            now=self.now,
        )


def newcomer_of(changes: Sequence[Change]) -> Newcomer | None:
    """Return the new person whom the changes of a row add, or None when the row changes anything else."""
    people = [each for each in changes if isinstance(each, CreatePerson)]
    posts = [each for each in changes if isinstance(each, PlacePerson)]
    positions = [each for each in changes if isinstance(each, CreatePosition)]
    if (
        any(not each.primary for each in posts)
        or len(people) != 1
        or len(people) + len(posts) + len(positions) != len(changes)
    ):
        return None
    [person] = people
    post = None
    if posts:
        [placed] = posts
        title = positions[0].title if positions else None
        post = Post(placed.position, placed.department, placed.valid_from, title)
    return Newcomer(person.employee_no, person.name, person.email, post)


def open_leads(on: date) -> dict[str, tuple[str, ...]]:
    """Return the employee numbers (casefolded) of the leads of each department, by its code."""
    rows = DepartmentLead.objects.filter(on_day(on), kind=LeadKind.LEAD).values_list(
        "department__code", "person__employee_no"
    )
    found: dict[str, tuple[str, ...]] = {}
    for code, number in rows:
        found[code] = (*found.get(code, ()), number.casefold())
    return found
