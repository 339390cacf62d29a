"""Making and changing business calendars. Every change of the hours raises the revision and is announced."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.outbox import announce
from neike.kernel.policies import require
from neike.kernel.texts import LocalizedText
from neike.org import policies
from neike.org.actions.calendar_checks import (
    Hours,
    WeekHours,
    require_hours,
    require_opening,
    require_week,
    require_zone,
)
from neike.org.actions.errors import CalendarError
from neike.org.choices import ExceptionKind
from neike.org.events import CalendarChanged
from neike.org.models import BusinessCalendar, CalendarException, Person, WeeklyInterval

MANUAL = "manual"


@transaction.atomic
def create_calendar(
    *,
    name: LocalizedText,
    zone: str,
    week: WeekHours,
    by: Person | None,
    now: datetime,
    country: str = "",
    is_default: bool = False,
) -> BusinessCalendar:
    """Make a calendar: seven lists of (opens, closes) in minutes of the local day, Monday first.

    The first calendar of an organisation becomes its default one.

    Raises:
        CalendarError: the zone is unknown, hours are reversed or overlap, or the calendar never opens.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    require_zone(zone)
    week = require_week(week)
    require_opening(week, ())
    first = not BusinessCalendar.objects.exists()
    made = BusinessCalendar.objects.create(name=name, zone=zone, country=country)
    _write_week(made, week)
    record(
        action="org.calendar_created",
        subject=made,
        by=by,
        after={"name": name.as_json(), "zone": zone, "country": country, "week": _plain(week)},
        now=now,
    )
    if is_default or first:
        make_default(calendar=made, by=by, now=now)
    return made


@transaction.atomic
def change_calendar(
    *,
    calendar: BusinessCalendar,
    name: LocalizedText,
    zone: str,
    week: WeekHours,
    revision: int,
    by: Person | None,
    now: datetime,
    country: str | None = None,
) -> BusinessCalendar:
    """Change a calendar's name, zone and weekly hours. `revision` is what the person saw.

    Raises:
        CalendarError: as in `create_calendar`, or somebody changed the calendar meanwhile (code "stale").
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    calendar = BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.revision != revision:
        raise CalendarError(
            _("Somebody changed this calendar meanwhile. Look at it again before you save."),
            code="stale",
        )
    require_zone(zone)
    week = require_week(week)
    require_opening(week, calendar.exceptions.all())
    before = {"name": calendar.name.as_json(), "zone": calendar.zone, "week": week_of(calendar)}
    hours_differ = (calendar.zone, week_of(calendar)) != (zone, _plain(week))
    calendar.name, calendar.zone = name, zone
    if country is not None:
        calendar.country = country
    calendar.save(update_fields=["name", "zone", "country"])
    if hours_differ:
        _write_week(calendar, week)
        touch(calendar, now)
    record(
        action="org.calendar_changed",
        subject=calendar,
        by=by,
        before=before,
        after={"name": name.as_json(), "zone": zone, "week": _plain(week)},
        now=now,
    )
    return calendar


@transaction.atomic
def make_default(
    *, calendar: BusinessCalendar, by: Person | None, now: datetime
) -> BusinessCalendar:
    """Make a calendar the one that departments without their own follow."""
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    held = BusinessCalendar.objects.select_for_update().filter(is_default=True).first()
    if held == calendar:
        return calendar
    BusinessCalendar.objects.filter(is_default=True).update(is_default=False)
    calendar.is_default = True
    calendar.save(update_fields=["is_default"])
    record(
        action="org.calendar_made_default",
        subject=calendar,
        by=by,
        before={"default": str(held.public_id) if held else None},
        after={"default": str(calendar.public_id)},
        now=now,
    )
    return calendar


@transaction.atomic
def copy_calendar(
    *, calendar: BusinessCalendar, name: LocalizedText, by: Person | None, now: datetime
) -> BusinessCalendar:
    """Make a calendar with the same hours, dates and years under another name; it is not the default one."""
    made = create_calendar(
        name=name,
        zone=calendar.zone,
        week=week_of(calendar),
        country=calendar.country,
        by=by,
        now=now,
    )
    CalendarException.objects.bulk_create(
        CalendarException(
            calendar=made,
            date=each.date,
            kind=each.kind,
            hours=each.hours,
            name=each.name,
            source=each.source,
        )
        for each in calendar.exceptions.all()
    )
    for year in calendar.years.all():
        made.years.create(year=year.year, published=year.published, source=year.source)
    return made


@transaction.atomic
def set_exceptions(
    *,
    calendar: BusinessCalendar,
    days: Sequence[date],
    kind: str,
    by: Person | None,
    now: datetime,
    hours: Hours = (),
    name: LocalizedText | None = None,
) -> list[CalendarException]:
    """Say by hand how dates differ from their weekday; whatever was said of them before, is replaced.

    A closed date has no hours, a special one needs some; a worked one without hours takes those of the first
    weekday that has any.

    Raises:
        CalendarError: hours are missing, reversed or overlap, or closed dates have some.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    calendar = BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
    checked = [list(pair) for pair in require_hours(hours)]
    _require_fitting(kind, checked)
    held = calendar.exceptions.filter(date__in=days)
    before = [_exception_shown(each) for each in held]
    held.delete()
    made = CalendarException.objects.bulk_create(
        CalendarException(
            calendar=calendar,
            date=day,
            kind=kind,
            hours=checked,
            name=name or LocalizedText(),
            source=MANUAL,
        )
        for day in days
    )
    touch(calendar, now)
    record(
        action="org.calendar_dates_set",
        subject=calendar,
        by=by,
        before={"dates": before},
        after={"dates": [_exception_shown(each) for each in made]},
        now=now,
    )
    return made


@transaction.atomic
def remove_exception(
    *, calendar: BusinessCalendar, day: date, by: Person | None, now: datetime
) -> None:
    """Let a date follow its weekday again.

    Raises:
        CalendarError: the calendar would never open.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    calendar = BusinessCalendar.objects.select_for_update().get(pk=calendar.pk)
    held = list(calendar.exceptions.filter(date=day))
    if not held:
        return
    calendar.exceptions.filter(date=day).delete()
    require_opening(_week(calendar), calendar.exceptions.all())
    touch(calendar, now)
    record(
        action="org.calendar_dates_removed",
        subject=calendar,
        by=by,
        before={"dates": [_exception_shown(each) for each in held]},
        now=now,
    )


def touch(calendar: BusinessCalendar, now: datetime) -> None:
    """Raise the revision of a locked calendar and announce that its hours changed."""
    calendar.revision += 1
    calendar.save(update_fields=["revision"])
    announce(
        CalendarChanged(calendar_id=calendar.pk, revision=calendar.revision),
        aggregate=f"calendar:{calendar.pk}",
        now=now,
    )


def week_of(calendar: BusinessCalendar) -> list[list[list[int]]]:
    """Return the stored week: seven lists of [opens, closes] in minutes, Monday first."""
    return _plain(_week(calendar))


def _week(calendar: BusinessCalendar) -> WeekHours:
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for each in calendar.intervals.all():
        week[each.weekday].append((each.opens, each.closes))
    return week


def _write_week(calendar: BusinessCalendar, week: WeekHours) -> None:
    calendar.intervals.all().delete()
    WeeklyInterval.objects.bulk_create(
        WeeklyInterval(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
        for weekday, hours in enumerate(week)
        for opens, closes in hours
    )


def _require_fitting(kind: str, hours: list[list[int]]) -> None:
    if kind == ExceptionKind.SPECIAL and not hours:
        raise CalendarError(_("Special hours need at least one interval."), code="no_hours")
    if kind == ExceptionKind.CLOSED and hours:
        raise CalendarError(_("A closed date has no hours."), code="closed_hours")


def _exception_shown(each: CalendarException) -> dict[str, Any]:
    return {
        "date": each.date.isoformat(),
        "kind": each.kind,
        "hours": each.hours,
        "source": each.source,
    }


def _plain(week: WeekHours) -> list[list[list[int]]]:
    return [[list(pair) for pair in hours] for hours in week]
