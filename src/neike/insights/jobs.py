"""What the numbers need in the background."""

from datetime import datetime, timedelta
from typing import Final

from neike.insights import actions
from neike.kernel.jobs import Run, every, job

MOST_AT_ONCE: Final = 5_000
"""Requests taken in by one run; the next run goes on."""


@every("*/5 * * * *")
@job("insights.catch_up", at_once=1)
def catch_up(*, now: datetime) -> None:
    """Take in requests that were imported, or whose days are counted in another zone now."""
    actions.catch_up(most=MOST_AT_ONCE)


@every("*/15 * * * *")
@job("insights.observe_changes", own_transactions=True, at_once=1, time_limit=timedelta(hours=1))
def observe_changes(*, now: datetime, run: Run) -> None:
    """Bring the observed edges in line with what happened; the first time, count them all."""
    try:
        actions.observe_changes(now=now, effect=run.effect)
    except actions.AlreadyObservingError:
        return  # what is marked stays marked for the next run
    actions.warm_map(now=now, effect=run.effect)


@every("30 2 * * *")
@job("insights.observe", own_transactions=True, at_once=1, time_limit=timedelta(hours=1))
def observe(*, now: datetime, run: Run) -> None:
    """Count all observed edges anew, every night and when somebody asks; when another run counts, try again."""
    actions.observe(now=now, effect=run.effect)
    actions.warm_map(now=now, effect=run.effect)


@every("*/5 * * * *")
@job("insights.warm_map", own_transactions=True, at_once=1, time_limit=timedelta(minutes=10))
def warm_map(*, now: datetime, run: Run) -> None:
    """Compute what the first reader would wait for, when relations changed since edges were counted."""
    actions.warm_map(now=now, effect=run.effect)


@job("insights.back_test", own_transactions=True, time_limit=timedelta(hours=1))
def back_test(*, test_id: int, asked: int, now: datetime, run: Run) -> None:
    """Write the report about a standard that was asked for; `asked` is its run number."""
    actions.run_back_test(test_id=test_id, run=asked, now=now, effect=run.effect)
