"""Working time on a business calendar: due times, elapsed time, openings.

Rules R1-R5 and R21 of docs/en/reference/clocks.md. The numpy form for bulk work is `neike.engines.worktime.bulk`.
"""

from neike.engines.worktime.errors import (
    BadCalendarError,
    BadIntervalError,
    BadPauseError,
    BadTargetError,
    EndBeforeStartError,
    HorizonError,
    NaiveTimeError,
    NeverOpenError,
    UnknownZoneError,
    WorktimeError,
)
from neike.engines.worktime.prepared import DaySlice, PreparedCalendar, prepare
from neike.engines.worktime.spec import CalendarSpec, Shift, Week
from neike.engines.worktime.table import Pause

__all__ = [
    "BadCalendarError",
    "BadIntervalError",
    "BadPauseError",
    "BadTargetError",
    "CalendarSpec",
    "DaySlice",
    "EndBeforeStartError",
    "HorizonError",
    "NaiveTimeError",
    "NeverOpenError",
    "Pause",
    "PreparedCalendar",
    "Shift",
    "UnknownZoneError",
    "Week",
    "WorktimeError",
    "prepare",
]
