"""Run a claimed job: within its time limit, with its effects fenced, its failure recorded."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from neike.kernel import installation
from neike.kernel.jobs import claims, declaring
from neike.kernel.jobs.storage import StoredJob

logger = logging.getLogger(__name__)

_ALARM_AGAIN = 5.0
# A job that stands still is ended by its alarm first; the database steps in when even that does not work.
_BEYOND = timedelta(seconds=10)


class TimeLimitError(Exception):
    """A job ran longer than its time limit."""


class UnknownJobError(LookupError):
    """The code no longer has the job a queued row names."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a job with its own transactions is given: its claim, and the door to write through."""

    claim: claims.Claim
    limit: timedelta

    @property
    def attempt(self) -> int:
        """Return which attempt this is, from 1."""
        return self.claim.attempt

    def effect(self) -> AbstractContextManager[StoredJob]:
        """Open a transaction in which to write; keep it short and free of network I/O.

        Raises:
            LeaseLostError: another worker has taken the job over.
        """
        return claims.held(self.claim, limit=self.limit)


def run(claim: claims.Claim, *, clock: Callable[[], datetime]) -> bool:
    """Run one claimed job and record its end; True when it was done. `clock` gives the database's time."""
    entry = declaring.find(claim.name)
    try:
        if entry is None:
            raise UnknownJobError(claim.name)  # noqa: TRY301 - one place records failures
        with _time_limit(entry.time_limit), installation.remembered():
            _call(entry, claim, now=clock())
    except claims.LeaseLostError:
        logger.warning("job %s (%s) was taken over; nothing done", claim.id, claim.name)
    except Exception as error:
        logger.exception("job %s (%s) failed, attempt %s", claim.id, claim.name, claim.attempt)
        _give_back(claim, error, now=clock())
    else:
        return True
    return False


def _call(entry: declaring.Job, claim: claims.Claim, *, now: datetime) -> None:
    if entry.own_transactions:
        entry.function(now=now, run=Run(claim, entry.time_limit + _BEYOND), **claim.arguments)
        with claims.held(claim, limit=claims.LEASE) as row:
            claims.mark_done(row, now)
        return
    with claims.held(claim, limit=entry.time_limit + _BEYOND) as row:
        entry.function(now=now, **claim.arguments)
        claims.mark_done(row, now)


def _give_back(claim: claims.Claim, error: Exception, *, now: datetime) -> None:
    try:
        claims.give_back(claim, error, now=now, final=isinstance(error, UnknownJobError))
    except claims.LeaseLostError:
        logger.warning("job %s (%s) was taken over after it failed", claim.id, claim.name)


@contextmanager
def _time_limit(limit: timedelta) -> Iterator[None]:
    """Raise `TimeLimitError` in the block when it takes longer, again every five seconds if it is swallowed.

    Works in the main thread of systems with SIGALRM. Everywhere else, and where code cannot be interrupted,
    the worker stops its beat instead, so that others take the job over.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeLimitError(f"took longer than {limit.total_seconds():g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds(), _ALARM_AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
