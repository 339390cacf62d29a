"""Say that something changed; forget what changed minutes ago."""

from datetime import datetime, timedelta
from typing import Final

from neike.kernel.live.models import Signal

KEPT: Final = timedelta(minutes=5)
"""Who was away for longer is told that everything may have changed."""


def changed(*topics: str, now: datetime) -> None:
    """Tell open pages, once the caller's transaction is committed, that what these topics name has changed."""
    Signal.objects.bulk_create(Signal(topic=topic, at=now) for topic in dict.fromkeys(topics))


def forget_old(*, now: datetime) -> int:
    """Delete the signals nobody asks for any more; returns how many."""
    return Signal.objects.filter(at__lt=now - KEPT).delete()[0]
