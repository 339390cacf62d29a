"""What operators do to background work, written to the audit record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from neike.kernel.audit.actions import record
from neike.kernel.jobs.actions import resend
from neike.kernel.jobs.storage import StoredJob
from neike.kernel.outbox.actions import resend as resend_delivery_again
from neike.kernel.outbox.models import Delivery


@transaction.atomic
def resend_job(*, job_id: UUID, by: Any, now: datetime) -> bool:  # noqa: ANN401 - the kernel knows no person class
    """Queue a dead job again under its id; False when it is not dead (any more)."""
    job = StoredJob.objects.filter(pk=job_id).first()
    if job is None or not resend(job_id=job_id, now=now):
        return False
    record(action="jobs.job_resent", subject=job, by=by, now=now, after={"job": job.task_path})
    return True


@transaction.atomic
def resend_delivery(*, delivery_id: int, by: Any, now: datetime) -> bool:  # noqa: ANN401
    """Queue a dead delivery again under its id; False when it is not dead (any more)."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None or not resend_delivery_again(delivery_id=delivery_id, now=now):
        return False
    record(
        action="jobs.delivery_resent",
        subject=delivery,
        by=by,
        now=now,
        after={"receiver": delivery.receiver},
    )
    return True
