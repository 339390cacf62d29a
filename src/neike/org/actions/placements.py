"""Placing people in positions and ending placements."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.errors import DatesError
from neike.org.actions.people import update_person
from neike.org.actions.reporting import end_lines_of
from neike.org.choices import DepartmentState
from neike.org.events import PlacementChanged
from neike.org.models import Department, DepartmentLead, Person, Placement, Position


@transaction.atomic
def place_person(
    *,
    person: Person,
    position: Position,
    valid_from: date,
    by: Person | None,
    now: datetime,
    is_primary: bool = True,
    valid_to: date | None = None,
) -> Placement:
    """Place a person in a position from a day on, until `valid_to` (exclusive) if given.

    A primary placement ends the primary one that holds on that day: the person moves. A concurrent one of the
    same post goes on as the primary one.

    Raises:
        DatesError: the dates are reversed, the department is not open then, the person has left, or the
            placement would overlap another one of the same post, or a primary one that begins later.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if valid_to is not None and valid_to <= valid_from:
        raise DatesError(_("The end must lie after the beginning."), code="reversed")
    if person.left_on is not None and person.left_on <= valid_from:
        raise DatesError(_("%(name)s has left.") % {"name": person.name}, code="left")
    _require_open(position.department, valid_from, valid_to)
    _require_position(position, valid_from, valid_to)
    overlapping = _overlapping(person, valid_from, valid_to)
    for row in overlapping.filter(position=position):
        if row.is_primary or not is_primary or _outlasts(row, valid_to):
            raise _has_it(row)
        end_placement(placement=row, on=valid_from, by=by, now=now)
    if is_primary:
        for row in overlapping.filter(is_primary=True):
            _end_for_next(row, valid_from, by, now)
    made = Placement.objects.create(
        person=person,
        position=position,
        department=position.department,
        is_primary=is_primary,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    record(action="org.person_placed", subject=person, by=by, after=shown_placement(made), now=now)
    _announce(made, now)
    return made


@transaction.atomic
def end_placement(
    *, placement: Placement, on: date, by: Person | None, now: datetime
) -> Placement | None:
    """End a placement on a day (exclusive); one that had not begun by then is taken back and None returned.

    Raises:
        DatesError: it has ended before that day already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    placement = Placement.objects.select_for_update().get(pk=placement.pk)
    if placement.valid_to is not None and placement.valid_to <= on:
        raise DatesError(_("This has ended already."), code="ended")
    before = shown_placement(placement)
    placement.valid_to = on
    if on <= placement.valid_from:
        Placement.objects.filter(pk=placement.pk).delete()
    else:
        placement.save(update_fields=["valid_to"])
    record(
        action="org.placement_ended",
        subject=placement.person,
        by=by,
        before=before,
        after=shown_placement(placement),
        now=now,
    )
    _announce(placement, now)
    return placement if on > placement.valid_from else None


@transaction.atomic
def mark_left(*, person: Person, on: date, by: Person | None, now: datetime) -> Person:
    """Record that a person leaves on a day: all posts end then, and signing in ends with them.

    Nothing of the person is deleted.

    Raises:
        DatesError: the person has left already.
        LastAdministratorError: nobody would be left to administer the installation.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.left_on is not None:
        raise DatesError(_("%(name)s has left.") % {"name": person.name}, code="left")
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    for placement in Placement.objects.filter(running, person=person):
        end_placement(placement=placement, on=on, by=by, now=now)
    led = DepartmentLead.objects.filter(running, person=person)
    led.filter(valid_from__gte=on).delete()
    led.update(valid_to=on)
    end_lines_of(person, on)
    return update_person(person=person, left_on=on, by=by, now=now)


def _outlasts(row: Placement, valid_to: date | None) -> bool:
    return valid_to is not None and (row.valid_to is None or row.valid_to > valid_to)


def _has_it(row: Placement) -> DatesError:
    words = {
        "name": row.person.name,
        "first": row.valid_from.isoformat(),
        "last": row.valid_to.isoformat() if row.valid_to else "",
    }
    if row.valid_to is None:
        text = _("%(name)s has this position already, from %(first)s on.")
    else:
        text = _("%(name)s has this position already, from %(first)s until %(last)s.")
    return DatesError(text % words, code="same")


def _overlapping(person: Person, valid_from: date, valid_to: date | None) -> QuerySet[Placement]:
    rows = Placement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), person=person
    )
    return rows.filter(valid_from__lt=valid_to) if valid_to else rows


def _end_for_next(row: Placement, on: date, by: Person | None, now: datetime) -> None:
    """End the primary placement that the next one replaces.

    Raises:
        DatesError: it begins later, so that ending it would erase it.
    """
    if row.valid_from >= on:
        raise DatesError(
            _("Another primary placement begins on %(day)s. End that first.")
            % {"day": row.valid_from.isoformat()},
            code="later",
        )
    end_placement(placement=row, on=on, by=by, now=now)


def _require_open(department: Department, on: date, until: date | None) -> None:
    held = department.versions.filter(valid_from__lte=on).order_by("valid_from").last()
    if held is None or held.state == DepartmentState.CLOSED:
        raise DatesError(
            _("The department does not exist, or is closed, on %(day)s.") % {"day": on.isoformat()},
            code="closed",
        )
    closes = department.versions.filter(valid_from__gt=on, state=DepartmentState.CLOSED).first()
    if closes is not None and (until is None or until > closes.valid_from):
        raise DatesError(
            _("The department closes on %(day)s.") % {"day": closes.valid_from.isoformat()},
            code="closes",
        )


def _require_position(position: Position, on: date, until: date | None) -> None:
    """Refuse a time in which the post does not exist from beginning to end.

    Raises:
        DatesError: it begins later, ends before, or is closed between.
    """
    reached = on
    for term in position.terms.order_by("valid_from"):
        if term.valid_from > reached:
            break
        if term.valid_to is None or (until is not None and term.valid_to >= until):
            return
        reached = max(reached, term.valid_to)
    begun = position.terms.filter(valid_from__lte=on).order_by("valid_from").last()
    if begun is None:
        raise DatesError(
            _("There is no such position yet on %(day)s.") % {"day": on.isoformat()},
            code="position_before",
        )
    closed = max(reached, on) if reached > on else begun.valid_to or on
    raise DatesError(
        _("This position is closed from %(day)s on.") % {"day": closed.isoformat()},
        code="position_closed",
    )


def shown_placement(placement: Placement) -> dict[str, object]:
    """Return what the record says of a placement."""
    return {
        "position": placement.position.code,
        "primary": placement.is_primary,
        "valid_from": placement.valid_from.isoformat(),
        "valid_to": placement.valid_to.isoformat() if placement.valid_to else None,
    }


def _announce(placement: Placement, now: datetime) -> None:
    event, aggregate = placement_news(placement)
    announce(event, aggregate=aggregate, now=now)


def placement_news(placement: Placement) -> tuple[PlacementChanged, str]:
    """Return what is announced of a placement, and in which order: that of its person."""
    event = PlacementChanged(person_id=placement.person_id, department_id=placement.department_id)
    return event, f"person:{placement.person_id}"
