"""The whole organisation on one day, read once and asked without any more queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import stamp_of, stamped
from neike.kernel.texts import LocalizedText
from neike.org.choices import DepartmentState, LeadKind
from neike.org.models import BusinessCalendar, DepartmentLead, DepartmentVersion
from neike.org.standing.days import on_day

CHART: Final = "org_chart"
"""The stamp of everything a chart is read from."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who leads a department or deputises; `kind` is a `LeadKind`."""

    person_id: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DepartmentOnDay:
    """One department as it was on the chart's day. `calendar_id` is its own calendar, not an inherited one."""

    id: int
    public_id: UUID
    code: str
    kind: str
    name: LocalizedText
    purpose: LocalizedText
    parent_id: int | None
    calendar_id: int | None
    state: str
    since: date
    leaders: tuple[Leader, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether the department works on that day."""
        return self.state == DepartmentState.ACTIVE


@dataclass(frozen=True, slots=True)
class OrgChart:
    """Every department that existed on the day `on`, closed ones included; siblings are ordered by code.

    Ids of departments that did not exist yet are answered with an empty name, no parent and no subtree.
    """

    on: date
    departments: Mapping[int, DepartmentOnDay]
    child_ids: Mapping[int | None, tuple[int, ...]]
    default_calendar_id: int | None

    def __contains__(self, department_id: object) -> bool:
        return department_id in self.departments

    def __iter__(self) -> Iterator[DepartmentOnDay]:
        return iter(self.departments.values())

    def __len__(self) -> int:
        return len(self.departments)

    def get(self, department_id: int | None) -> DepartmentOnDay | None:
        """Return the department on that day, or None when it did not exist."""
        return None if department_id is None else self.departments.get(department_id)

    def name(self, department_id: int | None) -> str:
        """Return the name in the reader's language; "" for a department that did not exist."""
        found = self.get(department_id)
        return str(found.name) if found else ""

    def path(self, department_id: int) -> tuple[str, ...]:
        """Return the names from the root down to the department itself."""
        ids = (*reversed(self.ancestors(department_id)), department_id)
        return tuple(self.name(each) for each in ids if each in self.departments)

    def parent(self, department_id: int) -> int | None:
        """Return the parent's id, or None for a root."""
        found = self.get(department_id)
        return found.parent_id if found else None

    def children(self, department_id: int | None) -> tuple[int, ...]:
        """Return the ids directly below; None gives the roots."""
        return self.child_ids.get(department_id, ())

    def roots(self) -> tuple[int, ...]:
        """Return the ids of the departments without a parent."""
        return self.children(None)

    def ancestors(self, department_id: int) -> tuple[int, ...]:
        """Return the ids above, nearest first, without the department itself."""
        found: list[int] = []
        above = self.parent(department_id)
        while above is not None and above not in found:
            found.append(above)
            above = self.parent(above)
        return tuple(found)

    def subtree(self, department_id: int) -> frozenset[int]:
        """Return the ids of the department and of all below it."""
        found: set[int] = set()
        waiting = [department_id] if department_id in self.departments else []
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting.extend(self.children(each))
        return frozenset(found)

    def walk(self) -> Iterator[tuple[int, DepartmentOnDay]]:
        """Yield (depth, department) in the order a tree is printed, roots at depth 0."""
        waiting = [(0, each) for each in reversed(self.roots())]
        while waiting:
            depth, each = waiting.pop()
            yield depth, self.departments[each]
            waiting.extend((depth + 1, child) for child in reversed(self.children(each)))

    def is_active(self, department_id: int) -> bool:
        """Whether the department existed and was not closed."""
        found = self.get(department_id)
        return found is not None and found.is_active

    def calendar_id(self, department_id: int) -> int | None:
        """Return the calendar that holds for the department: its own, the nearest ancestor's, else the default."""
        for each in (department_id, *self.ancestors(department_id)):
            found = self.get(each)
            if found and found.calendar_id:
                return found.calendar_id
        return self.default_calendar_id

    def leaders(self, department_id: int, kind: str | None = None) -> tuple[Leader, ...]:
        """Return who leads or deputises (all kinds unless one is named), leads first."""
        found = self.get(department_id)
        everybody = found.leaders if found else ()
        return tuple(each for each in everybody if kind in (None, each.kind))

    def lead(self, department_id: int) -> Leader | None:
        """Return the department's own lead, or None."""
        return next(iter(self.leaders(department_id, LeadKind.LEAD)), None)

    def manager_of(self, department_id: int, person_id: int) -> Leader | None:
        """Return to whom a person placed in the department reports: the nearest lead who is somebody else."""
        for each in (department_id, *self.ancestors(department_id)):
            found = self.lead(each)
            if found and found.person_id != person_id:
                return found
        return None


def chart(*, on: date) -> OrgChart:
    """Return the organisation as it stood on a day (in the organisation's zone).

    One query; two more when the structure changed since this process last read that day.
    """
    token = stamp_of(CHART)
    return _read(on) if token is None else _kept(on, token)


def stamps() -> tuple[SafetyObject, ...]:
    """Return the triggers that tell when a kept chart is stale: one for each table that is read for it."""
    return (
        stamped(CHART, "org_department"),
        stamped(CHART, "org_departmentversion"),
        stamped(CHART, "org_departmentlead"),
        stamped(CHART, "org_businesscalendar"),
        stamped(CHART, "org_person", columns=["name"]),
    )


@lru_cache(maxsize=32)
def _kept(on: date, _token: str) -> OrgChart:
    return _read(on)


def _read(on: date) -> OrgChart:
    later = DepartmentVersion.objects.filter(
        department=OuterRef("department"), valid_from__gt=OuterRef("valid_from"), valid_from__lte=on
    )
    default = BusinessCalendar.objects.filter(is_default=True).values("pk")[:1]
    versions = (
        DepartmentVersion.objects.filter(~Exists(later), valid_from__lte=on)
        .select_related("department")
        .annotate(default_calendar=Subquery(default))
        .order_by("department__code")
    )
    leaders = _leaders(on)
    found = {row.department_id: _department(row, leaders) for row in versions}
    first = next(iter(versions), None)
    return OrgChart(
        on=on,
        departments=found,
        child_ids=_children(found.values()),
        default_calendar_id=first.default_calendar if first else None,
    )


def _department(row: DepartmentVersion, leaders: Mapping[int, list[Leader]]) -> DepartmentOnDay:
    return DepartmentOnDay(
        id=row.department_id,
        public_id=row.department.public_id,
        code=row.department.code,
        kind=row.department.kind,
        name=row.name,
        purpose=row.purpose,
        parent_id=row.parent_id,
        calendar_id=row.calendar_id,
        state=row.state,
        since=row.valid_from,
        leaders=tuple(leaders.get(row.department_id, ())),
    )


def _leaders(on: date) -> dict[int, list[Leader]]:
    found: dict[int, list[Leader]] = {}
    rows = DepartmentLead.objects.filter(on_day(on)).order_by("-kind", "valid_from", "pk")
    for department, person, name, kind in rows.values_list(
        "department_id", "person_id", "person__name", "kind"
    ):
        found.setdefault(department, []).append(Leader(person, name, kind))
    return found


def _children(departments: Iterable[DepartmentOnDay]) -> dict[int | None, tuple[int, ...]]:
    found: dict[int | None, list[int]] = {}
    known = {each.id for each in departments}
    for each in departments:
        # A parent that does not exist on the day leaves its child visible as a root.
        parent = each.parent_id if each.parent_id in known else None
        found.setdefault(parent, []).append(each.id)
    return {parent: tuple(ids) for parent, ids in found.items()}
