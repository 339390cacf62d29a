"""Whether a come-back goes on with the request or begins a new one (R12)."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from neike.engines.clocks.errors import EventOrderError
from neike.engines.worktime import PreparedCalendar

REOPEN_DAYS: Final = 5
"""Working days after the resolution in which a request may be reopened."""


class ComeBack(StrEnum):
    """What becomes of somebody coming back to a resolved request."""

    SAME_REQUEST = "same_request"  # resolved time credited, reopening counted
    FOLLOW_UP = "follow_up"  # linked, with fresh clocks


def reopen_window(
    calendar: PreparedCalendar, resolved_at: datetime, days: int = REOPEN_DAYS
) -> datetime | None:
    """Return the last moment of the reopening window: the same wall time `days` working dates later, inclusive.

    None: nothing opens for two years, the window does not close.
    """
    return calendar.after_working_days(resolved_at, days)


def come_back(
    calendar: PreparedCalendar, *, resolved_at: datetime, at: datetime, days: int = REOPEN_DAYS
) -> ComeBack:
    """Decide whether somebody who comes back at `at` reopens the request or raises a follow-up.

    Raises:
        EventOrderError: `at` lies before `resolved_at`.
    """
    if at < resolved_at:
        raise EventOrderError(1, at, resolved_at)
    last = reopen_window(calendar, resolved_at, days)
    return ComeBack.SAME_REQUEST if last is None or at <= last else ComeBack.FOLLOW_UP
