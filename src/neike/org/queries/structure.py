"""What the pages of the organisation show of departments."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from neike.kernel.texts import LocalizedText
from neike.org.models import (
    Department,
    DepartmentLead,
    DepartmentSuccession,
    DepartmentVersion,
    Person,
    Placement,
    Position,
    PostTerm,
    ReportingLine,
)
from neike.org.standing import DepartmentOnDay, OrgChart, on_day

PEOPLE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Node:
    """A department of the tree with what stands below it; `people` counts its whole subtree."""

    department: DepartmentOnDay
    people: int
    children: tuple["Node", ...]


def departments_visible_to(_person: Person) -> QuerySet[Department]:
    """Return the departments a signed-in person may see: all of them."""
    return Department.objects.all()


def people_per_department(*, on: date) -> Counter[int]:
    """Return how many people are placed in each department on a day, by its id; a person counts once in each."""
    rows = Placement.objects.filter(on_day(on)).values_list("department").order_by("department")
    return Counter(dict(rows.annotate(people=Count("person", distinct=True))))


def tree(chart: OrgChart, *, closed: bool = False) -> tuple[Node, ...]:
    """Return the departments of a chart as a tree with head counts, in one query; closed ones only when asked."""
    counts = people_per_department(on=chart.on)

    def node(department_id: int) -> Node:
        children = tuple(
            node(each) for each in chart.children(department_id) if closed or chart.is_active(each)
        )
        people = counts[department_id] + sum(each.people for each in children)
        return Node(chart.departments[department_id], people, children)

    return tuple(node(each) for each in chart.roots() if closed or chart.is_active(each))


@dataclass(frozen=True, slots=True)
class Post:
    """A position of a department as it was on a day, with who held it then.

    `ends` is the day from which it is no more, None while no end is known.
    """

    position: Position
    title: LocalizedText
    holders: tuple[Placement, ...]
    above: Position | None
    """The post to which it reported on that day."""
    ends: date | None
    is_here: bool
    """Whether the position still stands in the department; it may have moved since, or closed."""


def posts_of(department: Department, *, on: date) -> list[Post]:
    """Return the positions a department had on a day with their holders, in three queries."""
    holders = (
        Placement.objects.filter(on_day(on), department=department)
        .select_related("person")
        .order_by("-is_primary", "person__name_latin")[:PEOPLE_SHOWN]
    )
    stood = PostTerm.objects.filter(on_day(on), department=department)
    held = Placement.objects.filter(on_day(on), department=department)
    positions = (
        Position.objects.filter(
            Q(pk__in=stood.values("position")) | Q(pk__in=held.values("position"))
        )
        .order_by("code")
        .prefetch_related(
            Prefetch("placements", queryset=holders, to_attr="holders"),
            Prefetch(
                "terms",
                queryset=PostTerm.objects.select_related("reports_to").order_by("valid_from"),
                to_attr="all_terms",
            ),
        )
    )
    return [_post(each, department, on) for each in positions]


def _post(position: Any, department: Department, on: date) -> Post:  # noqa: ANN401 - a position with what was loaded to it
    terms: list[PostTerm] = position.all_terms
    was = next((each for each in reversed(terms) if each.valid_from <= on), None)
    ends = terms[-1].valid_to if terms else None
    return Post(
        position,
        was.title if was else position.title,
        tuple(position.holders),
        was.reports_to if was else None,
        ends,
        position.department_id == department.pk and bool(terms) and ends is None,
    )


def newest_term(position: Position) -> PostTerm | None:
    """Return the term that began last, which may have ended or be still to begin."""
    return (
        PostTerm.objects.filter(position=position)
        .select_related("department", "reports_to")
        .order_by("valid_from")
        .last()
    )


def open_positions(department: Department) -> QuerySet[Position]:
    """Return the positions of a department of which no end is known."""
    running = PostTerm.objects.filter(department=department, valid_to__isnull=True)
    return Position.objects.filter(pk__in=running.values("position")).order_by("code")


def latest_version(department: Department, *, on: date) -> DepartmentVersion:
    """Return what a department is on a day, or what it will be at first when it does not exist yet."""
    held = department.versions.filter(valid_from__lte=on).order_by("-valid_from")
    first = department.versions.order_by("valid_from")
    return held.select_related("parent").first() or first.select_related("parent")[:1].get()


def versions_of(department: Department) -> QuerySet[DepartmentVersion]:
    """Return the history of a department, newest first."""
    return department.versions.select_related("calendar").order_by("-valid_from")


def leads_of(department: Department, *, on: date) -> QuerySet[DepartmentLead]:
    """Return the leads and deputies that hold on a day or begin later."""
    return (
        department.leads.filter(on_day(on) | Q(valid_from__gt=on))
        .select_related("person")
        .order_by("-kind", "valid_from")
    )


def successions_of(department: Department) -> QuerySet[DepartmentSuccession]:
    """Return into what the department went on."""
    return department.successions.select_related("successor").order_by("date", "pk")


def predecessors_of(department: Department) -> QuerySet[DepartmentSuccession]:
    """Return out of what the department came."""
    return (
        DepartmentSuccession.objects.filter(successor=department)
        .select_related("predecessor")
        .order_by("date", "pk")
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What departments were called over time: (first day, name) by id, oldest first."""

    known: Mapping[int, list[tuple[date, LocalizedText]]]

    def on(self, department_id: int, day: date) -> LocalizedText:
        """Return the name on a day; the first one for a day before the department existed."""
        found = self.known[department_id]
        held = [name for since, name in found if since <= day]
        return held[-1] if held else found[0][1]

    def newest(self, department_id: int) -> LocalizedText:
        """Return the last name, also of a department that is closed or still to come."""
        return self.known[department_id][-1][1]


def names_over_time(departments: Iterable[int]) -> Names:
    """Return the names of departments (ids) over time, in one query."""
    known: dict[int, list[tuple[date, LocalizedText]]] = {}
    rows = DepartmentVersion.objects.filter(department__in=set(departments)).order_by("valid_from")
    for row in rows:
        known.setdefault(row.department_id, []).append((row.valid_from, row.name))
    return Names(known)


def lines_of(person: Person) -> QuerySet[ReportingLine]:
    """Return every reporting line of a person, past and to come, newest first."""
    return person.reporting_lines.select_related("manager").order_by("-valid_from")


def placements_of(person: Person) -> QuerySet[Placement]:
    """Return every placement of a person, past and to come, newest first."""
    return person.placements.select_related("position", "department").order_by(
        "-valid_from", "-is_primary", "pk"
    )
