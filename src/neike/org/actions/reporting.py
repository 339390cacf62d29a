"""Reporting lines of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.circles import circle_error, circle_in
from neike.org.actions.errors import DatesError
from neike.org.events import ReportingLineChanged
from neike.org.models import Person, ReportingLine


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody reports to a manager from a day on; None: to nobody named, the chart decides."""

    person: Person
    manager: Person | None
    valid_from: date


@transaction.atomic
def set_reporting_lines(
    lines: Sequence[Line], *, by: Person | None, now: datetime
) -> list[ReportingLine]:
    """Let people report to managers from days on; the lines that held until then end. All of them or none.

    A line that begins on that very day is corrected. Returns the lines made; nothing is written where nothing differs.

    Raises:
        CycleError: somebody would report to themselves, over one or more others; names them.
        DatesError: a line begins later than the new one.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    held = _running(lines)
    fresh = [each for each in lines if _differs(each, held.get(each.person.pk))]
    made: list[ReportingLine] = []
    told: list[Record] = []
    for each in fresh:
        before = held.get(each.person.pk)
        if before is not None:
            _end(before, each.valid_from)
        if each.manager is not None:
            made.append(
                ReportingLine(person=each.person, manager=each.manager, valid_from=each.valid_from)
            )
        told.append(_told(each, before, by, now))
    ReportingLine.objects.bulk_create(made)
    _require_no_circles(made)
    record_all(told)
    announce_all([line_news(each.person.pk) for each in fresh], now=now)
    return made


def end_lines_of(person: Person, on: date) -> None:
    """End the lines from and to a person who leaves on a day."""
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    lines = ReportingLine.objects.filter(running, Q(person=person) | Q(manager=person))
    lines.filter(valid_from__gte=on).delete()
    lines.update(valid_to=on)


def line_news(person_id: int) -> tuple[ReportingLineChanged, str]:
    """Return what is announced of somebody's line, and in which order: that of the person."""
    return ReportingLineChanged(person_id=person_id), f"person:{person_id}"


def _running(lines: Sequence[Line]) -> dict[int, ReportingLine]:
    """Return the line of each person that holds on the day of their new one.

    Raises:
        DatesError: one begins later.
    """
    days = {each.person.pk: each.valid_from for each in lines}
    found: dict[int, ReportingLine] = {}
    for row in ReportingLine.objects.filter(person__in=days).order_by("valid_from"):
        day = days[row.person_id]
        if row.valid_from > day:
            raise _later(row.valid_from)
        if row.valid_to is None or row.valid_to > day:
            found[row.person_id] = row
    return found


def _differs(line: Line, held: ReportingLine | None) -> bool:
    if held is None or line.manager is None:
        return held is not None or line.manager is not None
    return held.manager_id != line.manager.pk or held.valid_to is not None


def _end(row: ReportingLine, on: date) -> None:
    if row.valid_from >= on:
        row.delete()
    else:
        ReportingLine.objects.filter(pk=row.pk).update(valid_to=on)


def _later(day: date) -> DatesError:
    return DatesError(
        _("Another line begins on %(day)s. End that first.") % {"day": day.isoformat()},
        code="later",
    )


def _told(line: Line, before: ReportingLine | None, by: Person | None, now: datetime) -> Record:
    return Record(
        action="org.reporting_line_set",
        subject=line.person,
        by=by,
        now=now,
        before={"manager_id": before.manager_id} if before else {},
        after={
            "manager_id": line.manager.pk if line.manager else None,
            "valid_from": line.valid_from.isoformat(),
        },
    )


def _require_no_circles(made: Sequence[ReportingLine]) -> None:
    """Refuse lines that close a circle on the day they begin or, as far as is known, later.

    Raises:
        CycleError: one does; names the people.
    """
    fresh = [(row.person_id, row.valid_from) for row in made]
    lines = ReportingLine.objects.all()
    circle = circle_in(lines, below="person_id", above="manager_id", fresh=fresh)
    if circle:
        names = dict(Person.objects.filter(pk__in=circle).values_list("pk", "name"))
        raise circle_error([names[each] for each in circle])
