"""Periods: quarters, months and fiscal years in the organisation's zone, half-open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MONTHS = 12


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_LENGTH = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_QUARTERS = (
    gettext_noop("%(year)s Q1"),
    gettext_noop("%(year)s Q2"),
    gettext_noop("%(year)s Q3"),
    gettext_noop("%(year)s Q4"),
)
_FISCAL_QUARTERS = (
    gettext_noop("FY %(year)s Q1"),
    gettext_noop("FY %(year)s Q2"),
    gettext_noop("FY %(year)s Q3"),
    gettext_noop("FY %(year)s Q4"),
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole local months; `end` is the first day after it.

    `fiscal_start` is the month (1 to 12) with which the fiscal year begins; `zone` is an IANA name.
    """

    start: date
    kind: PeriodKind
    zone: str
    fiscal_start: int = 1

    @property
    def end(self) -> date:
        """The first day that no longer belongs to the period."""
        return _month_after(self.start, _LENGTH[self.kind])

    @property
    def starts_at(self) -> datetime:
        """The first moment of the period, in UTC."""
        return _midnight(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period, in UTC."""
        return _midnight(self.end, self.zone)

    def __contains__(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    @property
    def fiscal_year(self) -> int:
        """The calendar year in which the fiscal year of this period began."""
        return self.start.year - (self.start.month < self.fiscal_start)

    @property
    def number(self) -> int:
        """The period's place in its fiscal year: quarter 1 to 4, month 1 to 12, year 1."""
        since = (self.start.month - self.fiscal_start) % MONTHS
        return since // _LENGTH[self.kind] + 1

    @property
    def key(self) -> str:
        """The period in an address: "2026-Q3", "2026-M09" or "2026"; years as in `fiscal_year`."""
        if self.kind == PeriodKind.QUARTER:
            return f"{self.fiscal_year}-Q{self.number}"
        if self.kind == PeriodKind.MONTH:
            return f"{self.fiscal_year}-M{self.number:02d}"
        return str(self.fiscal_year)

    def previous(self) -> "Period":
        """Return the period just before."""
        return self.shifted(-1)

    def next(self) -> "Period":
        """Return the period just after."""
        return self.shifted(1)

    def shifted(self, steps: int) -> "Period":
        """Return the period that many periods later (earlier when negative)."""
        start = _month_after(self.start, steps * _LENGTH[self.kind])
        return Period(start, self.kind, self.zone, self.fiscal_start)

    def year_before(self) -> "Period":
        """Return the same period one year earlier."""
        return self.shifted(-MONTHS // _LENGTH[self.kind])

    def __str__(self) -> str:
        if self.kind == PeriodKind.MONTH:
            return _("%(year)s-%(month)02d") % {"year": self.start.year, "month": self.start.month}
        year = {"year": self._year_words()}
        if self.kind == PeriodKind.QUARTER:
            words = _QUARTERS if self.fiscal_start == 1 else _FISCAL_QUARTERS
            return _(words[self.number - 1]) % year
        return year["year"] if self.fiscal_start == 1 else _("FY %(year)s") % year

    def _year_words(self) -> str:
        """Name the fiscal year by both calendar years it touches, since countries name it by either."""
        year = self.fiscal_year
        return str(year) if self.fiscal_start == 1 else f"{year}/{(year + 1) % 100:02d}"


def local_day(now: datetime, zone: str) -> date:
    """Return the date it is at an aware moment in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def period_of(day: date, *, kind: PeriodKind, zone: str, fiscal_start: int = 1) -> Period:
    """Return the period of a kind that holds a local day.

    Raises:
        ValueError: `fiscal_start` is no month.
    """
    if not 1 <= fiscal_start <= MONTHS:
        raise ValueError(f"fiscal_start must be 1 to 12, got {fiscal_start}")
    into = (day.month - fiscal_start) % _LENGTH[kind]
    start = _month_after(day.replace(day=1), -into)
    return Period(start, kind, zone, fiscal_start)


def quarter_of(day: date, *, zone: str, fiscal_start: int = 1) -> Period:
    """Return the quarter of the fiscal year that holds a local day."""
    return period_of(day, kind=PeriodKind.QUARTER, zone=zone, fiscal_start=fiscal_start)


def quarter_number(day: date, *, fiscal_start: int = 1) -> int:
    """Return a number that is the same for all days of a fiscal quarter and grows by one to the next."""
    return (day.year * MONTHS + day.month - fiscal_start) // _LENGTH[PeriodKind.QUARTER]


def quarter_start(number: int, *, fiscal_start: int = 1) -> date:
    """Return the first day of the quarter with this number; the inverse of `quarter_number`."""
    index = number * _LENGTH[PeriodKind.QUARTER] + fiscal_start - 1
    return date(index // MONTHS, index % MONTHS + 1, 1)


def period_from_key(key: str, *, zone: str, fiscal_start: int = 1) -> Period:
    """Return the period an address names (`Period.key`).

    Raises:
        ValueError: the text names no period.
    """
    year, _dash, rest = key.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == len("2026")):
        raise ValueError(f"{key!r} names no period")
    first = date(max(int(year), 1), fiscal_start, 1)
    kinds = {"": PeriodKind.YEAR, "Q": PeriodKind.QUARTER, "M": PeriodKind.MONTH}
    letter, number = rest[:1], rest[1:] or "1"
    kind = kinds.get(letter)
    if kind is None or not (number.isascii() and number.isdigit()):
        raise ValueError(f"{key!r} names no period")
    if not 1 <= int(number) <= MONTHS // _LENGTH[kind]:
        raise ValueError(f"{key!r} names no period")
    return Period(first, kind, zone, fiscal_start).shifted(int(number) - 1)


def _month_after(first: date, months: int) -> date:
    """Return the first day of the month that many months later (earlier when negative)."""
    index = first.year * MONTHS + first.month - 1 + months
    return date(index // MONTHS, index % MONTHS + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    """Return the first instant of a local date in UTC; where midnight is skipped, the day begins after the gap."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
