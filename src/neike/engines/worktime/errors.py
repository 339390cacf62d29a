"""What can be wrong with a calendar or with a question put to it.

Each error keeps the offending values as attributes, so that a page can say the same in its reader's language.
"""

from datetime import datetime, timedelta


class WorktimeError(ValueError):
    """Base of all errors of working-time calculation."""


class BadCalendarError(WorktimeError):
    """A calendar's description is malformed (not seven weekdays, a moment where a date belongs ...)."""

    def __init__(self, where: str, value: object) -> None:
        self.where = where
        self.value = value
        super().__init__(f"{where}: {value!r} is not usable")


class UnknownZoneError(WorktimeError):
    """The calendar names a time zone that the zone database does not know."""

    def __init__(self, zone: object) -> None:
        self.zone = zone
        super().__init__(f"unknown time zone {zone!r}")


class BadIntervalError(WorktimeError):
    """Opening hours that are empty, reversed or outside 00:00-24:00."""

    def __init__(self, where: str, opens: object, closes: object) -> None:
        self.where = where
        self.opens = opens
        self.closes = closes
        super().__init__(
            f"{where}: {opens}-{closes} is not an interval inside 00:00-24:00 that ends after it starts "
            "(hours past midnight are two intervals)"
        )


class NeverOpenError(WorktimeError):
    """No weekday and no dated exception of the calendar has opening hours."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        super().__init__(f"the calendar ({zone}) never opens: no weekday and no date has hours")


class BadTargetError(WorktimeError):
    """A target that is zero or negative."""

    def __init__(self, target: timedelta, index: int | None = None) -> None:
        self.target = target
        self.index = index
        at = "" if index is None else f" at index {index}"
        super().__init__(f"target must be positive, got {target}{at}")


class BadPauseError(WorktimeError):
    """A pause that ends before it starts."""

    def __init__(self, index: int, start: object, end: object) -> None:
        self.index = index
        self.start = start
        self.end = end
        super().__init__(f"pause {index} ends before it starts: {start} to {end}")


class NaiveTimeError(WorktimeError):
    """A moment without a time zone."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__(f"{value} has no time zone")


class EndBeforeStartError(WorktimeError):
    """A span that ends before it starts."""

    def __init__(self, start: object, end: object) -> None:
        self.start = start
        self.end = end
        super().__init__(f"the span ends before it starts: {start} to {end}")


class HorizonError(WorktimeError):
    """A moment outside the years that calendars are computed for."""

    def __init__(self, value: datetime | str) -> None:
        self.value = value
        super().__init__(
            f"{value} lies outside the years 1900 to 2199 that calendars are computed for"
        )
