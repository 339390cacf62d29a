"""Sealing, minute by minute."""

from datetime import datetime

from neike.kernel.audit import sealing
from neike.kernel.jobs import every, job

_AT_A_TIME = 10_000


@every("* * * * *")
@job("audit.seal")
def seal(*, now: datetime) -> None:
    """Seal what was recorded since the last time."""
    sealing.seal_entries(now=now, most=_AT_A_TIME)


@every("15 3 * * *")
@job("audit.seal_stragglers")
def seal_stragglers(*, now: datetime) -> None:
    """Seal entries that were committed long after their neighbours; it looks at all of them."""
    sealing.seal_entries(now=now, whole=True, most=_AT_A_TIME)
