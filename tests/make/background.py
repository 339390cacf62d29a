"""Do here and now what workers do in the background."""

from datetime import datetime, timedelta

from neike.kernel.jobs import claims, declaring
from neike.kernel.jobs.running import Run
from neike.kernel.outbox import delivering
from tests.make.org import NOW

_MOST = 10_000


def run_outbox(now: datetime = NOW) -> int:
    """Deliver everything that waits and is due at `now` (also what receivers announce); return how many.

    A receiver's failure is raised here, so that a test sees it.
    """
    for count in range(_MOST):
        delivery = delivering.claim(now)
        if delivery is None:
            return count
        delivering.complete(delivery, now=now)
    raise AssertionError("the outbox never becomes empty")


def run_jobs(now: datetime = NOW) -> int:
    """Run every job that is due at `now`; return how many. A job's failure is raised here."""
    for count in range(_MOST):
        claim = claims.claim_next("test", now)
        if claim is None:
            return count
        entry = declaring.find(claim.name)
        assert entry is not None, claim.name
        run = {"run": Run(claim, timedelta(minutes=1))} if entry.own_transactions else {}
        entry.function(now=now, **run, **claim.arguments)
        with claims.held(claim, limit=timedelta(minutes=1)) as row:
            claims.mark_done(row, now)
    raise AssertionError("the queue never becomes empty")


def run_background(now: datetime = NOW) -> None:
    """Deliver and run until nothing is left."""
    while run_outbox(now) + run_jobs(now):
        pass
