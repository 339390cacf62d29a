"""What the pages of the organisation show of departments."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from neike.org.models import (
    Department,
    DepartmentLead,
    DepartmentSuccession,
    DepartmentVersion,
    Person,
    Placement,
    Position,
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


def posts_of(department: Department, *, on: date) -> list[Position]:
    """Return the positions of a department with their holders on a day as `holders`, in two queries."""
    holders = (
        Placement.objects.filter(on_day(on))
        .select_related("person")
        .order_by("-is_primary", "person__name_latin")[:PEOPLE_SHOWN]
    )
    return list(
        department.positions.order_by("code").prefetch_related(
            Prefetch("placements", queryset=holders, to_attr="holders")
        )
    )


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
    return department.successions.select_related("successor").order_by("date")
