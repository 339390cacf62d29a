"""Closing departments and opening them again."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.kernel.audit import record
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.departments import change_department, require_parent
from neike.org.actions.errors import DatesError, InUseError
from neike.org.actions.posts import end_lead
from neike.org.actions.terms import end_terms, reopen
from neike.org.choices import DepartmentState
from neike.org.models import (
    Department,
    DepartmentLead,
    DepartmentVersion,
    Person,
    Placement,
    Position,
    PostTerm,
)

_NAMED = 5


@transaction.atomic
def close_department(
    *, department: Department, valid_from: date, by: Person | None, now: datetime
) -> DepartmentVersion:
    """Close a department from a day on; what it did stays as it was.

    Who led it leads it until that day, and its positions end then.

    Raises:
        DatesError: it did not exist yet on that day, or is closed then already.
        InUseError: people are placed in it, or open departments stand below it, on that day or later.
    """
    lock_structure()
    held = require_open(department, valid_from)
    _require_nobody(department, valid_from)
    _require_nothing_below(department, valid_from)
    version = change_department(
        department=department,
        changes={"state": DepartmentState.CLOSED},
        action="org.department_closed",
        valid_from=valid_from,
        by=by,
        now=now,
    )
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    for lead in DepartmentLead.objects.filter(running, department=held.department_id):
        end_lead(lead=lead, on=valid_from, by=by, now=now)
    _end_positions(department, valid_from, by=by, now=now)
    return version


@transaction.atomic
def reopen_department(
    *, department: Department, valid_from: date, by: Person | None, now: datetime
) -> DepartmentVersion:
    """Open a closed department again from a day on, with the positions that ended when it closed.

    Raises:
        DatesError: it is not closed on that day, or what stands above it is.
    """
    lock_structure()
    held = department.versions.filter(valid_from__lte=valid_from).order_by("valid_from").last()
    if held is not None and held.state != DepartmentState.CLOSED:
        raise DatesError(
            _("“%(name)s” is open on %(day)s.")
            % {"name": held.name, "day": valid_from.isoformat()},
            code="open",
        )
    if held is not None:
        require_parent(held.parent, valid_from)
    version = change_department(
        department=department,
        changes={"state": DepartmentState.ACTIVE},
        action="org.department_reopened",
        valid_from=valid_from,
        by=by,
        now=now,
    )
    if held is not None:
        _reopen_positions(department, held.valid_from, valid_from, by=by, now=now)
    return version


def require_open(department: Department, on: date) -> DepartmentVersion:
    """Return what a department is on a day.

    Raises:
        DatesError: it did not exist yet, or is closed then.
    """
    held = department.versions.filter(valid_from__lte=on).order_by("valid_from").last()
    if held is None:
        first = department.versions.order_by("valid_from").first()
        raise DatesError(
            _("“%(name)s” did not exist yet on %(day)s.")
            % {"name": first.name if first else department.code, "day": on.isoformat()},
            code="before_start",
        )
    if held.state == DepartmentState.CLOSED:
        raise DatesError(
            _("“%(name)s” is closed since %(day)s.")
            % {"name": held.name, "day": held.valid_from.isoformat()},
            code="closed",
        )
    return held


def _require_nobody(department: Department, on: date) -> None:
    placed = Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), department=department
    )
    count = placed.values("person").distinct().count()
    if count:
        text = ngettext(
            "%(count)s person is still placed in this department on %(day)s or later: %(names)s.",
            "%(count)s people are still placed in this department on %(day)s or later: %(names)s.",
            count,
        )
        raise InUseError(
            text % {"count": count, "day": on.isoformat(), "names": _names_of(placed)},
            code="people",
        )


def _names_of(placed: QuerySet[Placement]) -> str:
    found = placed.order_by("person__name_latin").values_list("person__name", flat=True).distinct()
    names = list(found[: _NAMED + 1])
    more = "…" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _require_nothing_below(department: Department, on: date) -> None:
    """Refuse while some open department stands below on the day, or is to stand there later.

    Raises:
        InUseError: one does.
    """
    known = DepartmentVersion.objects.filter(parent=department).values("department")
    rows = DepartmentVersion.objects.filter(department__in=known).order_by(
        "department", "valid_from"
    )
    held: dict[int, DepartmentVersion] = {}
    for row in rows:
        if row.valid_from <= on:
            held[row.department_id] = row
    later = [row for row in rows if row.valid_from > on]
    for row in (*held.values(), *later):
        if row.parent_id == department.pk and row.state == DepartmentState.ACTIVE:
            raise InUseError(
                _("“%(name)s” stands below this department on %(day)s. Move or close it first.")
                % {"name": row.name, "day": max(on, row.valid_from).isoformat()},
                code="children",
            )


def _end_positions(department: Department, on: date, *, by: Person | None, now: datetime) -> None:
    """Close the positions of a department that closes on a day; the caller has made sure that nobody holds one."""
    for each in department.positions.filter(
        Exists(
            PostTerm.objects.filter(
                Q(valid_to__isnull=True) | Q(valid_to__gt=on), position=OuterRef("pk")
            )
        )
    ).order_by("pk"):
        end_terms(each, on)
        _told_of(each, "org.position_closed", on, by, now)


def _reopen_positions(
    department: Department, closed_on: date, on: date, *, by: Person | None, now: datetime
) -> None:
    """Open the positions again that closed with their department on a day."""
    ended = PostTerm.objects.filter(position=OuterRef("pk"), valid_to=closed_on)
    later = PostTerm.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=closed_on), position=OuterRef("pk")
    )
    for each in department.positions.filter(Exists(ended), ~Exists(later)).order_by("pk"):
        reopen(each, on)
        _told_of(each, "org.position_reopened", on, by, now)


def _told_of(position: Position, action: str, on: date, by: Person | None, now: datetime) -> None:
    record(action=action, subject=position, by=by, after={"day": on.isoformat()}, now=now)
