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
from neike.org.models.erasures import ErasureProposal
from neike.org.models.imports import DirectoryImport
from neike.org.models.people import Absence, Person, Placement, Substitution
from neike.org.models.reporting import PostTerm, ReportingLine
from neike.org.models.roles import RoleGrant, RoleProposal

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
    "DirectoryImport",
    "ErasureProposal",
    "Person",
    "Placement",
    "Position",
    "PostTerm",
    "ReportingLine",
    "RoleGrant",
    "RoleProposal",
    "Substitution",
    "WeeklyInterval",
]
