"""Housekeeping of the queue itself."""

from datetime import datetime, timedelta

from django.db.models import Max

from neike.kernel.jobs import checking
from neike.kernel.jobs.declaring import every, job
from neike.kernel.jobs.models import CronTick, WorkerBeat
from neike.kernel.jobs.running import Run
from neike.kernel.jobs.storage import Status, StoredJob
from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.models import Delivery
from neike.kernel.registries import NIGHTLY_CHECKS

KEPT = timedelta(days=30)
AT_A_TIME = 5000


@every("10 2 * * *")
@job("jobs.check", own_transactions=True, time_limit=timedelta(hours=1), max_attempts=2)
def check(*, now: datetime, run: Run) -> None:
    """Verify every registered invariant on the stored data, and keep what was found for the operators."""
    for entry in NIGHTLY_CHECKS:
        found = checking.findings(entry, now)
        with run.effect():
            checking.keep(entry.key, found, now=now)


@every("40 3 * * *")
@job("jobs.tidy")
def tidy(*, now: datetime) -> None:
    """Remove finished jobs, deliveries, ticks and silent workers older than 30 days; dead ones stay.

    Events stay: they are the record of what was announced.
    """
    old = now - KEPT
    for rows in (
        StoredJob.objects.filter(status=Status.SUCCESSFUL, finished_at__lt=old),
        Delivery.objects.filter(state=DeliveryState.DONE, finished_at__lt=old),
        CronTick.objects.filter(due_at__lt=old).exclude(pk__in=_latest_ticks()),
        WorkerBeat.objects.filter(beat_at__lt=old),
    ):
        rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_A_TIME])).delete()


def _latest_ticks() -> list[int]:
    """Return the last tick of each schedule, from which its clock goes on."""
    return list(
        CronTick.objects.values("name").annotate(last=Max("pk")).values_list("last", flat=True)
    )
