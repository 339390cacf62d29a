"""Looking at the organisation as it would be after a change, before anybody agrees to it."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit import queries as audit_queries
from neike.org import standing
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.errors import OrganisationError
from neike.org.models import Department, DepartmentSuccession, Placement, PostTerm
from neike.org.standing import OrgChart, chart, on_day

_KEY = re.compile(r"[0-9]{1,18}")


class StructureChangedError(OrganisationError):
    """Somebody changed a department after it was read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The organisation on a day: the chart, who is placed where, and how many positions each department has."""

    chart: OrgChart
    placed: frozenset[tuple[int, int]]
    """(person, department) of everybody placed."""
    positions: Counter[int]


@dataclass(frozen=True, slots=True)
class Trial:
    """The organisation on a day as it is and as it would be."""

    before: Picture
    after: Picture


def tried(do: Callable[[], object], *, on: date) -> Trial:
    """Return what a day would look like after `do`, of which nothing stays.

    Raises:
        Exception: whatever `do` refuses.
    """
    before = picture(on)
    try:
        with transaction.atomic():
            do()
            after = picture(on)
            transaction.set_rollback(True)
    finally:
        standing.forget()
    return Trial(before, after)


def picture(on: date) -> Picture:
    """Return the organisation on a day."""
    placed = Placement.objects.filter(on_day(on)).values_list("person_id", "department_id")
    open_ones = PostTerm.objects.filter(on_day(on))
    return Picture(
        chart(on=on),
        frozenset(placed),
        Counter(open_ones.values_list("department_id", flat=True)),
    )


@transaction.atomic
def guarded(do: Callable[[], object], seen: str) -> object:
    """Do something to departments that are still what somebody saw of them (`state_of`).

    Raises:
        StructureChangedError: somebody was faster; its words say what the department is now.
        Exception: whatever `do` refuses.
    """
    lock_structure()
    for part in filter(None, seen.split(",")):
        key, _separator, state = part.partition(":")
        department = Department.objects.filter(pk=int(key)).first() if _KEY.fullmatch(key) else None
        if department is not None and _digest(department) != state:
            raise StructureChangedError(_what_it_is_now(department), code="changed")
    return do()


def state_of(departments: Iterable[Department]) -> str:
    """Return what tells this state of departments from any other, as `guarded` reads it."""
    return ",".join(f"{each.pk}:{_digest(each)}" for each in departments)


def _digest(department: Department) -> str:
    versions = [
        (
            str(row.valid_from),
            row.name.as_json(),
            row.purpose.as_json(),
            row.parent_id,
            row.calendar_id,
            row.state,
        )
        for row in department.versions.order_by("valid_from")
    ]
    links = DepartmentSuccession.objects.filter(Q(predecessor=department) | Q(successor=department))
    said = (versions, sorted(links.values_list("pk", flat=True)))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _what_it_is_now(department: Department) -> str:
    newest = department.versions.order_by("valid_from").last()
    entry = audit_queries.entries_about(department).select_related("actor").order_by("-pk").first()
    words = {
        "name": newest.name if newest else department.code,
        "day": newest.valid_from.isoformat() if newest else "",
        "state": newest.get_state_display() if newest else "",
        "who": entry.actor.get_full_name() if entry and entry.actor else _("Somebody"),
        "above": _name_of(newest.parent) if newest and newest.parent else _("nothing"),
    }
    return (
        _(
            "%(who)s changed this department meanwhile. From %(day)s on it is “%(name)s”, below %(above)s, "
            "%(state)s. Nothing was saved; please look again."
        )
        % words
    )


def _name_of(department: Department) -> str:
    newest = department.versions.order_by("valid_from").last()
    return str(newest.name) if newest else department.code
