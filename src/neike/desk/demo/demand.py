"""When who asks for what: a year with its weeks, month ends, holidays and arrivals."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from neike.desk.demo.texts import Offer, offers
from neike.engines.worktime import PreparedCalendar
from neike.kernel.demo import Company, moment
from neike.org.demo.departments import WANTED
from neike.org.demo.people import Member, Staff
from neike.org.queries import prepared_calendar

BERLIN: Final = ZoneInfo("Europe/Berlin")
_YEAR: Final = 365.25
# Monday's share of a usual day, and so on; make-up working days fall on the weekend.
_WEEK: Final = (1.38, 1.12, 1.0, 0.97, 0.86, 0.55, 0.55)
_LONG_BREAK: Final = 4
_SALES: Final = {"east": 4.0, "south": 3.0, "intl": 1.4, "marketing": 0.5}

# Who asks: weight by department; a service that is not named is asked for by everybody alike.
_ASKED_BY: Final[Mapping[str, Mapping[str, float]]] = {
    "finance-invoice": _SALES,
    "finance-contract-payment": {"procurement": 5, "rd": 2, "admin": 2, "marketing": 1.5, "it": 1},
    "finance-payment-status": {"procurement": 6, "east": 1, "rd": 1, "admin": 1, "intl": 0.6},
    "finance-advance": {"east": 3, "south": 3, "intl": 1, "marketing": 1, "care": 1.5},
    "admin-travel": {"east": 4, "south": 3, "intl": 2, "rd": 3, "care": 2, "quality": 1, "marketing": 1},
    "admin-seal": {"east": 3, "south": 3, "procurement": 2, "legal": 0.3, "finance": 1, "intl": 0.7},
    "admin-vehicle": {"east": 3, "south": 2, "office": 1, "marketing": 1, "rd": 1},
    "hr-onboarding": {"rd": 5, "care": 3, "east": 2, "south": 2, "intl": 0.6, "marketing": 1, "it": 1},
    "it-data-extract": {"marketing": 2, "finance": 2, "east": 2, "south": 2, "care": 1, "office": 1},
    "it-offboarding": {"hr": 1},
    "procurement-request": {"rd": 6, "quality": 1, "it": 1.5, "admin": 2, "marketing": 1, "care": 1},
    "procurement-urgent": {"rd": 3, "care": 2, "quality": 1},
    "procurement-delivery-chase": {"rd": 4, "care": 1.5, "quality": 1, "it": 0.5},
    "procurement-price-enquiry": {"rd": 3, "east": 2, "south": 2, "intl": 1},
    "procurement-return": {"quality": 3, "rd": 2, "care": 1},
    "quality": {"care": 40, "east": 1, "south": 1, "intl": 0.8},
    "rd": {"east": 3, "south": 2, "intl": 1.5, "care": 2},
    "marketing": {"east": 3, "south": 3, "intl": 1},
    "legal-contract-standard": {"east": 3, "south": 2, "procurement": 2, "admin": 0.5},
    "legal-contract-special": {"intl": 2, "rd": 1, "east": 1},
}  # fmt: skip

_BY_HEADS: Final = frozenset(
    {"hr-transfer", "hr-onboarding", "finance-budget-check", "it-offboarding"}
)
"""What heads and their deputies ask for."""
_PRIVATE: Final = frozenset({"hr-resignation"})
"""What the known people of the demo do not ask for."""

Season = Callable[["Day"], float]


@dataclass(frozen=True, slots=True)
class Day:
    """A working day of the head office.

    `after_break` counts working days since the last break of four days or more, from 0; `to_break` the working
    days left until the next one; `spring` is true for four weeks after the Spring Festival.
    """

    date: date
    after_break: int
    to_break: int
    spring: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody asks for something."""

    at: datetime
    offer: Offer
    requester: Member
    customer: str


def _month_end(day: Day) -> float:
    return 2.3 if day.date.day >= 25 or day.date.day <= 3 else 0.75  # noqa: PLR2004 - days of a month


def _joining(day: Day) -> float:
    """New people come after the Spring Festival and, from university, in July."""
    if day.spring:
        return 3.0
    return 2.4 if day.date.month == 7 else 0.8  # noqa: PLR2004


def _leaving(day: Day) -> float:
    return 2.6 if day.spring else 0.9


def _after_breaks(day: Day) -> float:
    return 2.6 if day.after_break <= 1 else 0.9


def _before_breaks(day: Day) -> float:
    return 1.7 if day.to_break <= 5 else 0.95  # noqa: PLR2004


def _year_end(day: Day) -> float:
    return 1.45 if day.date.month >= 11 else 0.95  # noqa: PLR2004


def _summer(day: Day) -> float:
    return 1.7 if day.date.month in {6, 7, 8} else 0.85


_SEASONS: Final[Mapping[str, Season]] = {
    "finance-expense-question": _month_end,
    "finance-payment-status": _month_end,
    "finance-invoice": _month_end,
    "finance-contract-payment": _month_end,
    "finance-budget-check": _year_end,
    "hr-onboarding": _joining,
    "hr-resignation": _leaving,
    "it-offboarding": _leaving,
    "hr-leave-correction": _month_end,
    "it-new-laptop": _joining,
    "it-password-reset": _after_breaks,
    "admin-travel": _before_breaks,
    "admin-repair": _summer,
    "procurement-request": _year_end,
    "procurement-call-off": _year_end,
}


def arrivals(company: Company) -> list[Arrival]:
    """Return every request of the history in the order they were made."""
    staff: Staff = company.shared["staff"]
    calendars = {key: prepared_calendar(each) for key, each in company.shared["calendars"].items()}
    days = list(_days(company, calendars["cn"]))
    years = (company.today - company.begins).days / _YEAR
    found = [
        arrival
        for name, offer in offers().items()
        if offer.yearly
        for arrival in _Asking(company, staff, calendars["de"], name, offer).over(days, years)
    ]
    return sorted(found, key=lambda each: (each.at, each.requester.serial))


def _days(company: Company, calendar: PreparedCalendar) -> Iterator[Day]:
    """Yield the working days of the history with where they stand between breaks."""
    first, last = company.begins - timedelta(days=40), company.today + timedelta(days=20)
    span = [first + timedelta(days=n) for n in range((last - first).days)]
    working = [day for day in span if calendar.is_working_date(day)]
    breaks = [
        index
        for index in range(1, len(working))
        if (working[index] - working[index - 1]).days > _LONG_BREAK
    ]
    for index, day in enumerate(working):
        if not company.begins <= day < company.today:
            continue
        before = max((each for each in breaks if each <= index), default=-99)
        after = min((each for each in breaks if each > index), default=index + 99)
        festival = before >= 0 and working[before].month in {2, 3}
        yield Day(day, index - before, after - index - 1, festival and index - before < 20)  # noqa: PLR2004


class _Asking:
    """The requests for one service."""

    def __init__(
        self, company: Company, staff: Staff, berlin: PreparedCalendar, name: str, offer: Offer
    ) -> None:
        self.company, self.staff, self.berlin = company, staff, berlin
        self.name, self.offer = name, offer
        self.rng = company.rng(f"desk.demand.{name}")
        weights = _ASKED_BY.get(name) or {each.key: float(each.size) for each in WANTED}
        self.customers = {key: each for key, each in weights.items() if key != offer.department}

    def over(self, days: list[Day], years: float) -> Iterator[Arrival]:
        season = _SEASONS.get(self.name)
        weights = [
            _WEEK[day.date.weekday()] * _rush(day) * (season(day) if season else 1.0)
            for day in days
        ]
        count = max(1, round(self.offer.yearly * years * self.company.scale))
        for day in self.rng.choices(days, cum_weights=list(accumulate(weights)), k=count):
            arrival = self._on(day.date)
            if arrival is not None:
                yield arrival

    def _on(self, day: date) -> Arrival | None:
        for _attempt in range(5):
            key = self.rng.choices(list(self.customers), list(self.customers.values()))[0]
            people = self._who_may(self.staff.of(key, day))
            abroad = key == "intl"
            if not people or (abroad and not self.berlin.is_working_date(day)):
                continue
            requester = self.rng.choices(people, [4 if each.known else 1 for each in people])[0]
            at = _abroad(self.rng, day) if abroad else moment(day, _minute(self.rng))
            at += timedelta(seconds=self.rng.randrange(60))
            if at < self.company.until:
                return Arrival(at, self.offer, requester, key)
        return None

    def _who_may(self, people: list[Member]) -> list[Member]:
        if self.name in _BY_HEADS:
            return [each for each in people if each.stays[-1].post <= 1]
        if self.name in _PRIVATE:
            return [each for each in people if not each.known]
        return people


def _rush(day: Day) -> float:
    """More comes in on the first days after a break, less on the last day before one."""
    if day.after_break <= 1:
        return 1.35
    return 0.7 if day.to_break == 0 else 1.0


def _minute(rng: random.Random) -> int:
    """Draw a minute of the day: late morning and mid afternoon are busiest, a few ask at noon or at night."""
    draw = rng.random()
    if draw < 0.52:  # noqa: PLR2004 - shares of a day
        return 540 + int(rng.triangular(0, 180, 55))
    if draw < 0.94:  # noqa: PLR2004
        return 810 + int(rng.triangular(0, 270, 90))
    return rng.choice((rng.randrange(722, 808), rng.randrange(1082, 1290)))


def _abroad(rng: random.Random, day: date) -> datetime:
    minute = 545 + int(rng.triangular(0, 500, 150))
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=BERLIN)
    return local.astimezone(ZoneInfo("UTC"))
