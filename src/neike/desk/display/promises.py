"""What became of a promise: one chip with the working time that is left, used or over."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.desk.choices import ClockState
from neike.desk.display import times
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries
from neike.org.models import BusinessCalendar


class Promise(Protocol):
    """What a chip needs to know of a clock: `models.Clock`, or a row of the queue's query."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def due_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def warn_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def remaining_seconds(self) -> int | None: ...  # noqa: D102
    @property
    def used_seconds(self) -> int: ...  # noqa: D102
    @property
    def late_seconds(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Chip:
    """A due chip of the kit: `state` is one of its six, `text` working time, `title` the moment in full.

    `note` says that the moment may still move, "" when it stands.
    """

    state: str
    text: str
    title: str
    note: str = ""


def note(promise: Promise, hours: BusinessCalendar) -> str:
    """Say that a running promise may still move, because its year's make-up days are not published; else "".

    No query when the calendar's `years` were prefetched.
    """
    if promise.state != ClockState.RUNNING:
        return ""
    return wording.may_still_move(org_queries.provisional_year(hours, promise.due_at))


def chip(promise: Promise, hours: BusinessCalendar, *, now: datetime) -> Chip | None:
    """Return the chip of a promise on its calendar, None for a void one."""
    due = promise.due_at
    calendar = org_queries.prepared_calendar(hours)
    if promise.state == ClockState.RUNNING:
        if due is None:
            return Chip("ok", "", _("no date"))
        return replace(_running(due, promise.warn_at, calendar, now), note=note(promise, hours))
    if promise.state == ClockState.PAUSED and (promise.remaining_seconds or 0) < 0:
        # paused after the breach: the lateness stands still, and is not hidden by the pause (R13)
        over = times.working(-(promise.remaining_seconds or 0), calendar)
        return Chip(
            "late", f"+{over}", _("%(over)s too late, not growing while paused") % {"over": over}
        )
    if promise.state == ClockState.PAUSED:
        left = times.working(promise.remaining_seconds, calendar)
        return Chip("paused", left, _("%(left)s of working time are left") % {"left": left})
    title = _("promised by %(moment)s") % {"moment": times.full(due)} if due else ""
    if promise.state == ClockState.MET:
        return Chip("met", times.working(promise.used_seconds, calendar), title)
    if promise.state == ClockState.BREACHED:
        over = times.working(promise.late_seconds, calendar) if promise.late_seconds else ""
        return Chip("missed", f"+{over}" if over else "", title)
    return None


def _running(
    due: datetime, warn_at: datetime | None, calendar: PreparedCalendar, now: datetime
) -> Chip:
    title = _("promised by %(moment)s") % {"moment": times.full(due)}
    if due < now:
        return Chip("late", f"+{times.working(calendar.worked_between(due, now), calendar)}", title)
    left = times.working(calendar.worked_between(now, due), calendar)
    return Chip("soon" if warn_at and warn_at <= now else "ok", left, title)
