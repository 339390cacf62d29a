"""Service clocks: what pauses them, how they are replayed from events, how they explain themselves.

Rules R6-R22 of docs/en/reference/clocks.md.
"""

from neike.engines.clocks.errors import (
    ClockError,
    EventNotAllowedError,
    EventOrderError,
    IncompleteEventError,
    NotStartedError,
    SegmentError,
    UnknownCalendarError,
)
from neike.engines.clocks.events import ClockEvent, ClockReading, EventKind, Reason, ReasonStep
from neike.engines.clocks.handover import (
    ClockAction,
    HandOverMode,
    HandOverMove,
    Side,
    hand_over_actions,
)
from neike.engines.clocks.notices import WARNING_SHARES, notice_time, warning_times
from neike.engines.clocks.reopening import REOPEN_DAYS, ComeBack, come_back, reopen_window
from neike.engines.clocks.replay import Calendars, due_after_retarget, judge, replay
from neike.engines.clocks.responses import (
    Contact,
    Exchange,
    Party,
    exchanges,
    first_response_at,
    next_response_anchor,
)
from neike.engines.clocks.segments import Segment, clock_pauses, time_by_wait
from neike.engines.clocks.vocabulary import (
    PAUSE_TABLE,
    ClockState,
    Effect,
    Metric,
    Verdict,
    WaitingOn,
    pauses,
)

__all__ = [
    "PAUSE_TABLE",
    "REOPEN_DAYS",
    "WARNING_SHARES",
    "Calendars",
    "ClockAction",
    "ClockError",
    "ClockEvent",
    "ClockReading",
    "ClockState",
    "ComeBack",
    "Contact",
    "Effect",
    "EventKind",
    "EventNotAllowedError",
    "EventOrderError",
    "Exchange",
    "HandOverMode",
    "HandOverMove",
    "IncompleteEventError",
    "Metric",
    "NotStartedError",
    "Party",
    "Reason",
    "ReasonStep",
    "Segment",
    "SegmentError",
    "Side",
    "UnknownCalendarError",
    "Verdict",
    "WaitingOn",
    "clock_pauses",
    "come_back",
    "due_after_retarget",
    "exchanges",
    "first_response_at",
    "hand_over_actions",
    "judge",
    "next_response_anchor",
    "notice_time",
    "pauses",
    "reopen_window",
    "replay",
    "time_by_wait",
    "warning_times",
]
