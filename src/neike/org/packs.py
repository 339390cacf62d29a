"""National packs: a country's public holidays and make-up working days 调休, from a maintained library.

Source: the `holidays` library; for China it follows the yearly notices of the State Council's General Office.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import holidays

from neike.kernel.texts import LocalizedText

COUNTRIES: Final = ("CN",)
FIRST_YEAR: Final = 2001
LAST_YEAR: Final = 2100
_WEEKEND: Final = 5
_DAY: Final = timedelta(days=1)
_REST_DAY: Final = "休息日"
"""How the library names a weekday that is off because a weekend day is worked instead."""
_WEEKENDS_APART: Final = frozenset(
    date.fromisoformat(day) for day in ("2023-12-30", "2023-12-31", "2024-06-08", "2024-06-09")
)
"""Weekends that a notice says a holiday "joins" 与周末连休 without counting them as part of it. Source: the notice
for 2024 (国办发明电[2023]7号); later notices count them."""
MAKE_UP: Final = LocalizedText.of(zh="调休上班", en="Make-up working day")


class UnknownCountryError(ValueError):
    """There is no pack for this country or year."""


@dataclass(frozen=True, slots=True)
class PackYear:
    """A year of a country: the days off and the weekend days worked, each with its occasion.

    `published` is False while the make-up days of the year are not known; `closed` then holds the holidays by law
    and may still grow or move.
    """

    country: str
    year: int
    closed: Mapping[date, LocalizedText] = field(hash=False)
    worked: Mapping[date, LocalizedText] = field(hash=False)
    published: bool = False


def pack_year(country: str, year: int) -> PackYear:
    """Return a country's year.

    Raises:
        UnknownCountryError: there is no pack for that country, or the year lies outside 2001 to 2100.
    """
    if country not in COUNTRIES or not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownCountryError(f"{country} {year}")
    worked = {day: MAKE_UP for day in _china("zh_CN", year).weekend_workdays if day.year == year}
    return PackYear(
        country=country,
        year=year,
        closed=_closed(year, frozenset(worked)),
        worked=worked,
        published=bool(worked),
    )


def _china(language: str, *years: int) -> Any:  # noqa: ANN401 - the library is untyped
    return holidays.country_holidays("CN", years=years, language=language)


def _closed(year: int, worked: frozenset[date]) -> dict[date, LocalizedText]:
    """Return the days off of the year with their occasions.

    The notices count the weekend days inside and at the ends of a break as part of it; the library lists only
    what differs from the week, so those days are added here: they matter to who works on Saturdays.
    """
    chinese, english = (_china(code, year - 1, year, year + 1) for code in ("zh_CN", "en_US"))
    days = {day for day in chinese if day.year == year} | {
        day
        for day in _weekends(year)
        if day not in worked | _WEEKENDS_APART and _touches_break(day, chinese, worked)
    }
    return {day: _occasion(day, days, chinese, english) for day in sorted(days)}


def _weekends(year: int) -> list[date]:
    first = date(year, 1, 1)
    days = (first + n * _DAY for n in range((date(year + 1, 1, 1) - first).days))
    return [day for day in days if day.weekday() >= _WEEKEND]


def _touches_break(day: date, off: Mapping[date, str], worked: frozenset[date]) -> bool:
    """Whether a weekend day stands beside a day off, directly or across the other weekend day."""
    for step in (_DAY, -_DAY):
        near = day + step
        if near.weekday() >= _WEEKEND and near not in worked and near not in off:
            near += step
        if near in off:
            return True
    return False


def _occasion(
    day: date, days: set[date], chinese: Mapping[date, str], english: Mapping[date, str]
) -> LocalizedText:
    """Return the holiday a day off belongs to: its own, else the nearest one of the same unbroken run."""
    for distance in range(len(days) + 1):
        for near in (day - distance * _DAY, day + distance * _DAY):
            name = chinese.get(near, "")
            if name and not name.startswith(_REST_DAY):
                return LocalizedText.of(zh=name, en=english[near])
    return LocalizedText.of(zh="休息日", en="Day off")
