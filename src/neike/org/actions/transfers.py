"""Placements that go on elsewhere: in another position, or as the primary or a concurrent one, from a day on."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.errors import DatesError
from neike.org.actions.placements import end_placement, placement_news, shown_placement
from neike.org.models import Person, Placement, Position
from neike.org.standing import on_day


@transaction.atomic
def carry_placement(
    *, placement: Placement, position: Position, on: date, by: Person | None, now: datetime
) -> Placement | None:
    """Let a placement go on in another position (or department) from a day on; one not begun yet moves whole.

    Returns None where the person has that position anyway and this one merely ends.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    Person.objects.select_for_update().get(pk=placement.person_id)
    placement = Placement.objects.select_for_update().get(pk=placement.pk)
    twin = (
        Placement.objects.filter(
            _running(max(on, placement.valid_from)), person=placement.person, position=position
        )
        .exclude(pk=placement.pk)
        .first()
    )
    if twin is not None and not placement.is_primary:
        end_placement(placement=placement, on=on, by=by, now=now)
        return None
    if twin is not None:
        end_placement(placement=twin, on=on, by=by, now=now)
    changes = {"position": position, "department": position.department}
    return _go_on(placement, on, changes, by, now)


@transaction.atomic
def make_primary(*, placement: Placement, on: date, by: Person | None, now: datetime) -> Placement:
    """Make a concurrent placement the primary one from a day on; the primary one becomes concurrent.

    Raises:
        DatesError: it is primary already, does not hold on that day, or another primary one begins later.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    Person.objects.select_for_update().get(pk=placement.person_id)
    placement = Placement.objects.select_for_update().get(pk=placement.pk)
    if placement.is_primary:
        raise DatesError(_("This is the primary placement already."), code="primary")
    if placement.valid_from > on or (placement.valid_to is not None and placement.valid_to <= on):
        raise DatesError(
            _("This placement does not hold on %(day)s.") % {"day": on.isoformat()}, code="not_held"
        )
    primaries = Placement.objects.filter(person=placement.person, is_primary=True)
    later = primaries.filter(valid_from__gt=on)
    if placement.valid_to is not None:
        later = later.filter(valid_from__lt=placement.valid_to)
    found = later.order_by("valid_from").first()
    if found is not None:
        raise DatesError(
            _("Another primary placement begins on %(day)s. End that first.")
            % {"day": found.valid_from.isoformat()},
            code="later",
        )
    for row in primaries.filter(on_day(on)).select_for_update():
        _go_on(row, on, {"is_primary": False}, by, now)
    return _go_on(placement, on, {"is_primary": True}, by, now)


def _running(on: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on)


def _go_on(
    row: Placement, on: date, changes: dict[str, Any], by: Person | None, now: datetime
) -> Placement:
    """Write the changes as a placement of its own from the day on, or into one that begins then or later."""
    before = shown_placement(row)
    left = placement_news(row)
    if row.valid_from < on:
        until, row.valid_to = row.valid_to, on
        row.save(update_fields=["valid_to"])
        row = Placement(**{**_values(row), "valid_from": on, "valid_to": until})
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    record(
        action="org.placement_changed",
        subject=row.person,
        by=by,
        before=before,
        after=shown_placement(row),
        now=now,
    )
    for event, aggregate in dict.fromkeys((left, placement_news(row))):
        announce(event, aggregate=aggregate, now=now)
    return row


def _values(row: Placement) -> dict[str, Any]:
    """Return every stored value of a placement but its key."""
    fields = Placement._meta.concrete_fields
    return {each.attname: getattr(row, each.attname) for each in fields if not each.primary_key}
