"""When warnings fall due and when they may be sent (R18)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

from neike.engines.worktime import Pause, PreparedCalendar

WARNING_SHARES: Final = (Fraction(3, 4), Fraction(1))
MICROSECOND: Final = timedelta(microseconds=1)


def warning_times(
    calendar: PreparedCalendar,
    *,
    start: datetime,
    target: timedelta,
    pauses: Sequence[Pause] = (),
    shares: Sequence[Fraction] = WARNING_SHARES,
) -> tuple[datetime | None, ...]:
    """Return when each share of the target's working time is used up, in the order of `shares`.

    `shares` are positive fractions, 1 is the due time. None as in `PreparedCalendar.due`: a warning that lies
    behind a pause without end is computed again when the pause ends.

    Raises:
        BadTargetError: a share of the target is zero or negative.
    """
    whole = target // MICROSECOND
    return tuple(
        calendar.due(start, round(whole * share) * MICROSECOND, pauses) for share in shares
    )


def notice_time(
    recipient: PreparedCalendar, at: datetime, *, urgent: bool = False
) -> datetime | None:
    """Return when a notice that falls due at `at` may be sent: within the recipient's working time.

    An urgent one goes at once. None: the recipient's calendar opens no more (R21).
    """
    return at.astimezone(UTC) if urgent else recipient.next_open(at)
