"""One clock of a ticket while its log is read: it gathers clock events and lets the engine read them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Final

from neike.desk.choices import WaitingOn
from neike.desk.replay.facts import ClockFacts, Terms
from neike.engines import clocks as engine
from neike.engines.clocks import ClockEvent, ClockReading, ClockState, EventKind, Metric

REMIND_DAYS: Final = 3
"""Working days of waiting for the requester before a reminder (S8)."""
LAPSE_DAYS: Final = 5
"""Working days of waiting for the requester before the request is resolved by itself (S8)."""
CONFIRM_LEG_DAYS: Final = 2
"""Working days after which a delivered leg counts as confirmed (esm 4.2)."""
CONFIRM_TICKET_DAYS: Final = 3
"""Working days after which a resolved request counts as confirmed (esm 4.1)."""

_WARN_SHARE: Final = (Fraction(3, 4),)


def _pause_codes(*, third_party_pauses: bool) -> Mapping[str, frozenset[str]]:
    return {
        metric.value: frozenset(
            waiting.value
            for waiting in engine.WaitingOn
            if engine.pauses(metric, waiting, third_party_pauses=third_party_pauses)
        )
        for metric in Metric
    }


_PAUSES: Final = {flag: _pause_codes(third_party_pauses=flag) for flag in (False, True)}
"""The engine's pause table as `_PAUSES[third_party_pauses][metric]`, so that a look-up costs nothing."""


class ClockCourse:
    """A clock's events as they follow from the ticket's. Cheap until `reading` is asked for."""

    __slots__ = (
        "_paused",
        "_pauses_on",
        "cycle",
        "events",
        "fixed",
        "forfeited",
        "leg_no",
        "metric",
        "open",
        "terms",
        "void",
    )

    def __init__(
        self,
        metric: str,
        leg_no: int | None,
        cycle: int,
        terms: Terms,
        *,
        fixed: bool = False,
    ) -> None:
        self.metric, self.leg_no, self.cycle, self.terms = metric, leg_no, cycle, terms
        self.fixed = fixed
        self.events: list[ClockEvent] = []
        self.open = self.void = self.forfeited = False
        self._paused = False
        self._pauses_on = _PAUSES[terms.third_party_pauses][metric]

    def start(self, at: datetime, seconds: int) -> None:
        """Begin with a target in working seconds."""
        self.open = True
        self._add(
            EventKind.START,
            at,
            target=timedelta(seconds=seconds),
            calendar=str(self.terms.calendar_id),
        )

    def wait(self, at: datetime, waiting_on: str) -> None:
        """Pause or go on as the pause table says of `waiting_on`; nothing changes once stopped."""
        if not self.open:
            return
        pauses = waiting_on in self._pauses_on
        if pauses and not self._paused:
            self._add(EventKind.PAUSE, at, cause=waiting_on)
        elif self._paused and not pauses:
            self._add(EventKind.RESUME, at)
        self._paused = pauses

    def stop(self, at: datetime) -> None:
        """Stop for good or until reopened."""
        if self.open:
            self._add(EventKind.STOP, at)
            self.open = self._paused = False

    def forfeit(self, at: datetime) -> None:
        """Stop as missed whatever was used: the promise was kept by a timer, not by people."""
        self.stop(at)
        self.forfeited = True

    def reopen(self, at: datetime) -> None:
        """Go on after a stop; the time between is credited (R12)."""
        if not self.open and not self.void:
            self._add(EventKind.REOPEN, at)
            self.open, self.forfeited = True, False

    def retarget(self, at: datetime, priority: str) -> None:
        """Take the targets of another priority (R10)."""
        seconds = self.terms.target(priority, self.metric)
        if seconds is None or self.void or self.fixed:
            return
        response = self.terms.target(priority, Metric.FIRST_RESPONSE)
        self._add(
            EventKind.RETARGET,
            at,
            target=timedelta(seconds=seconds),
            response_target=None if response is None else timedelta(seconds=response),
            cause="priority",
        )

    def cancel(self, at: datetime) -> None:
        """Make the clock void; it stays for audit. A verdict already given stands."""
        if self.open:
            self._add(EventKind.VOID, at)
            self.open, self._paused, self.void = False, False, True

    def _add(
        self,
        kind: EventKind,
        at: datetime,
        *,
        target: timedelta | None = None,
        response_target: timedelta | None = None,
        calendar: str | None = None,
        cause: str = "",
    ) -> None:
        self.events.append(
            ClockEvent(
                kind=kind,
                at=at,
                target=target,
                response_target=response_target,
                calendar=calendar,
                cause=cause,
            )
        )

    def reading(self, *, at: datetime, with_why: bool) -> ClockReading:
        """Let the engine read the clock as it stands at `at`."""
        calendars = {str(self.terms.calendar_id): self.terms.calendar}
        return engine.replay(self.events, calendars, at=at, with_why=with_why)

    def facts(self, *, at: datetime) -> ClockFacts:
        """Return what is stored; `at` is the moment of the ticket's last event."""
        reading = self.reading(at=at, with_why=False)
        running = reading.state is ClockState.RUNNING
        paused = reading.state is ClockState.PAUSED
        missed = self.forfeited and reading.state is ClockState.MET
        return ClockFacts(
            leg_no=self.leg_no,
            metric=self.metric,
            cycle=self.cycle,
            standard_id=self.terms.standard_id,
            calendar_id=self.terms.calendar_id,
            calendar_revision=self.terms.revision,
            target_seconds=_seconds(reading.target),
            state=ClockState.BREACHED.value if missed else reading.state.value,
            started_at=reading.started,
            due_at=reading.due,
            warn_at=self._warn_at(reading) if running else None,
            remaining_seconds=_seconds(reading.remaining) if paused else None,
            stopped_at=reading.stopped,
            used_seconds=0 if running else _seconds(reading.used),
            late_seconds=0 if running else ceil(reading.lateness.total_seconds()),
        )

    def _warn_at(self, reading: ClockReading) -> datetime | None:
        return engine.warning_times(
            self.terms.calendar,
            start=reading.started,
            target=reading.target,
            pauses=reading.pauses,
            shares=_WARN_SHARE,
        )[0]


def _seconds(amount: timedelta) -> int:
    return amount.days * 86_400 + amount.seconds


def working_days_later(terms: Terms, at: datetime, days: int) -> datetime | None:
    """Return the same wall time `days` working dates later on the standard's calendar."""
    return terms.calendar.after_working_days(at, days)


NOBODY: Final = WaitingOn.NONE.value
