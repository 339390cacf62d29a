"""Departments that go on in others: merge and split."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.departments import close_department, move_department
from neike.org.actions.errors import DatesError
from neike.org.actions.placements import end_placement, place_person
from neike.org.choices import SuccessionKind
from neike.org.models import (
    Department,
    DepartmentSuccession,
    Person,
    Placement,
    Position,
)
from neike.org.standing import chart, on_day


@transaction.atomic
def merge_departments(
    *,
    predecessors: Sequence[Department],
    successor: Department,
    on: date,
    by: Person | None,
    now: datetime,
) -> list[DepartmentSuccession]:
    """Let departments go on in another one from a day on.

    Their people and the departments below them move to the successor, then they are closed.

    Raises:
        DatesError: a department would succeed itself, or there is nothing to merge.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    if not predecessors or successor in predecessors:
        raise DatesError(_("A department cannot go on in itself."), code="itself")
    lock_structure()
    made = []
    for each in predecessors:
        _hand_over(each, successor, on, by, now)
        close_department(department=each, valid_from=on, by=by, now=now)
        made.append(_succeed(each, successor, on, SuccessionKind.MERGE, by, now))
    return made


@transaction.atomic
def split_department(
    *,
    predecessor: Department,
    successors: Sequence[Department],
    on: date,
    by: Person | None,
    now: datetime,
) -> list[DepartmentSuccession]:
    """Record that a department goes on in several others from a day on, and close it unless it is one of them.

    Raises:
        DatesError: fewer than two successors.
        InUseError: people or departments were not moved out first.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    if len(set(successors)) < 2:  # noqa: PLR2004 - a split makes at least two of one
        raise DatesError(_("A split needs at least two successors."), code="too_few")
    lock_structure()
    if predecessor not in successors:
        close_department(department=predecessor, valid_from=on, by=by, now=now)
    return [
        _succeed(predecessor, each, on, SuccessionKind.SPLIT, by, now)
        for each in successors
        if each != predecessor
    ]


def _hand_over(
    department: Department, successor: Department, on: date, by: Person | None, now: datetime
) -> None:
    """Move the people and the departments below from one department to another."""
    for child_id in chart(on=on).children(department.pk):
        move_department(
            department=Department.objects.get(pk=child_id),
            parent=successor,
            valid_from=on,
            by=by,
            now=now,
        )
    for placement in Placement.objects.filter(on_day(on), department=department).select_related(
        "position", "person"
    ):
        position = _same_position(placement.position, successor)
        until = placement.valid_to
        if placement.valid_from < on and not placement.is_primary:
            end_placement(placement=placement, on=on, by=by, now=now)
        place_person(
            person=placement.person,
            position=position,
            is_primary=placement.is_primary,
            valid_from=on,
            valid_to=until,
            by=by,
            now=now,
        )


def _same_position(position: Position, department: Department) -> Position:
    """Return the successor's position of the same title, making it if there is none."""
    for each in department.positions.all():
        if each.title == position.title:
            return each
    code = f"{position.code}-{department.pk}"[-32:]
    return Position.objects.create(code=code, department=department, title=position.title)


def _succeed(
    predecessor: Department,
    successor: Department,
    on: date,
    kind: SuccessionKind,
    by: Person | None,
    now: datetime,
) -> DepartmentSuccession:
    made = DepartmentSuccession.objects.create(
        predecessor=predecessor, successor=successor, date=on, kind=kind
    )
    record(
        action=f"org.department_{'merged' if kind == SuccessionKind.MERGE else 'split'}",
        subject=predecessor,
        by=by,
        after={"successor": successor.code, "date": on.isoformat()},
        now=now,
    )
    return made
