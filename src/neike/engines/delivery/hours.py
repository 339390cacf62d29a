"""Quiet hours and digest times on a person's own clocks; days of clock changes included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from neike.engines.worktime import PreparedCalendar

DAY: Final = 86_400
LONGEST_QUIET: Final = 16 * 3600
_MOST_STEPS = 8
_DAYS_LOOKED_AT = 14


class Rhythm(StrEnum):
    """How often a digest goes out."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nobody disturbs, in seconds of the local day: `start` inclusive, `end` exclusive.

    They pass midnight when `start` is after `end`.

    Raises:
        ValueError: outside the day, empty, or longer than 16 hours.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and 0 <= self.end < DAY):
            raise ValueError(f"quiet hours lie within a day: {self.start}, {self.end}")
        if not 0 < (self.end - self.start) % DAY <= LONGEST_QUIET:
            raise ValueError(f"quiet hours last up to 16 hours: {self.start}, {self.end}")

    def holds(self, second: int) -> bool:
        """Whether a second of the local day is quiet."""
        if self.start < self.end:
            return self.start <= second < self.end
        return second >= self.start or second < self.end


@dataclass(frozen=True, slots=True)
class DigestTime:
    """When the digest goes out: `at` in seconds of the local day; `weekday` 0 is Monday, read when weekly."""

    rhythm: Rhythm = Rhythm.DAILY
    at: int = 9 * 3600
    weekday: int = 0


def after_quiet(at: datetime, quiet: Quiet | None, zone: str) -> datetime:
    """Return `at`, or the end of the quiet hours it lies in, in UTC.

    Where the end does not exist on a day of a clock change it is as late after the change; where it comes
    twice the first counts, unless the second still lies in quiet hours.
    """
    at = at.astimezone(UTC)
    if quiet is None:
        return at
    place = ZoneInfo(zone)
    for _step in range(_MOST_STEPS):
        local = at.astimezone(place)
        second = local.hour * 3600 + local.minute * 60 + local.second
        if not quiet.holds(second):
            return at
        day = local.date() + timedelta(days=1 if quiet.start > quiet.end <= second else 0)
        at = _moment(day, quiet.end, place, not_before=at)
    return at


def next_digest(
    after: datetime,
    when: DigestTime,
    zone: str,
    *,
    working: PreparedCalendar | None = None,
) -> datetime | None:
    """Return the first digest time strictly after a moment, in UTC; None without a rhythm.

    A daily digest keeps to the working days of `working` when given, as long as one comes within two weeks.
    """
    if when.rhythm == Rhythm.NONE:
        return None
    after = after.astimezone(UTC)
    place = ZoneInfo(zone)
    today = after.astimezone(place).date()
    first: datetime | None = None
    for ahead in range(_DAYS_LOOKED_AT + 1):
        day = today + timedelta(days=ahead)
        moment = _moment(day, when.at, place)
        if moment <= after or (when.rhythm == Rhythm.WEEKLY and day.weekday() != when.weekday):
            continue
        if when.rhythm == Rhythm.WEEKLY or working is None or working.is_working_date(day):
            return moment
        first = first or moment
    return first


def _moment(
    day: date, second: int, place: ZoneInfo, *, not_before: datetime | None = None
) -> datetime:
    """Return when a clock shows a second of a day: the first time it does, the second if that lies before."""
    wall = datetime.combine(day, time(second // 3600, second // 60 % 60, second % 60), tzinfo=place)
    found = wall.astimezone(UTC)
    if not_before is not None and found <= not_before:
        return wall.replace(fold=1).astimezone(UTC)
    return found
