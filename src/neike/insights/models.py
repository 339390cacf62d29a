"""What is kept of requests so that numbers need no look at their logs: projections, rebuilt at any time."""

from django.db import models

from neike.catalog.choices import TargetMetric


class Outcome(models.Model):
    """A promise that came to its end: one row per clock that was kept or missed. Times are working seconds.

    `supplier`, `customer` and `service` are the leg's, or the request's for a clock of the request.
    `day` is the date of `stopped_at` in the organisation's zone.
    """

    clock = models.OneToOneField(
        "desk.Clock", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.CASCADE, related_name="+")
    leg = models.ForeignKey(
        "desk.Leg", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    metric = models.CharField(max_length=16, choices=TargetMetric)
    day = models.DateField()
    stopped_at = models.DateTimeField()
    used_seconds = models.PositiveIntegerField()
    target_seconds = models.PositiveIntegerField()
    kept = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    "supplier",
                    "day",
                    "metric",
                    "customer",
                    "kept",
                    "used_seconds",
                    "target_seconds",
                ],
                name="insights_outcome_supplied",
            ),
            models.Index(
                fields=["customer", "day", "metric", "supplier", "kept"],
                name="insights_outcome_received",
            ),
            models.Index(fields=["supplier", "stopped_at"], name="insights_outcome_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.leg_id} {self.metric}"


class LegFlow(models.Model):
    """One leg as the flow between departments sees it, and how its working time was spent until it was settled.

    `offered_day` and `settled_day` are dates in the organisation's zone; settled: delivered, or ended in another
    way; None while open, and then the times are 0. The times are seconds of working time on the calendar of the
    request's end-to-end promise, by whom was waited for.
    """

    leg = models.OneToOneField(
        "desk.Leg", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered_day = models.DateField()
    settled_day = models.DateField(null=True)
    returned = models.BooleanField(default=False)
    reworks = models.PositiveSmallIntegerField(default=0)
    supplier_seconds = models.PositiveIntegerField(default=0)
    requester_seconds = models.PositiveIntegerField(default=0)
    approver_seconds = models.PositiveIntegerField(default=0)
    third_party_seconds = models.PositiveIntegerField(default=0)
    other_leg_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["supplier", "offered_day", "customer", "returned"],
                name="insights_flow_supplied",
            ),
            models.Index(
                fields=["customer", "offered_day", "supplier", "returned"],
                name="insights_flow_received",
            ),
            models.Index(
                fields=["offered_day", "supplier", "customer", "returned"],
                name="insights_flow_all",
            ),
            models.Index(fields=["supplier", "settled_day"], name="insights_flow_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} > {self.customer_id}"


class DailyShare(models.Model):
    """How many promises of one metric a department kept and missed on a day: the sums of `Outcome`.

    Changed by adding differences, so the columns are signed; their sums never are.
    """

    day = models.DateField()
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    metric = models.CharField(max_length=16, choices=TargetMetric)
    kept = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "supplier", "metric"], name="insights_daily_unique"
            )
        ]
        indexes = [models.Index(fields=["supplier", "day"], name="insights_daily_of")]

    def __str__(self) -> str:
        return f"{self.day} {self.supplier_id} {self.metric}"


class ProjectedTicket(models.Model):
    """Up to which event a request is contained in the tables above, and in which zone its days were counted."""

    ticket = models.OneToOneField(
        "desk.Ticket", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    version = models.PositiveIntegerField()
    zone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.ticket_id} v{self.version}"
