"""What the organisation tells the modules above it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The hours of a calendar changed; open clocks computed with an older revision are stale."""

    name: ClassVar[str] = "org.calendar_changed.v1"
    calendar_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class DepartmentChanged:
    """A department was created, renamed, moved, closed, merged or split from a date on."""

    name: ClassVar[str] = "org.department_changed.v1"
    department_id: int
    valid_from: str


@dataclass(frozen=True, slots=True)
class PlacementChanged:
    """A person's placement began or ended."""

    name: ClassVar[str] = "org.placement_changed.v1"
    person_id: int
    department_id: int


@dataclass(frozen=True, slots=True)
class ReportingLineChanged:
    """To whom a person reports was set or ended, perhaps from a day to come."""

    name: ClassVar[str] = "org.reporting_line_changed.v1"
    person_id: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """A person was erased; whatever a module keeps that only they could read goes, too."""

    name: ClassVar[str] = "org.person_erased.v1"
    person_id: int
