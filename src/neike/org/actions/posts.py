"""Positions and who leads a department."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies, standing
from neike.org.actions.errors import DatesError, TakenError
from neike.org.actions.terms import first_days, make_positions
from neike.org.choices import LeadKind
from neike.org.models import Department, DepartmentLead, Person, Position


@transaction.atomic
def create_position(
    *,
    code: str,
    department: Department,
    title: LocalizedText,
    by: Person | None,
    now: datetime,
    valid_from: date | None = None,
) -> Position:
    """Create a position in a department from a day on; None: as long as there has been the department.

    Raises:
        TakenError: another position has the code.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    if Position.objects.filter(code=code).exists():
        raise TakenError(_("The code %(code)s is taken.") % {"code": code}, code="taken")
    first = valid_from or first_days([department]).get(department.pk) or policies.day_of(now)
    position = Position(code=code, department=department, title=title)
    [made] = make_positions([(position, first)])
    record(
        action="org.position_created",
        subject=made,
        by=by,
        after={"code": code, "department": department.code, "title": title.as_json()},
        now=now,
    )
    return made


@transaction.atomic
def set_lead(
    *,
    department: Department,
    person: Person,
    valid_from: date,
    by: Person | None,
    now: datetime,
    kind: str = LeadKind.LEAD,
    valid_to: date | None = None,
) -> DepartmentLead:
    """Make somebody lead (or deputy) of a department from a day on, until `valid_to` (exclusive) if given.

    A department has one lead at a time: the present one ends on that day. Deputies may be several.

    Raises:
        DatesError: the dates are reversed, the person leads it already or has left, or somebody begins to lead
            it later.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    Department.objects.select_for_update().get(pk=department.pk)
    _require_order(valid_from, valid_to)
    if person.left_on is not None and person.left_on <= valid_from:
        raise DatesError(_("%(name)s has left.") % {"name": person.name}, code="left")
    overlapping = department.leads.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), kind=kind
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_to)
    if kind == LeadKind.DEPUTY:
        overlapping = overlapping.filter(person=person)
    for row in overlapping.select_related("person"):
        _make_room(row, person, valid_from)
    standing.forget()
    made = DepartmentLead.objects.create(
        department=department, person=person, kind=kind, valid_from=valid_from, valid_to=valid_to
    )
    record(
        action=f"org.{kind}_set",
        subject=department,
        by=by,
        after={"person_id": person.pk, **_dates(valid_from, valid_to)},
        now=now,
    )
    return made


@transaction.atomic
def end_lead(
    *, lead: DepartmentLead, on: date, by: Person | None, now: datetime
) -> DepartmentLead | None:
    """End a lead or deputy on a day (exclusive); one that had not begun by then is taken back and None returned.

    Raises:
        DatesError: it has ended before that day already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lead = DepartmentLead.objects.select_for_update().get(pk=lead.pk)
    if lead.valid_to is not None and lead.valid_to <= on:
        raise DatesError(_("This has ended already."), code="ended")
    record(
        action=f"org.{lead.kind}_ended",
        subject=lead.department,
        by=by,
        before={"person_id": lead.person_id, **_dates(lead.valid_from, lead.valid_to)},
        after={"person_id": lead.person_id, **_dates(lead.valid_from, on)},
        now=now,
    )
    standing.forget()
    if on <= lead.valid_from:
        lead.delete()
        return None
    lead.valid_to = on
    lead.save(update_fields=["valid_to"])
    return lead


def _make_room(row: DepartmentLead, person: Person, valid_from: date) -> None:
    """End the lead that holds when the next one begins.

    Raises:
        DatesError: it is the same person, or it begins later, so that ending it would erase it.
    """
    if row.person_id == person.pk:
        raise DatesError(
            _("%(name)s has this post in that time already.") % {"name": person.name}, code="same"
        )
    if row.valid_from >= valid_from:
        raise DatesError(
            _("%(name)s begins on %(day)s. End that first.")
            % {"name": row.person.name, "day": row.valid_from.isoformat()},
            code="later",
        )
    row.valid_to = valid_from
    row.save(update_fields=["valid_to"])


def _require_order(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise DatesError(_("The end must lie after the beginning."), code="reversed")


def _dates(valid_from: date, valid_to: date | None) -> dict[str, str | None]:
    return {
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else None,
    }
