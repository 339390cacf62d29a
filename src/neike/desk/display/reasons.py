"""Answers "why is it due then?" in sentences: the engine's codes and values, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from neike.desk.choices import WaitingOn
from neike.desk.display import times
from neike.engines.clocks import ClockReading, Reason, ReasonStep
from neike.engines.worktime import PreparedCalendar

_CAUSES: Final = {each.value: each for each in WaitingOn}


def sentences(
    reading: ClockReading, calendar: PreparedCalendar, *, calendar_name: str
) -> list[str]:
    """Return the steps that lead to a due time, one sentence each, in the engine's order.

    Moments are written in the calendar's zone, because its working hours are meant.
    """
    words = _Words(calendar, calendar_name)
    return [_WRITERS[step.reason](step, words) for step in reading.why]


class _Words:
    def __init__(self, calendar: PreparedCalendar, name: str) -> None:
        self.calendar, self.name = calendar, name

    def amount(self, step: ReasonStep) -> str:
        return times.working(step.amount, self.calendar)

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(self.calendar.zone)
        day = formats.date_format(local, pgettext("date format, weekday and day", "D j M"))
        return f"{day} {local:%H:%M}"

    def time(self, at: datetime | None) -> str:
        return f"{at.astimezone(self.calendar.zone):%H:%M}" if at else ""


def _started(step: ReasonStep, words: _Words) -> str:
    return _(
        "The clock started %(moment)s: %(amount)s of working time by the calendar “%(calendar)s”."
    ) % {
        "moment": words.moment(step.at),
        "amount": words.amount(step),
        "calendar": words.name,
    }


def _worked(step: ReasonStep, words: _Words) -> str:
    if step.days > 1:
        return _("%(days)d working days from %(first)s to %(last)s count %(amount)s.") % {
            "days": step.days,
            "first": words.moment(step.at),
            "last": words.moment(step.until),
            "amount": words.amount(step),
        }
    return _("%(first)s to %(last)s counts %(amount)s.") % {
        "first": words.moment(step.at),
        "last": words.time(step.until),
        "amount": words.amount(step),
    }


def _paused(step: ReasonStep, words: _Words) -> str:
    cause = _CAUSES[step.code].label if step.code in _CAUSES else step.code
    if step.until is None:
        return _("Since %(first)s it is paused: the work waits for %(cause)s.") % {
            "first": words.moment(step.at),
            "cause": cause,
        }
    return _(
        "From %(first)s to %(last)s it was paused, waiting for %(cause)s: %(amount)s do not count."
    ) % {
        "first": words.moment(step.at),
        "last": words.moment(step.until),
        "cause": cause,
        "amount": words.amount(step),
    }


def _reopened(step: ReasonStep, words: _Words) -> str:
    return _("From %(first)s to %(last)s it was resolved: %(amount)s do not count.") % {
        "first": words.moment(step.at),
        "last": words.moment(step.until),
        "amount": words.amount(step),
    }


def _retargeted(step: ReasonStep, words: _Words) -> str:
    return _("The priority changed %(moment)s: now %(amount)s are promised from the start.") % {
        "moment": words.moment(step.at),
        "amount": words.amount(step),
    }


def _floored(step: ReasonStep, words: _Words) -> str:
    return _(
        "Nobody loses time by the change: it was lengthened to %(amount)s, so that a first answer stays possible."
    ) % {"amount": words.amount(step)}


def _recalendared(step: ReasonStep, words: _Words) -> str:
    return _("The working hours changed %(moment)s.") % {"moment": words.moment(step.at)}


def _stopped(step: ReasonStep, words: _Words) -> str:
    kept = step.code == "met"
    text = (
        _("It stopped %(moment)s after %(amount)s: the promise was kept.")
        if kept
        else _("It stopped %(moment)s after %(amount)s: the promise was missed.")
    )
    return text % {"moment": words.moment(step.at), "amount": words.amount(step)}


def _due(step: ReasonStep, words: _Words) -> str:
    return _("So it is due %(moment)s.") % {"moment": words.moment(step.at)}


def _remaining(step: ReasonStep, words: _Words) -> str:
    return _(
        "%(amount)s of working time are left. The date is set again when the work goes on."
    ) % {"amount": words.amount(step)}


def _late(step: ReasonStep, words: _Words) -> str:
    return _("That is %(amount)s of working time over the promise.") % {
        "amount": words.amount(step)
    }


def _no_date(_step: ReasonStep, _words: _Words) -> str:
    return _("There is no date: the calendar does not open any more.")


def _voided(step: ReasonStep, words: _Words) -> str:
    return _("It ended %(moment)s without a verdict.") % {"moment": words.moment(step.at)}


_WRITERS: Final[Mapping[Reason, Callable[[ReasonStep, _Words], str]]] = {
    Reason.STARTED: _started,
    Reason.WORKED: _worked,
    Reason.PAUSED: _paused,
    Reason.REOPENED: _reopened,
    Reason.RETARGETED: _retargeted,
    Reason.FLOORED: _floored,
    Reason.RECALENDARED: _recalendared,
    Reason.STOPPED: _stopped,
    Reason.DUE: _due,
    Reason.REMAINING: _remaining,
    Reason.LATE: _late,
    Reason.NO_DATE: _no_date,
    Reason.VOIDED: _voided,
}
