"""Builders of the organisation."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from neike.kernel.texts import LocalizedText
from neike.org.choices import Role
from neike.org.latin import latin_name
from neike.org.models import (
    BusinessCalendar,
    Department,
    DepartmentAncestry,
    DepartmentVersion,
    Person,
    Placement,
    Position,
    PostTerm,
    RoleGrant,
)

_next = count(1)
EPOCH = date(2020, 1, 1)
PASSWORD = "a long enough secret"
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def calendar(**fields: object) -> BusinessCalendar:
    """Return a Monday to Friday calendar, 09:00-12:00 and 13:30-18:00 in Shanghai."""
    made = BusinessCalendar.objects.create(
        **{
            "name": LocalizedText.of(zh="工作日", en="Working days"),
            "zone": "Asia/Shanghai",
            **fields,
        }
    )
    for weekday in range(5):
        made.intervals.create(weekday=weekday, opens=9 * 60, closes=12 * 60)
        made.intervals.create(weekday=weekday, opens=13 * 60 + 30, closes=18 * 60)
    return made


def department(
    name: str = "", *, parent: Department | None = None, calendar: BusinessCalendar | None = None
) -> Department:
    """Return a department valid since 2020, with its ancestry."""
    number = next(_next)
    made = Department.objects.create(code=f"D{number}")
    DepartmentVersion.objects.create(
        department=made,
        valid_from=EPOCH,
        name=LocalizedText.of(zh=name or f"部门{number}", en=name or f"Department {number}"),
        parent=parent,
        calendar=calendar,
    )
    DepartmentAncestry.objects.create(ancestor=made, descendant=made, depth=0, valid_from=EPOCH)
    if parent is not None:
        for row in DepartmentAncestry.objects.filter(descendant=parent):
            DepartmentAncestry.objects.create(
                ancestor_id=row.ancestor_id,
                descendant=made,
                depth=row.depth + 1,
                valid_from=EPOCH,
            )
    return made


def person(name: str = "", *, department: Department | None = None, **fields: object) -> Person:
    """Return a person who can sign in, placed in `department` when one is given."""
    number = next(_next)
    name = name or f"Person {number}"
    latin = latin_name(name)
    made = Person.objects.create(
        **{
            "employee_no": f"E{number}",
            "name": name,
            "name_latin": latin.full,
            "name_initials": latin.initials,
            "email": f"e{number}@example.com",
            "created_at": NOW,
            **fields,
        }
    )
    if department is not None:
        placement(made, department)
    return made


def placement(person: Person, department: Department) -> Placement:
    """Place a person in a new position of the department."""
    number = next(_next)
    title = LocalizedText.of(zh="专员", en="Specialist")
    position = Position.objects.create(code=f"P{number}", department=department, title=title)
    PostTerm.objects.create(position=position, department=department, title=title, valid_from=EPOCH)
    return Placement.objects.create(
        person=person, position=position, department=department, valid_from=EPOCH
    )


def account(name: str = "", *, password: str = PASSWORD, **fields: Any) -> Person:
    """Return a person with a password."""
    made = person(name, **fields)
    made.set_password(password)
    made.save()
    return made


def grant(person: Person, role: Role, **scope: object) -> RoleGrant:
    """Return a role in force since 2020, given by the installation."""
    return RoleGrant.objects.create(person=person, role=role, **{"valid_from": EPOCH, **scope})


def administrator(name: str = "", **fields: Any) -> Person:
    """Return a system administrator."""
    made = person(name, **fields)
    grant(made, Role.ADMINISTRATOR)
    return made
