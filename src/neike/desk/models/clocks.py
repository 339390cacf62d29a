"""Promises being kept or missed, projected from events by `engines.clocks`."""

from django.db import models

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ClockState


class Clock(models.Model):
    """One metric of one ticket or leg. Times of work are in working seconds of `calendar`.

    While paused `due_at` is None and `remaining_seconds` says what is left (R14).
    `late_seconds` is the working time past the target; `used_seconds` and `late_seconds` are kept
    once it pauses or stops. `warn_at` is when 75 % of the target is used; `warned` is the last step
    that people were told of: 0, 75 or 100. `calendar_revision` tells which hours it was
    computed with.
    """

    ticket = models.ForeignKey("desk.Ticket", on_delete=models.CASCADE, related_name="clocks")
    leg = models.ForeignKey(
        "desk.Leg", on_delete=models.CASCADE, null=True, blank=True, related_name="clocks"
    )
    metric = models.CharField(max_length=16, choices=TargetMetric)
    cycle = models.PositiveSmallIntegerField(default=0)
    standard = models.ForeignKey(
        "catalog.ServiceStandard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar = models.ForeignKey(
        "org.BusinessCalendar", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    calendar_revision = models.PositiveIntegerField(default=1)
    target_seconds = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ClockState)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    remaining_seconds = models.IntegerField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    used_seconds = models.PositiveIntegerField(default=0)
    late_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric", "cycle"],
                condition=models.Q(leg__isnull=True),
                name="desk_clock_unique_of_ticket",
            ),
            models.UniqueConstraint(
                fields=["leg", "metric", "cycle"],
                condition=models.Q(leg__isnull=False),
                name="desk_clock_unique_of_leg",
            ),
            models.CheckConstraint(
                condition=models.Q(target_seconds__gt=0), name="desk_clock_target_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="desk_clock_due"),
            models.Index(fields=["calendar", "state"], name="desk_clock_by_calendar"),
            models.Index(
                fields=["warn_at"],
                condition=models.Q(state=ClockState.RUNNING),
                name="desk_clock_warn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.leg_id} {self.metric}"
