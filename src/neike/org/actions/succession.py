"""Departments that go on in others: merge and split."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.closing import close_department, require_open
from neike.org.actions.departments import create_department, move_department
from neike.org.actions.errors import CycleError, DatesError, InUseError
from neike.org.actions.going_on import Heirs
from neike.org.actions.posts import set_lead
from neike.org.actions.transfers import carry_placement
from neike.org.choices import DepartmentKind, SuccessionKind
from neike.org.models import (
    Department,
    DepartmentSuccession,
    Person,
    Placement,
    Position,
    PostTerm,
)
from neike.org.standing import chart

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Founding:
    """A department that a merge or split makes."""

    code: str
    name: LocalizedText
    parent: Department | None = None
    kind: str = DepartmentKind.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: who and what goes there, and who leads it (None: as it is)."""

    department: Department | Founding
    placements: Sequence[Placement] = ()
    positions: Sequence[Position] = ()
    children: Sequence[Department] = ()
    lead: Person | None = None


@dataclass(slots=True)
class Split:
    """What a split has made."""

    departments: list[Department] = field(default_factory=list)
    successions: list[DepartmentSuccession] = field(default_factory=list)


@transaction.atomic
def merge_departments(
    *,
    predecessors: Sequence[Department],
    successor: Department | Founding,
    on: date,
    by: Person | None,
    now: datetime,
    lead: Person | None = None,
) -> list[DepartmentSuccession]:
    """Let departments go on in another one, which may be founded by this, from a day on.

    Their people and the departments below them move to the successor, then they are closed.

    Raises:
        DatesError: a department would succeed itself, is not open on that day, or there is nothing to merge.
        CycleError: the successor stands below one of the departments.
        InUseError: something is to move into one of the departments later.
        TakenError: another department has the code of the one to be founded.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    if not predecessors or successor in predecessors:
        raise DatesError(_("A department cannot go on in itself."), code="itself")
    lock_structure()
    for each in predecessors:
        require_open(each, on)
    _require_not_below(successor, predecessors, on)
    going_on = _open_or_found(successor, on, by, now)
    made = []
    heirs = Heirs(on)
    depth = {each.pk: len(chart(on=on).ancestors(each.pk)) for each in predecessors}
    for each in sorted(set(predecessors), key=lambda row: (-depth[row.pk], row.pk)):
        _hand_over(each, going_on, heirs, on, by, now)
        close_department(department=each, valid_from=on, by=by, now=now)
        made.append(_succeed(each, going_on, on, SuccessionKind.MERGE, by, now))
    heirs.carry_lines()
    _name_lead(going_on, lead, on, by, now)
    return made


@transaction.atomic
def divide_department(
    *,
    predecessor: Department,
    parts: Sequence[Part],
    on: date,
    by: Person | None,
    now: datetime,
) -> Split:
    """Divide a department from a day on: everybody and everything in it goes to one of the parts.

    The department itself may be one of the parts; otherwise it is closed.

    Raises:
        DatesError: fewer than two parts, twice the same one, or one that is not open on that day.
        CycleError: a part stands below the department and would get what it stands in.
        InUseError: somebody, a position or a department below is assigned nowhere.
        TakenError: another department has the code of one to be founded.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    known = [each.department for each in parts if isinstance(each.department, Department)]
    if len(parts) < 2:  # noqa: PLR2004 - a split makes at least two of one
        raise DatesError(_("A split needs at least two parts."), code="too_few")
    if len(set(known)) < len(known):
        raise DatesError(_("Each part of a split must be another department."), code="twice")
    lock_structure()
    require_open(predecessor, on)
    _require_everything(predecessor, parts, on)
    heirs = Heirs(on)
    founded = [(part, _open_or_found(part.department, on, by, now)) for part in parts]
    for part, department in founded:
        if department != predecessor:
            _move_into(department, part, heirs, on, by, now)
    for part, department in founded:
        _name_lead(department, part.lead, on, by, now)
    departments = [department for _part, department in founded]
    made = split_department(predecessor=predecessor, successors=departments, on=on, by=by, now=now)
    heirs.carry_lines()
    return Split(departments, made)


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
        raise DatesError(_("A split needs at least two parts."), code="too_few")
    lock_structure()
    if predecessor not in successors:
        close_department(department=predecessor, valid_from=on, by=by, now=now)
    return [
        _succeed(predecessor, each, on, SuccessionKind.SPLIT, by, now)
        for each in successors
        if each != predecessor
    ]


def placements_from(department: Department, on: date) -> QuerySet[Placement]:
    """Return the placements of a department that hold on a day or later."""
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return (
        Placement.objects.filter(running, department=department)
        .select_related("person", "position")
        .order_by("position__code", "person__name_latin", "pk")
    )


def vacant_positions(department: Department, on: date) -> QuerySet[Position]:
    """Return the open positions of a department that nobody holds on a day or later."""
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    terms = PostTerm.objects.filter(running, department=department)
    held = placements_from(department, on).order_by().values("position")
    return (
        Position.objects.filter(pk__in=terms.values("position"))
        .exclude(pk__in=held)
        .order_by("code")
    )


def _require_not_below(
    successor: Department | Founding, predecessors: Sequence[Department], on: date
) -> None:
    organisation = chart(on=on)
    start = successor.parent if isinstance(successor, Founding) else successor
    if start is None:
        return
    line = {start.pk, *organisation.ancestors(start.pk)}
    for each in predecessors:
        if each.pk in line:
            raise CycleError(
                _("What goes on stands below “%(name)s” itself on %(day)s. Move it out first.")
                % {"name": organisation.name(each.pk), "day": on.isoformat()},
                code="below",
            )


def _open_or_found(
    which: Department | Founding, on: date, by: Person | None, now: datetime
) -> Department:
    if isinstance(which, Department):
        require_open(which, on)
        return which
    return create_department(
        code=which.code,
        name=which.name,
        kind=which.kind,
        parent=which.parent,
        valid_from=on,
        by=by,
        now=now,
    )


def _require_everything(predecessor: Department, parts: Sequence[Part], on: date) -> None:
    """Refuse a split that leaves something behind.

    Raises:
        InUseError: it would.
    """
    placed = {each.pk for part in parts for each in part.placements}
    positions = {each.pk for part in parts for each in part.positions}
    below = {each.pk for part in parts for each in part.children}
    organisation = chart(on=on)
    forgotten = [
        *(row.person.name for row in placements_from(predecessor, on) if row.pk not in placed),
        *(str(row.title) for row in vacant_positions(predecessor, on) if row.pk not in positions),
        *(
            organisation.name(pk)
            for pk in organisation.children(predecessor.pk)
            if organisation.is_active(pk) and pk not in below
        ),
    ]
    if forgotten:
        more = "…" if len(forgotten) > _NAMED else ""
        raise InUseError(
            _("Assigned nowhere: %(names)s. Say for everybody and everything where it goes.")
            % {"names": ", ".join(forgotten[:_NAMED]) + more},
            code="unassigned",
        )


def _move_into(
    department: Department,
    part: Part,
    heirs: Heirs,
    on: date,
    by: Person | None,
    now: datetime,
) -> None:
    for child in part.children:
        if child != department:
            move_department(department=child, parent=department, valid_from=on, by=by, now=now)
    for placement in part.placements:
        position = heirs.of(placement.position, department)
        carry_placement(placement=placement, position=position, on=on, by=by, now=now)
    for vacant in part.positions:
        heirs.of(vacant, department)


def _hand_over(
    department: Department,
    successor: Department,
    heirs: Heirs,
    on: date,
    by: Person | None,
    now: datetime,
) -> None:
    """Move the people and the open departments below from one department to another."""
    organisation = chart(on=on)
    for child_id in organisation.children(department.pk):
        if organisation.is_active(child_id):
            move_department(
                department=Department.objects.get(pk=child_id),
                parent=successor,
                valid_from=on,
                by=by,
                now=now,
            )
    for placement in placements_from(department, on):
        position = heirs.of(placement.position, successor)
        carry_placement(placement=placement, position=position, on=on, by=by, now=now)


def _name_lead(
    department: Department, lead: Person | None, on: date, by: Person | None, now: datetime
) -> None:
    present = chart(on=on).lead(department.pk)
    if lead is None or (present is not None and present.person_id == lead.pk):
        return
    set_lead(department=department, person=lead, valid_from=on, by=by, now=now)


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
