"""Business calendars as the working-time engine reads them."""

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from neike.engines.worktime import CalendarSpec, PreparedCalendar, Shift, prepare
from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar, CalendarException, Department
from neike.org.standing import chart


def default_calendar() -> BusinessCalendar:
    """Return the organisation's default calendar, else the oldest one.

    Raises:
        BusinessCalendar.DoesNotExist: no calendar was made yet.
    """
    found = BusinessCalendar.objects.order_by("-is_default", "pk").first()
    if found is None:
        raise BusinessCalendar.DoesNotExist
    return found


def calendar_of(department: Department, *, on: date) -> BusinessCalendar:
    """Return the calendar that holds for a department on a day: its own, an ancestor's, else the default."""
    found = chart(on=on).calendar_id(department.pk)
    return BusinessCalendar.objects.get(pk=found) if found else default_calendar()


def prepared_calendar(calendar: BusinessCalendar) -> PreparedCalendar:
    """Return the calendar ready for the engine, cached in this process by its identity and revision.

    Not to be called inside a transaction that changed the calendar and may still be rolled back.
    """
    return _prepared(calendar.pk, calendar.public_id, calendar.revision)


@lru_cache(maxsize=512)
def _prepared(pk: int, _public_id: UUID, _revision: int) -> PreparedCalendar:
    return prepare(calendar_spec(BusinessCalendar.objects.get(pk=pk)))


def calendar_spec(calendar: BusinessCalendar) -> CalendarSpec:
    """Return what the calendar says, in two queries (none for what was prefetched).

    Raises:
        WorktimeError: what is stored is no calendar, such as an unknown zone.
    """
    week: list[list[Shift]] = [[] for _ in range(7)]
    for interval in calendar.intervals.all():
        week[interval.weekday].append(_shift(interval.opens, interval.closes))
    exceptions = list(calendar.exceptions.all())
    return CalendarSpec(
        zone=calendar.zone,
        week=tuple(tuple(shifts) for shifts in week),
        closed=frozenset(each.date for each in exceptions if each.kind == ExceptionKind.CLOSED),
        worked=frozenset(
            each.date for each in exceptions if each.kind == ExceptionKind.WORKED and not each.hours
        ),
        special=tuple((each.date, _hours(each)) for each in exceptions if each.hours),
    )


def _hours(exception: CalendarException) -> tuple[Shift, ...]:
    return tuple(_shift(opens, closes) for opens, closes in exception.hours)


def _shift(opens: int, closes: int) -> Shift:
    """Turn minutes of the local day into a shift."""
    return Shift(opens=opens * 60, closes=closes * 60)


def provisional_year(calendar: BusinessCalendar | None, at: datetime | None) -> int | None:
    """Return the calendar's year in which a moment lies when that year is provisional, else None.

    One query unless the calendar's `years` were prefetched; none for a calendar that follows no country.
    """
    if calendar is None or at is None:
        return None
    day = at.astimezone(ZoneInfo(calendar.zone)).date()
    return day.year if is_provisional(calendar, day) else None


def is_provisional(calendar: BusinessCalendar, on: date) -> bool:
    """Whether make-up days of that date's year are not published yet, so that a due date there may still move.

    A calendar that follows no country is never provisional.
    """
    if not calendar.country:
        return False
    return not any(row.year == on.year and row.published for row in calendar.years.all())
