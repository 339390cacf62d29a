"""Which steps of an escalation are due: each once, in order, by the working time of the promise."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from neike.engines.worktime import PreparedCalendar

LONGEST: Final = timedelta(minutes=10 * 24 * 60)
"""A step lies at most this much working time behind the due time."""


@dataclass(frozen=True, slots=True)
class Step:
    """Tell `whom` once a promise is late by `after` working time; `mark` names the step for good."""

    mark: str
    after: timedelta


def steps_due(
    steps: Iterable[Step],
    *,
    calendar: PreparedCalendar,
    due_at: datetime,
    now: datetime,
    told: Collection[str],
) -> tuple[Step, ...]:
    """Return the steps to be taken now, the earliest first: late enough, and never taken before (E2).

    Nothing is due before the due time. Equal delays keep the order of their marks.
    """
    if now < due_at:
        return ()
    late = calendar.worked_between(due_at, now)
    open_steps = (step for step in steps if step.mark not in told and step.after <= late)
    return tuple(sorted(open_steps, key=lambda step: (step.after, step.mark)))
