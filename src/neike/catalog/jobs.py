"""What the catalogue does by the clock."""

from datetime import datetime

from neike.catalog.actions import moves
from neike.kernel.jobs import every, job


@every("7 * * * *")
@job("catalog.follow_merges")
def follow_merges(*, now: datetime) -> None:
    """Move the services of departments whose planned merge has come; hourly, because days begin in any zone."""
    moves.follow_merges(now=now)
