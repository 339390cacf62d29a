"""Reads a clock from its events (R6): the only way a clock is ever computed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from neike.engines.clocks.errors import (
    EventNotAllowedError,
    EventOrderError,
    NotStartedError,
    UnknownCalendarError,
)
from neike.engines.clocks.events import ClockEvent, ClockReading, EventKind
from neike.engines.clocks.vocabulary import ClockState, Verdict
from neike.engines.clocks.why import explain
from neike.engines.worktime import BadTargetError, NaiveTimeError, Pause, PreparedCalendar

Calendars = Mapping[str, PreparedCalendar]
ZERO: Final = timedelta()


def judge(*, used: timedelta, target: timedelta) -> Verdict:
    """Compare the working time a clock used with its target.

    Using exactly the target counts as met.

    Raises:
        BadTargetError: `target` is zero or negative.

    Source: docs/en/reference/clocks.md, rule R4.
    """
    if target <= ZERO:
        raise BadTargetError(target)
    return Verdict.MET if used <= target else Verdict.MISSED


@dataclass(slots=True, kw_only=True)
class Course:
    """A clock's course while its events are read one by one."""

    calendars: Calendars
    events: list[ClockEvent] = field(default_factory=list)
    state: ClockState | None = None
    started: datetime | None = None
    calendar: str = ""
    promised: timedelta = ZERO
    change: ClockEvent | None = None  # the latest retarget
    closed_pauses: list[Pause] = field(default_factory=list)
    paused_since: datetime | None = None
    stopped: datetime | None = None
    verdict: Verdict | None = None
    frozen: tuple[str, timedelta, ClockEvent | None] | None = None  # what the verdict was given by
    used_at_stop: timedelta | None = None
    reopened: int = 0

    def pauses(self) -> tuple[Pause, ...]:
        """Return all pauses, the present one without an end."""
        present = [] if self.paused_since is None else [(self.paused_since, None)]
        return (*self.closed_pauses, *present)

    def terms(self) -> tuple[str, timedelta, ClockEvent | None]:
        """Return calendar, promised target and latest change: as they stood at the stop, if stopped (R15)."""
        return self.frozen or (self.calendar, self.promised, self.change)

    def target(self) -> timedelta:
        """Return the target that holds: R10 never lets a change undercut the new first-response time."""
        calendar, promised, change = self.terms()
        if change is None or change.response_target is None:
            return promised
        return max(promised, self._used_until(calendar, change.at) + change.response_target)

    def used(self, at: datetime) -> timedelta:
        """Return the working time used by `at`, or by the stop."""
        if self.used_at_stop is not None:
            return self.used_at_stop
        return self._used_until(self.terms()[0], self.stopped or at)

    def _used_until(self, calendar: str, at: datetime) -> timedelta:
        assert self.started is not None  # noqa: S101 - a course with a state has a start
        return self.calendars[calendar].worked_between(self.started, at, self.pauses())


def _start(course: Course, event: ClockEvent) -> None:
    course.state, course.started = ClockState.RUNNING, event.at
    course.calendar, course.promised = event.calendar or "", event.target or ZERO


def _pause(course: Course, event: ClockEvent) -> None:
    course.state, course.paused_since = ClockState.PAUSED, event.at


def _resume(course: Course, event: ClockEvent) -> None:
    _end_pause(course, event.at)
    course.state = ClockState.RUNNING


def _end_pause(course: Course, at: datetime) -> None:
    if course.paused_since is not None:
        course.closed_pauses.append((course.paused_since, at))
        course.paused_since = None


def _stop(course: Course, event: ClockEvent) -> None:
    _end_pause(course, event.at)
    course.stopped = event.at
    course.frozen = course.terms()
    course.used_at_stop = course.used(event.at)
    course.verdict = judge(used=course.used_at_stop, target=course.target())
    course.state = ClockState.MET if course.verdict is Verdict.MET else ClockState.BREACHED


def _reopen(course: Course, event: ClockEvent) -> None:
    course.closed_pauses.append((course.stopped or event.at, event.at))
    course.stopped = course.verdict = course.frozen = course.used_at_stop = None
    course.reopened += 1
    course.state = ClockState.RUNNING


def _retarget(course: Course, event: ClockEvent) -> None:
    course.promised, course.change = event.target or ZERO, event


def _recalendar(course: Course, event: ClockEvent) -> None:
    course.calendar = event.calendar or ""


def _void(course: Course, event: ClockEvent) -> None:
    _end_pause(course, event.at)
    course.stopped = course.stopped or event.at
    course.frozen = course.terms()
    course.state = ClockState.VOID


_OPEN: Final = (ClockState.RUNNING, ClockState.PAUSED)
_DONE: Final = (ClockState.MET, ClockState.BREACHED)
_STEPS: Final[
    Mapping[EventKind, tuple[tuple[ClockState | None, ...], Callable[[Course, ClockEvent], None]]]
] = {
    EventKind.START: ((None,), _start),
    EventKind.PAUSE: ((ClockState.RUNNING,), _pause),
    EventKind.RESUME: ((ClockState.PAUSED,), _resume),
    EventKind.STOP: (_OPEN, _stop),
    EventKind.REOPEN: (_DONE, _reopen),
    EventKind.RETARGET: (
        (*_OPEN, *_DONE),
        _retarget,
    ),  # after a stop they hold only from a reopening on:
    EventKind.RECALENDAR: ((*_OPEN, *_DONE), _recalendar),  # a verdict once given stands (R10, R15)
    EventKind.VOID: ((*_OPEN, *_DONE), _void),
}


def replay(
    events: Sequence[ClockEvent], calendars: Calendars, *, at: datetime, with_why: bool = True
) -> ClockReading:
    """Read the clock as it stood at `at`; events after `at` are not yet known.

    `with_why=False` saves the explanation where thousands of clocks are read.

    Raises:
        NaiveTimeError: `at` has no zone.
        EventOrderError: an event lies before the one in front of it; names the index and both times.
        EventNotAllowedError: an event that the state does not allow; names the index.
        UnknownCalendarError: an event names a calendar that `calendars` lacks.
        NotStartedError: nothing happened by `at`.
    """
    if at.utcoffset() is None:
        raise NaiveTimeError(at)
    course = _course(events, calendars, at)
    if course.state is None or course.started is None:
        raise NotStartedError(at)
    calendar, promised, _ = course.terms()
    target, used = course.target(), course.used(at)
    due = None
    if course.state is not ClockState.VOID:
        due = calendars[calendar].due(course.started, target, course.pauses())
    reading = ClockReading(
        state=course.state,
        verdict=course.verdict,
        started=course.started,
        stopped=course.stopped,
        due=due,
        calendar=calendar,
        target=target,
        promised=promised,
        used=used,
        remaining=max(target - used, ZERO),
        lateness=max(used - target, ZERO),
        reopened=course.reopened,
        pauses=course.pauses(),
        why=(),
    )
    return explain(reading, course.events, calendars[calendar], at=at) if with_why else reading


def _course(events: Sequence[ClockEvent], calendars: Calendars, at: datetime) -> Course:
    course = Course(calendars=calendars)
    for index, event in enumerate(events):
        if index and event.at < events[index - 1].at:
            raise EventOrderError(index, event.at, events[index - 1].at)
        allowed, step = _STEPS[event.kind]
        if event.calendar is not None and event.calendar not in calendars:
            raise UnknownCalendarError(index, event.calendar)
        if event.at > at:
            continue
        if course.state not in allowed:
            raise EventNotAllowedError(index, event.kind, course.state or "not started")
        step(course, event)
        course.events.append(event)
    return course


def due_after_retarget(
    calendar: PreparedCalendar,
    *,
    start: datetime,
    target: timedelta,
    pauses: Sequence[Pause] = (),
    changed_at: datetime,
    response_target: timedelta | None,
) -> datetime | None:
    """Return the due time after a change of priority or standard (R10), for previews and forms.

    It is computed from the original `start` with all `pauses`, but is never earlier than `changed_at` plus the new
    first-response target, in working time. None as in `PreparedCalendar.due`.

    Raises:
        EventOrderError: `changed_at` lies before `start`.
        BadTargetError: a target is zero or negative.
    """
    if changed_at < start:
        raise EventOrderError(1, changed_at, start)
    if response_target is not None:
        if response_target <= ZERO:
            raise BadTargetError(response_target)
        target = max(target, calendar.worked_between(start, changed_at, pauses) + response_target)
    return calendar.due(start, target, pauses)
