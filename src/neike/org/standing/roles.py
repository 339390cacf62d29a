"""Who leads what, and who holds which role, on a day."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import CharField, QuerySet, UUIDField, Value

from neike.kernel.memory import Memo
from neike.kernel.stamps import Kept
from neike.org.choices import Role
from neike.org.models import Department, DepartmentAncestry, DepartmentLead, Person, RoleGrant
from neike.org.standing.days import on_day

_LEADERSHIP: Final = ""  # marks, among the roles, the rows that come from leading a department


@dataclass(frozen=True, slots=True)
class Granted:
    """One role a person holds: everywhere, in a department and below, or for a service."""

    role: str
    department_id: int | None
    service: UUID | None

    @property
    def everywhere(self) -> bool:
        """Whether it covers the whole organisation."""
        return self.department_id is None and self.service is None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything a person holds on one day. `heads` are the departments they lead or deputise in themselves."""

    granted: tuple[Granted, ...]
    heads: frozenset[int]

    def anywhere(self, *roles: str) -> bool:
        """Whether one of the roles is held with whatever scope; leading any department makes a department head."""
        if Role.EMPLOYEE in roles or (self.heads and Role.LEAD in roles):
            return True
        return any(each.role in roles for each in self.granted)

    def of(self, role: str) -> list[Granted]:
        """Return the grants of one role."""
        return [each for each in self.granted if each.role == role]


STAFF: Final = "staff"
"""The topic of the stamp: what placements, grants, leads and departments hold, and who can work."""

_memo: Memo[tuple[int, date], Held] = Memo("roles")
_kept: Kept[tuple[int, date], Held] = Kept(STAFF)


def remembered() -> AbstractContextManager[None]:
    """Read each person's roles once inside the block: for one request, never for longer."""
    return _memo.kept()


def forget() -> None:
    """Make the rest of this request read roles again; called by whatever changes one."""
    _memo.forget()


def held_by(person: Person, *, on: date) -> Held:
    """Return everything a person holds on a day: at most one query, and within one request only one."""
    key = person.pk, on
    return _memo.get(key, lambda: _kept.get(key, lambda: _read(person.pk, on)))


def _read(person_id: int, on: date) -> Held:
    grants = RoleGrant.objects.filter(on_day(on), person_id=person_id)
    led = DepartmentLead.objects.filter(on_day(on), person_id=person_id).annotate(
        held=Value(_LEADERSHIP, output_field=CharField()),
        service=Value(None, output_field=UUIDField()),
    )
    rows = grants.values_list("role", "department_id", "service_public_id").union(
        led.values_list("held", "department_id", "service"), all=True
    )
    found = [Granted(*row) for row in rows]
    return Held(
        granted=tuple(each for each in found if each.role != _LEADERSHIP),
        heads=frozenset(
            each.department_id
            for each in found
            if each.role == _LEADERSHIP and each.department_id is not None
        ),
    )


def leads(person: Person, department: Department, *, on: date) -> bool:
    """Whether the person is lead or deputy of the department, or of one above it, on a day."""
    return _covers(held_by(person, on=on).heads, department, on)


def departments_led_by(person: Person, *, on: date) -> QuerySet[Department]:
    """Return the departments the person leads or deputises in, with all below them."""
    own = DepartmentLead.objects.filter(on_day(on), person=person).values("department")
    below = DepartmentAncestry.objects.filter(on_day(on), ancestor__in=own).values("descendant")
    return Department.objects.filter(pk__in=below)


def holds_role(
    person: Person,
    role: Role | str,
    department: Department | None = None,
    *,
    on: date,
    service: UUID | None = None,
) -> bool:
    """Whether the person holds a role on a day, by a grant that covers what is asked.

    Without `department` and `service` only a grant for the whole organisation counts. With a department also one
    scoped to it or to a department above; with a service (its public id) also one for that service. Everybody is
    an employee; leading the department counts as holding the department head's role there.
    """
    if role == Role.EMPLOYEE:
        return True
    held = held_by(person, on=on)
    granted = held.of(role)
    asked = UUID(str(service)) if service is not None else None
    if any(each.everywhere or (asked and each.service == asked) for each in granted):
        return True
    if department is None:
        return False
    scopes = {each.department_id for each in granted if each.department_id is not None}
    return _covers(scopes | held.heads if role == Role.LEAD else scopes, department, on)


def holds_role_anywhere(person: Person, *roles: Role | str, on: date) -> bool:
    """Whether a person holds one of the roles on a day with whatever scope: what a door or a menu asks."""
    return held_by(person, on=on).anywhere(*roles)


def _covers(scopes: Iterable[int], department: Department, on: date) -> bool:
    """Whether the department lies on a day in one of the departments; no query when there are none."""
    ids = list(scopes)
    if not ids:
        return False
    above = DepartmentAncestry.objects.filter(on_day(on), descendant=department)
    return above.filter(ancestor__in=ids).exists()
