"""Positions over time: another title, another department, and their end."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.closing import require_open
from neike.org.actions.errors import DatesError, InUseError, OrganisationError
from neike.org.actions.transfers import carry_placement
from neike.org.models import Department, Person, Placement, Position


class PositionChangedError(OrganisationError):
    """Somebody changed the position after it was read."""


@transaction.atomic
def change_position(
    *,
    position: Position,
    title: LocalizedText,
    department: Department,
    on: date,
    by: Person | None,
    now: datetime,
    seen: str | None = None,
) -> Position:
    """Give a position another title or department from a day on, not one to come; its people go with it.

    `seen` is the `state_of` the position that the person decided on.

    Raises:
        DatesError: the day lies ahead, before the last change, or where the department is not open.
        PositionChangedError: somebody was faster.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    position = _locked(position, seen)
    before = {"title": position.title.as_json(), "department": position.department.code}
    after = {"title": title.as_json(), "department": department.code}
    if before == after:
        return position
    _require_day(position, on, policies.day_of(now))
    moves = department.pk != position.department_id
    if moves:
        require_open(department, on)
    _keep(position, on)
    position.title, position.department = title, department
    position.save(update_fields=["title", "department"])
    if moves:
        for row in _placements_from(position, on):
            carry_placement(placement=row, position=position, on=on, by=by, now=now)
    action = "org.position_moved" if moves else "org.position_renamed"
    record(
        action=action,
        subject=position,
        by=by,
        before=before,
        after={**after, "valid_from": on.isoformat()},
        now=now,
    )
    return position


@transaction.atomic
def close_position(
    *, position: Position, on: date, by: Person | None, now: datetime, seen: str | None = None
) -> Position:
    """Close a position from a day on: nobody is placed in it then.

    Raises:
        InUseError: somebody holds it on that day or later.
        DatesError: it is closed already.
        PositionChangedError: somebody was faster.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    position = _locked(position, seen)
    if position.closed_on is not None:
        raise DatesError(_("This position is closed already."), code="closed")
    holder = _placements_from(position, on).select_related("person").first()
    if holder is not None:
        raise InUseError(
            _("%(name)s holds this position on %(day)s or later. End that first.")
            % {"name": holder.person.name, "day": on.isoformat()},
            code="people",
        )
    return _set_closed(position, on, "org.position_closed", by, now)


@transaction.atomic
def reopen_position(*, position: Position, by: Person | None, now: datetime) -> Position:
    """Let people be placed in a closed position again."""
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    position = _locked(position, None)
    if position.closed_on is None:
        return position
    return _set_closed(position, None, "org.position_reopened", by, now)


def state_of(position: Position) -> str:
    """Return what tells this state of a position from any other."""
    closed = position.closed_on.isoformat() if position.closed_on else ""
    texts = "|".join(f"{key}={text}" for key, text in sorted(position.title.texts.items()))
    return f"{position.department_id}/{closed}/{texts}"


def _locked(position: Position, seen: str | None) -> Position:
    fresh = Position.objects.select_for_update().get(pk=position.pk)
    if seen is not None and seen != state_of(fresh):
        version = fresh.department.versions.order_by("valid_from").last()
        raise PositionChangedError(
            _("Somebody changed this position meanwhile: it is now “%(title)s” in %(department)s.")
            % {"title": fresh.title, "department": version.name if version else ""},
            code="changed",
        )
    return fresh


def _require_day(position: Position, on: date, today: date) -> None:
    if on > today:
        raise DatesError(
            _("A position changes from today or an earlier day on, not from one to come."),
            code="future",
        )
    last = position.past.order_by("valid_to").last()
    if last is not None and last.valid_to > on:
        raise DatesError(
            _("This position changed on %(day)s already. Choose that day or a later one.")
            % {"day": last.valid_to.isoformat()},
            code="before_change",
        )


def _keep(position: Position, on: date) -> None:
    """Keep what the position was until the day, unless it changed on that very day already."""
    position.past.get_or_create(
        valid_to=on, defaults={"department": position.department, "title": position.title}
    )


def _placements_from(position: Position, on: date) -> QuerySet[Placement]:
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return Placement.objects.filter(running, position=position).order_by("valid_from")


def _set_closed(
    position: Position, on: date | None, action: str, by: Person | None, now: datetime
) -> Position:
    before, position.closed_on = position.closed_on, on
    position.save(update_fields=["closed_on"])
    record(
        action=action,
        subject=position,
        by=by,
        before={"closed_on": before.isoformat() if before else None},
        after={"closed_on": on.isoformat() if on else None},
        now=now,
    )
    return position
