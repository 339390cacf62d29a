"""Answers "why is it due then?" with codes and values; pages turn them into sentences."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from neike.engines.clocks.events import ClockEvent, ClockReading, EventKind, Reason, ReasonStep
from neike.engines.clocks.vocabulary import ClockState
from neike.engines.worktime import DaySlice, PreparedCalendar

SHOWN_DAYS: Final = 10
"""With more working dates than this, those in the middle become one step."""
ZERO: Final = timedelta()


def explain(
    reading: ClockReading, events: Sequence[ClockEvent], calendar: PreparedCalendar, *, at: datetime
) -> ClockReading:
    """Return the reading with its reasons: what happened, what each date contributed, what follows.

    Steps come in this order: events and pauses in time order, then the working dates whose amounts add up to the
    target (or, without a due time, to what was used by `at`), then the conclusion.
    """
    happened = _happened(reading, events, calendar)
    until = reading.due or reading.stopped or at
    worked = (
        _worked(calendar.day_slices(reading.started, until, reading.pauses))
        if until > reading.started
        else []
    )
    return replace(reading, why=(*happened, *worked, *_conclusion(reading, calendar)))


def _happened(
    reading: ClockReading, events: Sequence[ClockEvent], calendar: PreparedCalendar
) -> list[ReasonStep]:
    steps: list[ReasonStep] = []
    for index, event in enumerate(events):
        match event.kind:
            case EventKind.START:
                steps.append(
                    _step(Reason.STARTED, event, amount=event.target, code=event.calendar or "")
                )
            case EventKind.PAUSE:
                steps.append(_stretch(Reason.PAUSED, event, _next_at(events, index), calendar))
            case EventKind.STOP if _is_reopened(events, index):
                steps.append(_stretch(Reason.REOPENED, event, _reopening(events, index), calendar))
            case EventKind.STOP:
                steps.append(
                    _step(Reason.STOPPED, event, amount=reading.used, code=reading.verdict or "")
                )
            case EventKind.RETARGET:
                steps.extend(_retargeted(reading, events, index))
            case EventKind.RECALENDAR:
                steps.append(_step(Reason.RECALENDARED, event, code=event.calendar or ""))
            case EventKind.VOID:
                steps.append(_step(Reason.VOIDED, event, code=event.cause))
    return steps


def _step(
    reason: Reason, event: ClockEvent, *, amount: timedelta | None = None, code: str = ""
) -> ReasonStep:
    return ReasonStep(reason=reason, at=event.at, amount=amount, code=code)


def _stretch(
    reason: Reason, event: ClockEvent, until: datetime | None, calendar: PreparedCalendar
) -> ReasonStep:
    credited = None if until is None else calendar.worked_between(event.at, until)
    return ReasonStep(reason=reason, at=event.at, until=until, amount=credited, code=event.cause)


def _retargeted(
    reading: ClockReading, events: Sequence[ClockEvent], index: int
) -> list[ReasonStep]:
    event = events[index]
    steps = [_step(Reason.RETARGETED, event, amount=event.target, code=event.cause)]
    is_last = all(later.kind is not EventKind.RETARGET for later in events[index + 1 :])
    if is_last and reading.target > reading.promised:
        steps.append(_step(Reason.FLOORED, event, amount=reading.target))
    return steps


def _next_at(events: Sequence[ClockEvent], index: int) -> datetime | None:
    """Return when the pause that begins at `index` ended."""
    enders = (EventKind.RESUME, EventKind.STOP, EventKind.VOID)
    return next((event.at for event in events[index + 1 :] if event.kind in enders), None)


def _is_reopened(events: Sequence[ClockEvent], index: int) -> bool:
    return _reopening(events, index) is not None


def _reopening(events: Sequence[ClockEvent], index: int) -> datetime | None:
    return next((event.at for event in events[index + 1 :] if event.kind is EventKind.REOPEN), None)


def _worked(slices: list[DaySlice]) -> list[ReasonStep]:
    if len(slices) <= SHOWN_DAYS:
        return [_day_step([piece]) for piece in slices]
    half = SHOWN_DAYS // 2
    return [
        *(_day_step([piece]) for piece in slices[:half]),
        _day_step(slices[half:-half]),
        *(_day_step([piece]) for piece in slices[-half:]),
    ]


def _day_step(slices: list[DaySlice]) -> ReasonStep:
    return ReasonStep(
        reason=Reason.WORKED,
        at=slices[0].start,
        until=slices[-1].end,
        day=slices[0].day,
        days=len(slices),
        amount=sum((piece.worked for piece in slices), ZERO),
    )


def _conclusion(reading: ClockReading, calendar: PreparedCalendar) -> list[ReasonStep]:
    if reading.state is ClockState.VOID:
        return []
    steps = []
    if reading.due is not None:
        steps.append(ReasonStep(reason=Reason.DUE, at=reading.due))
    elif reading.state is ClockState.PAUSED:
        steps.append(ReasonStep(reason=Reason.REMAINING, amount=reading.remaining))
    else:
        steps.append(ReasonStep(reason=Reason.NO_DATE, code=calendar.spec.zone))
    if reading.overdue:
        steps.append(ReasonStep(reason=Reason.LATE, amount=reading.lateness))
    return steps
