"""What the numbers need in the background."""

from datetime import datetime
from typing import Final

from neike.insights import actions
from neike.kernel.jobs import every, job

MOST_AT_ONCE: Final = 5_000
"""Requests taken in by one run; the next run goes on."""


@every("*/5 * * * *")
@job("insights.catch_up", at_once=1)
def catch_up(*, now: datetime) -> None:
    """Take in requests that were imported, or whose days are counted in another zone now."""
    actions.catch_up(most=MOST_AT_ONCE)
