"""Reporting lines set and ended by hand, and what that would do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.circles import circle_error
from neike.org.actions.errors import CycleError, DatesError
from neike.org.actions.reporting import Line, line_news, set_reporting_lines
from neike.org.models import Person, ReportingLine
from neike.org.standing import manager_of

Do = Callable[[], object]


@dataclass(frozen=True, slots=True)
class LineTrial:
    """To whom a person reports on a day as it is and as it would be; `above` leads from there to the top."""

    before: Person | None
    after: Person | None
    above: tuple[Person, ...]


@transaction.atomic
def set_line(
    *, person: Person, manager: Person, on: date, by: Person | None, now: datetime
) -> ReportingLine | None:
    """Let a person report to a manager from a day on, whatever the chart says; the line before ends that day.

    Returns None where they report so already.

    Raises:
        CycleError: the person would report to themselves, directly, by other lines, by posts or by the heads of
            departments; names everybody on the way.
        DatesError: one of the two has left by then, or another line begins later.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    if person.pk == manager.pk:
        raise CycleError(_("%(name)s cannot report to themselves.") % {"name": person.name})
    for each in (person, manager):
        if each.left_on is not None and each.left_on <= on:
            raise DatesError(_("%(name)s has left.") % {"name": each.name}, code="left")
    made = set_reporting_lines([Line(person, manager, on)], by=by, now=now)
    _require_no_way_back(person, on)
    return made[0] if made else None


@transaction.atomic
def end_line(*, line: ReportingLine, on: date, by: Person | None, now: datetime) -> None:
    """End a line on a day (exclusive); one that had not begun by then is taken back. Then the chart decides.

    Raises:
        DatesError: it has ended before that day already.
        CycleError: by the chart the person would report to themselves over others.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    line = ReportingLine.objects.select_related("person").get(pk=line.pk)
    if line.valid_to is not None and line.valid_to <= on:
        raise DatesError(_("This has ended already."), code="ended")
    record(
        action="org.reporting_line_ended",
        subject=line.person,
        by=by,
        before={"manager_id": line.manager_id, "valid_from": line.valid_from.isoformat()},
        after={"valid_to": on.isoformat()},
        now=now,
    )
    if on <= line.valid_from:
        line.delete()
    else:
        line.valid_to = on
        line.save(update_fields=["valid_to"])
    event, aggregate = line_news(line.person_id)
    announce(event, aggregate=aggregate, now=now)
    _require_no_way_back(line.person, on)


def tried_line(do: Do, person: Person, *, on: date) -> LineTrial:
    """Return to whom a person would report on a day after `do`, of which nothing stays.

    Raises:
        Exception: whatever `do` refuses.
    """
    before = manager_of(person, on=on)
    with transaction.atomic():
        do()
        above = way_up(person, on=on)
        transaction.set_rollback(True)
    return LineTrial(before, above[0] if above else None, tuple(above[1:]))


def way_up(person: Person, *, on: date) -> list[Person]:
    """Return to whom a person reports on a day, and these in turn, up to the top or to where it goes in a circle."""
    found: list[Person] = []
    seen: set[int] = set()
    at = manager_of(person, on=on)
    while at is not None and at.pk not in seen:
        seen.add(at.pk)
        found.append(at)
        at = None if at.pk == person.pk else manager_of(at, on=on)
    return found


def _require_no_way_back(person: Person, on: date) -> None:
    """Refuse a circle that closes over posts or heads of departments, which the lines alone do not show."""
    above = way_up(person, on=on)
    if person in above:
        names = [person.name, *(each.name for each in above[: above.index(person)])]
        raise circle_error(names)
