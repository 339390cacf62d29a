"""Forgetting what no limit looks at any more."""

from datetime import datetime

from neike.kernel.jobs import every, job
from neike.kernel.limits import counting


@every("25 * * * *")
@job("limits.forget")
def forget(*, now: datetime) -> None:
    """Delete old windows."""
    counting.forget_old_windows(now=now)
