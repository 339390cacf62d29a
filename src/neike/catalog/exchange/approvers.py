"""Who approves: stored by public ids, in a file by codes and numbers that people can read."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from neike.catalog.actions import StandardRefusedError
from neike.org.models import Department, Person, Position

_UNKNOWN: Final = "?"
"""What stands in a file for somebody who is not there any more."""


def named_rule(rule: Mapping[str, str]) -> dict[str, str]:
    """Return a stored rule with readable names instead of public ids."""
    return {name: _name(name, value) for name, value in rule.items()}


def _name(name: str, value: str) -> str:
    rows: Any
    match name:
        case "department":
            rows, column = Department.objects, "code"
        case "position":
            rows, column = Position.objects, "code"
        case "person":
            rows, column = Person.objects, "employee_no"
        case _:
            return value
    found = rows.filter(public_id=UUID(value)).values_list(column, flat=True).first()
    return str(found or _UNKNOWN)


def stored_rule(rule: Mapping[str, str], find: Callable[[str, str], Department]) -> dict[str, str]:
    """Return a file's rule with the public ids of what it names.

    Raises:
        ServiceFileError: there is no such department.
        StandardRefusedError: there is no such position or person.
    """
    found = dict(rule)
    if "department" in rule:
        found["department"] = str(find("standard.steps", rule["department"]).public_id)
    if "position" in rule:
        position = Position.objects.filter(code=rule["position"]).first()
        if position is None:
            raise StandardRefusedError(
                _("There is no position with the code %(code)s.") % {"code": rule["position"]}
            )
        found["position"] = str(position.public_id)
    if "person" in rule:
        person = Person.objects.filter(employee_no=rule["person"]).first()
        if person is None:
            raise StandardRefusedError(
                _("There is nobody with the number %(number)s.") % {"number": rule["person"]}
            )
        found["person"] = str(person.public_id)
    return found
