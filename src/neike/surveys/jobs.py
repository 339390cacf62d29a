"""What ratings need in the background."""

from datetime import datetime, timedelta

from neike.kernel.jobs import Run, every, job
from neike.surveys import actions


@every("*/10 * * * *")
@job("surveys.publish_pairs", own_transactions=True, at_once=1, time_limit=timedelta(minutes=30))
def publish_pairs(*, now: datetime, run: Run) -> None:
    """Publish what departments said of one another when a month has become final."""
    actions.publish_pairs(now=now, effect=run.effect)
