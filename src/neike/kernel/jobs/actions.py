"""Put a job in the queue; send a dead one again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from neike.kernel.jobs.declaring import Job
from neike.kernel.jobs.storage import Status, StoredJob, job_id


def enqueue(
    job: Job,
    *,
    now: datetime,
    key: str = "",
    run_after: datetime | None = None,
    **ids: Any,
) -> UUID:
    """Queue the job with ids and plain values; inside a transaction it appears with the commit.

    A job with a `key` is queued once: while it is kept (30 days after its end), the same key does nothing.
    It runs no earlier than `run_after`. Returns the job's id.

    Raises:
        TypeError: an argument is not a JSON value.
    """
    row = StoredJob(
        id=job_id(job.name, key),
        task_path=job.name,
        args_kwargs={"args": [], "kwargs": ids},
        priority=job.priority,
        backend_name="default",
        run_after=run_after or now,
    )
    StoredJob.objects.bulk_create([row], ignore_conflicts=bool(key))
    return row.id


def resend(*, job_id: UUID, now: datetime) -> bool:
    """Queue a dead job again under its id, with all its attempts; False when it is not dead."""
    return bool(
        StoredJob.objects.filter(pk=job_id, status=Status.FAILED).update(
            status=Status.READY, worker_ids=[], run_after=now, finished_at=None
        )
    )
