"""Take a job under a lease, hold it inside the effect's transaction, finish it or give it back.

A claim appends a token to the job; the latest token is the only valid one. A worker's lease lasts while its
beat is fresh by the database's clock. Whoever looks for work also takes jobs whose worker went silent, so no
separate sweeper can stall.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from neike.kernel.jobs import declaring
from neike.kernel.jobs.models import WorkerBeat
from neike.kernel.jobs.storage import Status, StoredJob
from neike.kernel.leases import bound_transaction, delay_after

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
ERROR_LENGTH = 8000
DEFAULT_ATTEMPTS = 8


class LeaseLostError(Exception):
    """Another worker has taken the job over; nothing may be written for it any more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand: `token` proves it, `attempt` counts from 1."""

    id: UUID
    name: str
    arguments: dict[str, Any]
    token: str
    attempt: int


def claim_next(worker: str, now: datetime, *, lease: timedelta = LEASE) -> Claim | None:
    """Take the next due job, or one whose worker went silent; None when there is nothing to do.

    `now` is the database's clock. One process claims as `worker` and runs one job at a time, so a running
    job of its own name is one it lost track of.
    """
    running = list(StoredJob.objects.filter(status=Status.RUNNING).order_by("started_at"))
    orphans = _orphans(running, worker, now - lease) if running else []
    due = _due(now, _saturated(running))
    if not orphans and not due.exists():  # without a transaction: idle workers take no write lock
        return None
    with transaction.atomic():
        row = _still_orphaned(orphans) or due.select_for_update(skip_locked=True).first()
        return _take(row, worker, now) if row else None


def _orphans(running: list[StoredJob], worker: str, alive_since: datetime) -> list[StoredJob]:
    """Return the running jobs that nobody alive works on."""
    alive = set(
        WorkerBeat.objects.filter(beat_at__gt=alive_since).values_list("worker", flat=True)
    ) - {worker}
    return [row for row in running if _owner(row) not in alive]


def _owner(row: StoredJob) -> str:
    return str(row.worker_ids[-1]).rsplit("/", 1)[0] if row.worker_ids else ""


def _saturated(running: list[StoredJob]) -> list[str]:
    """Return the names of jobs of which as many run as may run at once."""
    counts = Counter(row.task_path for row in running)
    limits = {name: entry.at_once for name in counts if (entry := declaring.find(name))}
    return [name for name, limit in limits.items() if limit and counts[name] >= limit]


def _due(now: datetime, saturated: list[str]) -> QuerySet[StoredJob]:
    return (
        StoredJob.objects.filter(status=Status.READY, run_after__lte=now)
        .exclude(task_path__in=saturated)
        .order_by("-priority", "run_after", "enqueued_at")
    )


def _still_orphaned(orphans: list[StoredJob]) -> StoredJob | None:
    """Lock one of the orphans unless somebody else took it in the meantime."""
    for seen in orphans:
        row = (
            StoredJob.objects.select_for_update(skip_locked=True)
            .filter(pk=seen.pk, status=Status.RUNNING)
            .first()
        )
        if row is not None and row.worker_ids == seen.worker_ids:
            return row
    return None


def _take(row: StoredJob, worker: str, now: datetime) -> Claim | None:
    """Give the locked job a new token, or bury it when every attempt killed its worker."""
    if row.status == Status.RUNNING and len(row.worker_ids) >= _attempts_allowed(row.task_path):
        logger.error("job %s (%s): the worker died at every attempt", row.id, row.task_path)
        _bury(row, "the worker died at every attempt", now)
        return None
    token = f"{worker}/{secrets.token_hex(6)}"
    row.worker_ids = [*row.worker_ids, token]
    row.status = Status.RUNNING
    row.started_at = now
    row.save(update_fields=["worker_ids", "status", "started_at"])
    return Claim(
        id=row.id,
        name=row.task_path,
        arguments=row.args_kwargs["kwargs"],
        token=token,
        attempt=len(row.worker_ids),
    )


def _attempts_allowed(name: str) -> int:
    entry = declaring.find(name)
    return entry.max_attempts if entry else DEFAULT_ATTEMPTS


@contextmanager
def held(claim: Claim, *, limit: timedelta) -> Iterator[StoredJob]:
    """Open a transaction that holds the job's row, for effects that must not come from a stale worker.

    `limit` is how long the process may stand still inside before PostgreSQL ends the transaction.

    Raises:
        LeaseLostError: another worker has the job now, or it is finished.
    """
    with transaction.atomic():
        bound_transaction(limit)
        row = StoredJob.objects.select_for_update().filter(pk=claim.id).first()
        if row is None or row.status != Status.RUNNING or row.worker_ids[-1:] != [claim.token]:
            raise LeaseLostError(f"{claim.name} {claim.id}")
        yield row


def mark_done(row: StoredJob, now: datetime) -> None:
    """Finish the held job."""
    row.status = Status.SUCCESSFUL
    row.finished_at = now
    row.exception_class_path = row.traceback = ""
    row.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])


def give_back(claim: Claim, error: BaseException, *, now: datetime, final: bool = False) -> None:
    """Record a failure: try again later, or keep the job as dead after its last attempt.

    Raises:
        LeaseLostError: another worker has the job now.
    """
    with held(claim, limit=LEASE) as row:
        trace = "".join(format_exception(error))[-ERROR_LENGTH:]
        row.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
        if final or claim.attempt >= _attempts_allowed(claim.name):
            _bury(row, trace, now)
            return
        row.status = Status.READY
        row.run_after = now + delay_after(claim.attempt)
        row.traceback = trace
        row.save(update_fields=["status", "run_after", "exception_class_path", "traceback"])


def _bury(row: StoredJob, trace: str, now: datetime) -> None:
    row.status = Status.FAILED
    row.finished_at = now
    row.traceback = trace
    row.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])
