"""Creating, renaming and moving departments: always a new version from a date, never an overwrite."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.ancestry import extend_ancestry, lock_structure, rebuild_ancestry
from neike.org.actions.errors import CycleError, DatesError, TakenError
from neike.org.choices import DepartmentKind, DepartmentState
from neike.org.events import DepartmentChanged
from neike.org.models import (
    BusinessCalendar,
    Department,
    DepartmentVersion,
    Person,
)

FIELDS = ("name", "purpose", "parent_id", "calendar_id", "state")


@transaction.atomic
def create_department(
    *,
    code: str,
    name: LocalizedText,
    valid_from: date,
    by: Person | None,
    now: datetime,
    kind: str = DepartmentKind.DEPARTMENT,
    purpose: LocalizedText | None = None,
    parent: Department | None = None,
    calendar: BusinessCalendar | None = None,
    imported_from: str = "",
) -> Department:
    """Create a department that exists from a day on; without a calendar it follows the one above.

    Raises:
        TakenError: another department has the code.
        DatesError: the department above does not exist, or is closed, on that day.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    if Department.objects.filter(code=code).exists():
        raise TakenError(_("The code %(code)s is taken.") % {"code": code}, code="taken")
    require_parent(parent, valid_from)
    made = Department.objects.create(code=code, kind=kind, imported_from=imported_from)
    version = DepartmentVersion.objects.create(
        department=made,
        valid_from=valid_from,
        name=name,
        purpose=purpose or LocalizedText(),
        parent=parent,
        calendar=calendar,
    )
    extend_ancestry(made, parent, valid_from)
    record(
        action="org.department_created",
        subject=made,
        by=by,
        after={"code": code, "kind": kind, "valid_from": valid_from.isoformat(), **_shown(version)},
        now=now,
    )
    _announce(made, valid_from, now)
    return made


def rename_department(
    *,
    department: Department,
    name: LocalizedText,
    valid_from: date,
    by: Person | None,
    now: datetime,
    purpose: LocalizedText | None = None,
) -> DepartmentVersion:
    """Give a department another name (and purpose) from a day on."""
    changes: dict[str, Any] = {"name": name}
    if purpose is not None:
        changes["purpose"] = purpose
    return change_department(
        department=department,
        changes=changes,
        action="org.department_renamed",
        valid_from=valid_from,
        by=by,
        now=now,
    )


def move_department(
    *,
    department: Department,
    parent: Department | None,
    valid_from: date,
    by: Person | None,
    now: datetime,
) -> DepartmentVersion:
    """Put a department below another one, or at the top, from a day on.

    Raises:
        CycleError: the new parent stands below the department on some day.
        DatesError: the new parent does not exist, or is closed, on that day.
    """
    if parent == department:
        raise CycleError(_("A department cannot stand below itself."), code="cycle")
    require_parent(parent, valid_from)
    return change_department(
        department=department,
        changes={"parent_id": parent.pk if parent else None},
        action="org.department_moved",
        valid_from=valid_from,
        by=by,
        now=now,
    )


def revise_department(
    *,
    department: Department,
    changes: dict[str, Any],
    parent: Department | None,
    valid_from: date,
    by: Person | None,
    now: datetime,
) -> DepartmentVersion:
    """Rename, move and describe a department anew in one step; `parent` is the one `changes` names by its id.

    Raises:
        CycleError: the new parent stands below the department on some day.
        DatesError: the department did not exist yet, or the new parent is not open from that day on.
    """
    held = department.versions.filter(valid_from__lte=valid_from).order_by("valid_from").last()
    moves = held is not None and held.parent_id != changes["parent_id"]
    renames = held is not None and held.name != changes["name"]
    if parent == department:
        raise CycleError(_("A department cannot stand below itself."), code="cycle")
    if moves:
        require_parent(parent, valid_from)
    actions = {(True, False): "org.department_moved", (False, True): "org.department_renamed"}
    return change_department(
        department=department,
        changes=changes,
        action=actions.get((moves, renames), "org.department_changed"),
        valid_from=valid_from,
        by=by,
        now=now,
    )


def set_department_calendar(
    *,
    department: Department,
    calendar: BusinessCalendar | None,
    valid_from: date,
    by: Person | None,
    now: datetime,
) -> DepartmentVersion:
    """Give a department its own calendar from a day on; None makes it follow the one above."""
    return change_department(
        department=department,
        changes={"calendar_id": calendar.pk if calendar else None},
        action="org.department_calendar_set",
        valid_from=valid_from,
        by=by,
        now=now,
    )


@transaction.atomic
def change_department(
    *,
    department: Department,
    changes: dict[str, Any],
    action: str,
    valid_from: date,
    by: Person | None,
    now: datetime,
) -> DepartmentVersion:
    """Write `changes` (fields of `DepartmentVersion`) as the version that begins on a day.

    A version that begins on that very day is corrected. Later versions that had merely carried a changed field on
    carry the new value on; the first later version that changed the field itself keeps it. Nothing is written when
    nothing differs.

    Raises:
        DatesError: the department did not exist yet on that day.
        CycleError: the department would stand below itself.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    rows = list(department.versions.select_for_update().order_by("valid_from"))
    held = [row for row in rows if row.valid_from <= valid_from]
    if not held:
        raise DatesError(
            _("The department did not exist yet on %(day)s.") % {"day": valid_from.isoformat()},
            code="before_start",
        )
    base = held[-1]
    before = {field: getattr(base, field) for field in changes}
    if before == changes:
        return base
    version = _version_on(base, valid_from)
    _carry(version, rows[len(held) :], before, changes)
    if "parent_id" in changes:
        rebuild_ancestry()
    record(
        action=action,
        subject=department,
        by=by,
        before={field: _plain(value) for field, value in before.items()},
        after={
            "valid_from": valid_from.isoformat(),
            **{field: _plain(value) for field, value in changes.items()},
        },
        now=now,
    )
    _announce(department, valid_from, now)
    return version


def _version_on(base: DepartmentVersion, valid_from: date) -> DepartmentVersion:
    """Return the version to write: the one that begins on the day, or a copy of the one that holds on it."""
    if base.valid_from == valid_from:
        return base
    copied = {field: getattr(base, field) for field in FIELDS}
    return DepartmentVersion(department_id=base.department_id, valid_from=valid_from, **copied)


def _carry(
    version: DepartmentVersion,
    later: list[DepartmentVersion],
    before: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    """Set the changed fields on the version, and on later ones for as long as they had carried the old value on."""
    open_fields = set(changes)
    for row in (version, *later):
        if row is not version:
            open_fields = {field for field in open_fields if getattr(row, field) == before[field]}
        for field in open_fields:
            setattr(row, field, changes[field])
        if open_fields:
            row.save()


def require_parent(parent: Department | None, on: date) -> None:
    """Make sure that what stands above a department from a day on is open from that day on.

    Raises:
        DatesError: it does not exist yet, is closed, or closes later.
    """
    if parent is None:
        return
    held = parent.versions.filter(valid_from__lte=on).order_by("valid_from").last()
    if held is None or held.state == DepartmentState.CLOSED:
        raise DatesError(
            _("The department above does not exist, or is closed, on %(day)s.")
            % {"day": on.isoformat()},
            code="parent",
        )
    closes = parent.versions.filter(valid_from__gt=on, state=DepartmentState.CLOSED).first()
    if closes is not None:
        raise DatesError(
            _("The department above closes on %(day)s.") % {"day": closes.valid_from.isoformat()},
            code="parent_closes",
        )


def _shown(version: DepartmentVersion) -> dict[str, Any]:
    return {field: _plain(getattr(version, field)) for field in FIELDS}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field's value
    """Return a field's value as JSON holds it."""
    return value.as_json() if isinstance(value, LocalizedText) else value


def _announce(department: Department, valid_from: date, now: datetime) -> None:
    announce(
        DepartmentChanged(department_id=department.pk, valid_from=valid_from.isoformat()),
        aggregate=f"department:{department.pk}",
        now=now,
    )
