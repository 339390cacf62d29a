"""The events a clock is replayed from, and what a replay says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from neike.engines.clocks.errors import IncompleteEventError
from neike.engines.clocks.vocabulary import ClockState, Verdict
from neike.engines.worktime import BadTargetError, NaiveTimeError, Pause


class EventKind(StrEnum):
    """What happens to a clock (R6)."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REOPEN = "reopen"  # goes on after a stop; the time between is credited (R12)
    RETARGET = "retarget"  # another priority or standard (R10)
    RECALENDAR = "recalendar"  # another calendar, or an edit of the same (R15)
    VOID = "void"


_ZERO: Final = timedelta()
_WITH_TARGET: Final = frozenset({EventKind.START, EventKind.RETARGET})
_WITH_CALENDAR: Final = frozenset({EventKind.START, EventKind.RECALENDAR})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvent:
    """One thing that happened to a clock.

    Attributes:
        at: aware moment.
        target: working time promised, for start and retarget; positive.
        response_target: for retarget, the new first-response target, which no new due time undercuts (R10); None:
            no such floor.
        calendar: key of the calendar, for start and recalendar.
        cause: a code the reader's page can translate, such as a `WaitingOn` value or "priority"; may be empty.

    Raises:
        NaiveTimeError: `at` has no zone.
        BadTargetError: a target is zero or negative.
        IncompleteEventError: the kind needs a target or a calendar that is missing.
    """

    kind: EventKind
    at: datetime
    target: timedelta | None = None
    response_target: timedelta | None = None
    calendar: str | None = None
    cause: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise NaiveTimeError(self.at)
        if self.target is None:
            if self.kind in _WITH_TARGET:
                raise IncompleteEventError(self.kind, "a target")
        elif self.target <= _ZERO:
            raise BadTargetError(self.target)
        if self.response_target is not None and self.response_target <= _ZERO:
            raise BadTargetError(self.response_target)
        if self.calendar is None and self.kind in _WITH_CALENDAR:
            raise IncompleteEventError(self.kind, "a calendar")


class Reason(StrEnum):
    """The kinds of steps that answer "why is it due then?"."""

    STARTED = "started"  # at, amount: target, code: calendar
    WORKED = "worked"  # day, at..until, amount: working time that counts, days: dates in this step
    PAUSED = "paused"  # at..until (None: still), amount: working time credited, code: cause
    REOPENED = (
        "reopened"  # at..until: from the stop to the reopening, amount: working time credited
    )
    RETARGETED = "retargeted"  # at, amount: new target, code: cause
    FLOORED = (
        "floored"  # at: of the change, amount: what the target became, so that R10's floor holds
    )
    RECALENDARED = "recalendared"  # at, code: calendar
    STOPPED = "stopped"  # at, amount: working time used, code: verdict
    DUE = "due"  # at
    REMAINING = "remaining"  # amount: working time left while paused (R14)
    LATE = "late"  # amount: working time beyond the target
    NO_DATE = "no_date"  # nothing opens for two years (R21), or only beyond the years computed
    VOIDED = "voided"  # at, code: cause


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonStep:
    """One step of an explanation: a code and values, no sentences; which values are set, `Reason` says."""

    reason: Reason
    at: datetime | None = None
    until: datetime | None = None
    day: date | None = None
    days: int = 1
    amount: timedelta | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """How a clock stands at one moment. Durations are working time; moments are aware, UTC where computed.

    Attributes:
        due: None while paused with time left (R14), when void, or when there is no such moment (R21).
        promised: the target as last set; `target` is what holds after R10's floor.
        used: from start to now or stop, without pauses.
        remaining: `target - used`, never negative.
        lateness: `used - target`, never negative; does not grow while paused (R13).
        verdict: only after a stop; a reopened clock has none again.
        pauses: as they happened, the stretch between a stop and a reopening among them.
        why: empty when not asked for.
    """

    state: ClockState
    verdict: Verdict | None
    started: datetime
    stopped: datetime | None
    due: datetime | None
    calendar: str
    target: timedelta
    promised: timedelta
    used: timedelta
    remaining: timedelta
    lateness: timedelta
    reopened: int
    pauses: tuple[Pause, ...]
    why: tuple[ReasonStep, ...]

    @property
    def overdue(self) -> bool:
        """Say whether more than the target has been used."""
        return self.lateness > timedelta()
