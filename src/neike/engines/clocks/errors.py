"""What can be wrong with a clock's events or with the segments behind them."""

from datetime import datetime


class ClockError(ValueError):
    """Base of all errors of clocks."""


class EventOrderError(ClockError):
    """An event lies before the one in front of it."""

    def __init__(self, index: int, at: datetime, before: datetime) -> None:
        self.index = index
        self.at = at
        self.before = before
        super().__init__(
            f"event {index} at {at.isoformat()} is earlier than event {index - 1} at {before.isoformat()}"
        )


class EventNotAllowedError(ClockError):
    """An event that the clock's state does not allow, such as a second start."""

    def __init__(self, index: int, kind: str, state: str) -> None:
        self.index = index
        self.kind = kind
        self.state = state
        super().__init__(f"event {index}: {kind} is not possible while the clock is {state}")


class IncompleteEventError(ClockError):
    """An event without a value that its kind needs."""

    def __init__(self, kind: str, missing: str) -> None:
        self.kind = kind
        self.missing = missing
        super().__init__(f"a {kind} event needs {missing}")


class UnknownCalendarError(ClockError):
    """An event names a calendar that was not handed in."""

    def __init__(self, index: int, calendar: str) -> None:
        self.index = index
        self.calendar = calendar
        super().__init__(f"event {index} names the unknown calendar {calendar!r}")


class NotStartedError(ClockError):
    """There is no event at or before the moment asked about."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(f"the clock has not started by {at.isoformat()}")


class SegmentError(ClockError):
    """Segments of a leg that leave a gap, overlap or end before they start."""

    def __init__(self, index: int, start: datetime, end: datetime | None, problem: str) -> None:
        self.index = index
        self.start = start
        self.end = end
        self.problem = problem
        super().__init__(f"segment {index} from {start} to {end} {problem}")
