"""Reporting lines of people, and what posts are from a day on."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.ancestry import lock_structure
from neike.org.actions.errors import CycleError, DatesError
from neike.org.actions.terms import end_terms, write_term
from neike.org.events import ReportingLineChanged
from neike.org.models import Department, Person, Position, PostTerm, ReportingLine
from neike.org.queries.structure import newest_term

Key = TypeVar("Key", bound=Hashable)


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


def find_circle(managers: Mapping[Key, Key], start: Key) -> list[Key]:
    """Return the people (or posts) on the circle that `start` leads into, in order; [] when the way ends.

    `managers` maps each to the one it reports to.
    """
    way: dict[Key, int] = {}
    at: Key | None = start
    while at is not None and at not in way:
        way[at] = len(way)
        at = managers.get(at)
    return [] if at is None else [each for each, place in way.items() if place >= way[at]]


@transaction.atomic
def set_post(
    *,
    position: Position,
    department: Department,
    title: LocalizedText,
    reports_to: Position | None,
    places: Decimal,
    valid_from: date,
    by: Person | None,
    now: datetime,
    imported_from: str = "",
) -> PostTerm:
    """Say what a post is from a day on; what it was before is kept. A post that had ended exists again.

    `imported_from` names the kind of file that keeps it from now on.

    Raises:
        CycleError: the post would report to itself over others.
        DatesError: a later term has begun.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    before = newest_term(position)
    shown = _shown(before) if before else {}
    term = write_term(
        position,
        valid_from,
        department=department,
        title=title,
        reports_to=reports_to,
        places=places,
        valid_to=None,
    )
    require_no_post_circle(position, valid_from)
    if imported_from:
        position.imported_from = imported_from
        position.save(update_fields=["imported_from"])
    record(
        action="org.post_set",
        subject=position,
        by=by,
        before=shown,
        after=_shown(term) | {"valid_from": valid_from.isoformat()},
        now=now,
    )
    return term


@transaction.atomic
def end_post(*, position: Position, on: date, by: Person | None, now: datetime) -> None:
    """End a post on a day (exclusive); the row and its history stay.

    Raises:
        DatesError: it has ended already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    lock_structure()
    term = position.terms.filter(valid_to__isnull=True).first()
    if term is None:
        raise DatesError(_("This has ended already."), code="ended")
    end_terms(position, on)
    after = {"valid_to": on.isoformat()}
    record(
        action="org.post_ended", subject=position, by=by, before=_shown(term), after=after, now=now
    )


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
    if not made:
        return
    first = min(each.valid_from for each in made)
    rows = ReportingLine.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    known = list(rows.values_list("person_id", "manager_id", "valid_from", "valid_to"))
    for day in sorted(
        {first, *(since for _who, _manager, since, _until in known if since > first)}
    ):
        managers = {
            who: manager
            for who, manager, since, until in known
            if since <= day and (until is None or until > day)
        }
        for each in made:
            circle = find_circle(managers, each.person_id)
            if circle:
                names = dict(Person.objects.filter(pk__in=circle).values_list("pk", "name"))
                raise circle_error([names[one] for one in circle])


def circle_error(names: Sequence[str]) -> CycleError:
    """Return the refusal that names a circle once round."""
    return CycleError(
        _("The reporting lines go in a circle: %(names)s.")
        % {"names": " → ".join((*names, names[0]))},
        code="cycle",
    )


def require_no_post_circle(position: Position, on: date) -> None:
    """Refuse that a post reports to itself over others on a day or, as far as is known, later.

    Raises:
        CycleError: it would; names the posts.
    """
    rows = PostTerm.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), reports_to__isnull=False
    )
    terms = list(rows.values_list("position_id", "reports_to_id", "valid_from", "valid_to"))
    for day in sorted({on, *(since for _post, _above, since, _until in terms if since > on)}):
        above = {
            post: boss
            for post, boss, since, until in terms
            if since <= day and (until is None or until > day)
        }
        circle = find_circle(above, position.pk)
        if circle:
            titles = dict(Position.objects.filter(pk__in=circle).values_list("pk", "title"))
            raise circle_error([str(titles[each]) for each in circle])


def _shown(term: PostTerm) -> dict[str, object]:
    """Return what the record says of a post."""
    return {
        "title": term.title.as_json(),
        "department": term.department.code,
        "reports_to": term.reports_to.code if term.reports_to else None,
        "places": str(term.places),
    }
