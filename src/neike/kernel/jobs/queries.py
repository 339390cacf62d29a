"""What of the jobs operators look at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from neike.kernel.jobs.models import CheckResult, WorkerBeat
from neike.kernel.jobs.storage import Status, StoredJob
from neike.kernel.registries import NIGHTLY_CHECKS, NightlyCheck

_SILENT = timedelta(minutes=2)


def dead_jobs() -> QuerySet[StoredJob]:
    """Return the jobs that were given up, latest first."""
    return StoredJob.objects.filter(status=Status.FAILED).order_by("-finished_at", "-id")


def waiting_count() -> int:
    """Return how many jobs wait or run."""
    return StoredJob.objects.filter(status__in=[Status.READY, Status.RUNNING]).count()


def living_workers(now: datetime) -> QuerySet[WorkerBeat]:
    """Return the workers heard of within two minutes, by name."""
    return WorkerBeat.objects.filter(beat_at__gt=now - _SILENT).order_by("worker")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A nightly check and what it last found; `result` is None before its first night."""

    check: NightlyCheck
    result: CheckResult | None


def checks() -> list[CheckLine]:
    """Return every registered check with its last result, in their order."""
    results = CheckResult.objects.in_bulk()
    return [CheckLine(check=entry, result=results.get(entry.key)) for entry in NIGHTLY_CHECKS]
