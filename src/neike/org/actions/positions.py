"""Positions over time: another title, another department, and their end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.closing import require_open
from neike.org.actions.errors import DatesError, InUseError, OrganisationError
from neike.org.actions.terms import end_terms, reopen, require_no_post_circle, write_term
from neike.org.actions.transfers import carry_placement
from neike.org.models import Department, Person, Placement, Position, PostTerm
from neike.org.queries.structure import newest_term


class PositionChangedError(OrganisationError):
    """Somebody changed the position after it was read."""


@dataclass(frozen=True, slots=True)
class Above:
    """To which post a position reports; None: to none, the heads of departments decide."""

    position: Position | None


@transaction.atomic
def change_position(
    *,
    position: Position,
    title: LocalizedText,
    department: Department,
    on: date,
    by: Person | None,
    now: datetime,
    above: Above | None = None,
    seen: str | None = None,
) -> Position:
    """Give a position another title, department or post above from a day on, not one to come; its people go with it.

    `above` None leaves the post above as it is. `seen` is the `state_of` the position that the person decided on.

    Raises:
        DatesError: the day lies ahead, before the last change, or where the department is not open, or the
            position is closed then.
        CycleError: the position would report to itself over others.
        PositionChangedError: somebody was faster.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    position, held = _locked(position, seen)
    boss = above.position if above else (held.reports_to if held else None)
    before = _told(position.title, position.department, held.reports_to if held else None)
    after = _told(title, department, boss)
    if before == after:
        return position
    _require_day(held, on, policies.day_of(now))
    moves = department.pk != position.department_id
    if moves:
        require_open(department, on)
    write_term(position, on, title=title, department=department, reports_to=boss)
    require_no_post_circle([(position.pk, on)])
    if moves:
        for row in _placements_from(position, on):
            carry_placement(placement=row, position=position, on=on, by=by, now=now)
    record(
        action=_action(before, after),
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
    lock_structure()
    position, held = _locked(position, seen)
    if held is None or held.valid_to is not None:
        raise DatesError(_("This position is closed already."), code="closed")
    holder = _placements_from(position, on).select_related("person").first()
    if holder is not None:
        raise InUseError(
            _("%(name)s holds this position on %(day)s or later. End that first.")
            % {"name": holder.person.name, "day": on.isoformat()},
            code="people",
        )
    end_terms(position, on)
    _record_end(position, "org.position_closed", on, by, now)
    return position


@transaction.atomic
def reopen_position(*, position: Position, on: date, by: Person | None, now: datetime) -> Position:
    """Let people be placed in a closed position again from a day on; an end not before that day is taken back.

    Raises:
        DatesError: its department is not open on that day.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    position, held = _locked(position, None)
    if held is not None and held.valid_to is None:
        return position
    require_open(position.department, on)
    reopen(position, on)
    _record_end(position, "org.position_reopened", on, by, now)
    return position


def state_of(position: Position) -> str:
    """Return what tells this state of a position from any other."""
    held = newest_term(position)
    texts = "|".join(f"{key}={text}" for key, text in sorted(position.title.texts.items()))
    said = (held.pk, held.valid_to, held.reports_to_id, held.places) if held else ()
    return f"{position.department_id}/{'/'.join(map(str, said))}/{texts}"


def _locked(position: Position, seen: str | None) -> tuple[Position, PostTerm | None]:
    """Return the position as it is, locked, with its newest term."""
    fresh = Position.objects.select_for_update().get(pk=position.pk)
    if seen is not None and seen != state_of(fresh):
        version = fresh.department.versions.order_by("valid_from").last()
        raise PositionChangedError(
            _("Somebody changed this position meanwhile: it is now “%(title)s” in %(department)s.")
            % {"title": fresh.title, "department": version.name if version else ""},
            code="changed",
        )
    return fresh, newest_term(fresh)


def _require_day(held: PostTerm | None, on: date, today: date) -> None:
    if on > today:
        raise DatesError(
            _("A position changes from today or an earlier day on, not from one to come."),
            code="future",
        )
    if held is None or (held.valid_to is not None and held.valid_to <= on):
        raise DatesError(_("This position is closed already."), code="closed")


def _told(title: LocalizedText, department: Department, above: Position | None) -> dict[str, Any]:
    return {
        "title": title.as_json(),
        "department": department.code,
        "reports_to": above.code if above else None,
    }


def _action(before: dict[str, Any], after: dict[str, Any]) -> str:
    if before["department"] != after["department"]:
        return "org.position_moved"
    return "org.position_renamed" if before["title"] != after["title"] else "org.post_set"


def _placements_from(position: Position, on: date) -> QuerySet[Placement]:
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return Placement.objects.filter(running, position=position).order_by("valid_from")


def _record_end(
    position: Position, action: str, on: date, by: Person | None, now: datetime
) -> None:
    record(action=action, subject=position, by=by, after={"day": on.isoformat()}, now=now)
