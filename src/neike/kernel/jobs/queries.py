"""What of the jobs operators look at."""

from django.db.models import QuerySet

from neike.kernel.jobs.storage import Status, StoredJob


def dead_jobs() -> QuerySet[StoredJob]:
    """Return the jobs that were given up, latest first."""
    return StoredJob.objects.filter(status=Status.FAILED).order_by("-finished_at", "-id")


def waiting_count() -> int:
    """Return how many jobs wait or run."""
    return StoredJob.objects.filter(status__in=[Status.READY, Status.RUNNING]).count()
