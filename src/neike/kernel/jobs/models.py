"""Signs of life of workers, and the ticks of the clock that were served."""

from django.db import models


class WorkerBeat(models.Model):
    """A worker's sign of life, by the database's clock; while it is fresh the worker keeps its lease."""

    worker = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class CronTick(models.Model):
    """A moment at which a scheduled job was due; its uniqueness makes the clock tick once for all workers."""

    name = models.CharField(max_length=120)
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="jobs_tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%F %T}"


class CheckResult(models.Model):
    """What a nightly check last found; an empty list means that its invariant held.

    `problems` holds at most 100 objects {"subject", "detail"}; `found` counts them all.
    """

    key = models.CharField(max_length=80, primary_key=True)
    ran_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.key}: {self.found}"
