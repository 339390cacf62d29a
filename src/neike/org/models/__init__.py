"""What is stored about the organisation."""

from neike.org.models.calendars import (
    BusinessCalendar,
    CalendarException,
    CalendarYear,
    WeeklyInterval,
)
from neike.org.models.departments import (
    Department,
    DepartmentAncestry,
    DepartmentLead,
    DepartmentSuccession,
    DepartmentVersion,
    Position,
)
from neike.org.models.people import Absence, Person, Placement, RoleGrant, Substitution

__all__ = [
    "Absence",
    "BusinessCalendar",
    "CalendarException",
    "CalendarYear",
    "Department",
    "DepartmentAncestry",
    "DepartmentLead",
    "DepartmentSuccession",
    "DepartmentVersion",
    "Person",
    "Placement",
    "Position",
    "RoleGrant",
    "Substitution",
    "WeeklyInterval",
]
