"""Clearing away files nobody needs."""

from datetime import datetime, timedelta

from neike.kernel.attachments import cleaning
from neike.kernel.jobs import Run, every, job


@every("50 2 * * *")
@job("attachments.clear_orphans", own_transactions=True, time_limit=timedelta(minutes=30))
def clear_orphans(*, now: datetime, run: Run) -> None:
    """Delete unclaimed files, files of vanished owners and bytes without a row; doing it twice is harmless."""
    del run  # nothing here can be done wrongly by a second worker
    cleaning.clear_orphans(now=now)
