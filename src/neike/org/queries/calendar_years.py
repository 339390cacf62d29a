"""A calendar's year, day by day, as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, QuerySet

from neike.org.choices import ExceptionKind
from neike.org.models import BusinessCalendar, CalendarException, Person

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayCell:
    """One date: `kind` is an exception's kind, else "work" or "rest"; `name` its occasion."""

    day: date
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """One month; `blanks` are the cells before the first day in a week that begins on Monday."""

    first: date
    blanks: range
    days: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class YearView:
    """A year: its months, how many days are worked, and whether make-up days are still unpublished."""

    year: int
    months: tuple[MonthGrid, ...]
    worked_days: int
    provisional: bool
    exceptions: tuple[CalendarException, ...]


def calendars_visible_to(_person: Person) -> QuerySet[BusinessCalendar]:
    """Return the calendars a signed-in person may see: all, the default one first."""
    return BusinessCalendar.objects.annotate(
        exception_count=Count("exceptions", distinct=True)
    ).order_by("-is_default", "pk")


def year_view(calendar: BusinessCalendar, year: int) -> YearView:
    """Return a year of a calendar, in three queries.

    Raises:
        ValueError: the year lies outside 2000 to 2100.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    open_weekdays = {each.weekday for each in calendar.intervals.all()}
    exceptions = tuple(calendar.exceptions.filter(date__year=year))
    # Of several rows of one date the strongest is shown: special, then worked, then closed.
    by_day = {each.date: each for each in sorted(exceptions, key=lambda each: _STRENGTH[each.kind])}
    first = date(year, 1, 1)
    days = [
        _cell(first + n * _DAY, by_day, open_weekdays)
        for n in range((date(year + 1, 1, 1) - first).days)
    ]
    published = calendar.years.filter(year=year, published=True).exists()
    return YearView(
        year=year,
        months=tuple(_months(days)),
        worked_days=sum(each.kind in _OPEN for each in days),
        provisional=bool(calendar.country) and not published,
        exceptions=exceptions,
    )


_STRENGTH: Final[dict[str, int]] = {
    ExceptionKind.CLOSED: 0,
    ExceptionKind.WORKED: 1,
    ExceptionKind.SPECIAL: 2,
}
_OPEN: Final = ("work", ExceptionKind.WORKED, ExceptionKind.SPECIAL)


def _cell(day: date, by_day: dict[date, CalendarException], open_weekdays: set[int]) -> DayCell:
    found = by_day.get(day)
    if found is not None:
        return DayCell(day, str(found.kind), str(found.name))
    return DayCell(day, "work" if day.weekday() in open_weekdays else "rest")


def _months(days: Iterable[DayCell]) -> Iterable[MonthGrid]:
    months: dict[int, list[DayCell]] = {}
    for each in days:
        months.setdefault(each.day.month, []).append(each)
    for cells in months.values():
        yield MonthGrid(cells[0].day, range(cells[0].day.weekday()), tuple(cells))
