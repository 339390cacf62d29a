"""Who works where, kept in this process until a placement, a grant, a department or a person changes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import Kept, stamped
from neike.org.models import Department, Person
from neike.org.standing import placements, roles
from neike.org.standing.roles import STAFF


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to choose from a list."""

    pk: int
    public_id: UUID
    name: str


_served: Kept[tuple[int, date], frozenset[int]] = Kept(STAFF)
_led: Kept[tuple[int, date], frozenset[int]] = Kept(STAFF)
_staffed: Kept[tuple[frozenset[int], date], frozenset[int]] = Kept(STAFF, most=200)
_agents: Kept[tuple[int, date], tuple[Colleague, ...]] = Kept(STAFF, most=200)


def ids_served_by(person: Person, *, on: date) -> frozenset[int]:
    """Return the ids of `departments_served_by`."""
    rows = placements.departments_served_by
    return _served.get(
        (person.pk, on), lambda: frozenset(rows(person, on=on).values_list("pk", flat=True))
    )


def ids_led_by(person: Person, *, on: date) -> frozenset[int]:
    """Return the ids of `departments_led_by`."""
    rows = roles.departments_led_by
    return _led.get(
        (person.pk, on), lambda: frozenset(rows(person, on=on).values_list("pk", flat=True))
    )


def staffed(departments: Collection[int], *, on: date) -> frozenset[int]:
    """Return those departments (ids) in which somebody takes requests on a day; see `placements.staffed`."""
    wanted = frozenset(departments)
    return _staffed.get((wanted, on), lambda: placements.staffed(wanted, on=on))


def colleagues_of(department_id: int, *, on: date) -> tuple[Colleague, ...]:
    """Return `agents_of`, for lists to choose from."""

    def read() -> tuple[Colleague, ...]:
        people = placements.agents_of(Department(pk=department_id), on=on)
        return tuple(Colleague(*row) for row in people.values_list("pk", "public_id", "name"))

    return _agents.get((department_id, on), read)


def stamps() -> tuple[SafetyObject, ...]:
    """Return the triggers that tell when what is kept is stale: one for each table that is read for it."""
    person = ("name", "name_latin", "kind", "can_sign_in", "left_on")
    return (
        stamped(STAFF, "org_department"),
        stamped(STAFF, "org_departmentversion"),
        stamped(STAFF, "org_departmentancestry"),
        stamped(STAFF, "org_departmentsuccession"),
        stamped(STAFF, "org_departmentlead"),
        stamped(STAFF, "org_placement"),
        stamped(STAFF, "org_rolegrant"),
        stamped(STAFF, "org_person", columns=person),
    )
