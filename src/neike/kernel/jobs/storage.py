"""The one place that knows which package stores the jobs.

Today it is django-tasks-db, the table behind Django's own tasks interface. Beside its columns we need nothing:
`task_path` holds our job's lasting name (never a path to import), `worker_ids` one fencing token for each
attempt, and a job enqueued under a key has a primary key made from it. See docs/adr/0003-jobs-and-outbox.md.
"""

from typing import Any
from uuid import UUID, uuid5

from django_tasks_db.compat import TaskResultStatus as Status
from django_tasks_db.models import DBTaskResult

from neike.kernel.ids import new_public_id

__all__ = ["Status", "StoredJob", "job_id"]

StoredJob = DBTaskResult[..., Any]

_KEYED = UUID("6f0a9f3a-6f1c-4c55-9d3e-2b8b3b1d7a11")


def job_id(name: str, key: str) -> UUID:
    """Return the primary key for a job: a new one, or the one that belongs to the key."""
    return uuid5(_KEYED, f"{name}\n{key}") if key else new_public_id()
