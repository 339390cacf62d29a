"""Forgetting what nobody asks for any more."""

from datetime import datetime

from neike.kernel.jobs import every, job
from neike.kernel.live import actions, presence


@every("* * * * *")
@job("live.forget")
def forget(*, now: datetime) -> None:
    """Delete old signals, and who is not there any more."""
    actions.forget_old(now=now)
    presence.forget_stale(now=now)
