"""What a business calendar says: a zone, weekly hours and dated exceptions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from neike.engines.worktime.errors import (
    BadCalendarError,
    BadIntervalError,
    NeverOpenError,
    UnknownZoneError,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SECONDS = 86_400
UNITS = (3600, 60, 1)
WALL_TIME = re.compile(r"([0-9]{2}):([0-5][0-9])(?::([0-5][0-9]))?")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shift:
    """Opening hours inside one local date, half-open: `opens` counts, `closes` does not.

    Both are seconds since local midnight by the wall clock, 0 to 86400 (24:00). Hours past midnight are two shifts.

    Raises:
        BadIntervalError: not 0 <= opens < closes <= 86400.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_SECONDS:
            raise BadIntervalError("shift", wall_text(self.opens), wall_text(self.closes))

    @classmethod
    def parse(cls, opens: str, closes: str, where: str = "shift") -> Self:
        """Read "09:00", "12:00" (or with seconds; "24:00" is legal); `where` names the place in errors."""
        try:
            return cls(opens=wall_seconds(opens), closes=wall_seconds(closes))
        except (ValueError, TypeError) as error:
            raise BadIntervalError(where, opens, closes) from error


Week = tuple[tuple[Shift, ...], ...]


def wall_seconds(text: str) -> int:
    """Turn "HH:MM" or "HH:MM:SS" into seconds since midnight; 24:00 is 86400.

    Raises:
        ValueError: not such a text.
    """
    match = WALL_TIME.fullmatch(text)
    total = (
        -1
        if match is None
        else sum(int(part or 0) * unit for part, unit in zip(match.groups(), UNITS, strict=True))
    )
    if not 0 <= total <= DAY_SECONDS:
        raise ValueError(f"{text!r} is not a time of day")
    return total


def wall_text(seconds: int) -> str:
    """Write seconds since midnight as HH:MM, with seconds only where they are not zero."""
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def united(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Sort shifts and join those that overlap or touch (R2)."""
    joined: list[Shift] = []
    for shift in sorted(shifts):
        if joined and shift.opens <= joined[-1].closes:
            joined[-1] = Shift(opens=joined[-1].opens, closes=max(joined[-1].closes, shift.closes))
        else:
            joined.append(shift)
    return tuple(joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """A business calendar as its owner states it; hashable, checked when made.

    Precedence on a date (R3): `special` hours, then `worked`, then `closed`, then the weekday. A date in `worked`
    takes the hours of the first weekday, from Monday, that has any. `special` with no shifts closes its date.

    Attributes:
        zone: IANA name, such as "Asia/Shanghai".
        week: seven tuples of shifts, Monday first; shifts may come unordered and overlap.
        closed: dates without work, such as public holidays.
        worked: make-up working days 调休.
        special: (date, shifts) pairs; several pairs of one date are united.

    Raises:
        UnknownZoneError: the zone database does not know `zone`.
        BadCalendarError: `week` has not seven days, or a date is not a plain date.
    """

    zone: str
    week: Week
    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    special: tuple[tuple[date, tuple[Shift, ...]], ...] = ()

    def __post_init__(self) -> None:
        load_zone(self.zone)
        if len(self.week) != len(WEEKDAYS):
            raise BadCalendarError("week", self.week)
        dated: tuple[tuple[str, Iterable[object]], ...] = (
            ("closed", self.closed),
            ("worked", self.worked),
            ("special", [day for day, _ in self.special]),
        )
        for where, days in dated:
            for day in days:
                if not isinstance(day, date) or isinstance(day, datetime):
                    raise BadCalendarError(where, day)

    @classmethod
    def weekly(
        cls,
        zone: str,
        hours: Mapping[str, Iterable[tuple[str, str]]],
        *,
        closed: Iterable[date] = (),
        worked: Iterable[date] = (),
        special: Mapping[date, Iterable[tuple[str, str]]] | None = None,
    ) -> Self:
        """Build from texts: {"mon": [("09:00", "12:00"), ("13:30", "18:00")], ...}; a missing weekday is closed.

        Raises:
            BadCalendarError: a key of `hours` is not one of mon, tue, wed, thu, fri, sat, sun.
            BadIntervalError: an interval is empty, reversed or unreadable; the error names its day.
            UnknownZoneError: the zone database does not know `zone`.
        """
        for name in hours:
            if name not in WEEKDAYS:
                raise BadCalendarError("weekday", name)
        return cls(
            zone=zone,
            week=tuple(
                tuple(Shift.parse(*pair, where=name) for pair in hours.get(name, ()))
                for name in WEEKDAYS
            ),
            closed=frozenset(closed),
            worked=frozenset(worked),
            special=tuple(
                (day, tuple(Shift.parse(*pair, where=day.isoformat()) for pair in pairs))
                for day, pairs in sorted((special or {}).items())
            ),
        )

    def exceptions(self) -> dict[date, tuple[Shift, ...]]:
        """Return the hours of every date that differs from its weekday, precedence applied (R3)."""
        usual = next((united(shifts) for shifts in self.week if shifts), ())
        dated: dict[date, tuple[Shift, ...]] = dict.fromkeys(self.closed, ())
        dated.update(dict.fromkeys(self.worked, usual))
        special: dict[date, tuple[Shift, ...]] = {}
        for day, shifts in self.special:
            special[day] = united((*special.get(day, ()), *shifts))
        return dated | special

    def require_opening(self) -> None:
        """Refuse a calendar that can never open, for forms that store one.

        Raises:
            NeverOpenError: neither a weekday nor a special date has hours.
        """
        if not any(self.week) and not any(shifts for _, shifts in self.special):
            raise NeverOpenError(self.zone)


def load_zone(name: str) -> ZoneInfo:
    """Return the zone of that IANA name.

    Raises:
        UnknownZoneError: there is none, or the name is no zone name at all.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise UnknownZoneError(name) from error
