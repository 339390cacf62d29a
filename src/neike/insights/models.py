"""What is kept of requests so that numbers need no look at their logs: projections, rebuilt at any time."""

from django.conf import settings
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
            models.Index(
                # the metric is the same in every row; with it SQLite reads nothing but the index
                fields=["supplier", "customer", "day", "kept", "metric"],
                condition=models.Q(metric=TargetMetric.LEG_DELIVERY),
                name="insights_outcome_pairs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.leg_id} {self.metric}"


class LegFlow(models.Model):
    """One leg as the flow between departments sees it, and how its working time was spent until it was settled.

    `offered_day` and `settled_day` are dates in the organisation's zone; settled: delivered, or ended in another
    way; None while open, and then the times are 0. The times are seconds of working time on the calendar of the
    request's end-to-end promise, by whom was waited for.

    `handed_over`: another department asked, not the requester. `provider_person` worked on it last;
    `customer_person` received it: the requester, or who handed it over; None where nobody is known. They are there
    to be counted, never to be shown, but to the two themselves.
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
    handed_over = models.BooleanField(default=False)
    provider_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,  # the leg holds on to its people
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    customer_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

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
            models.Index(
                fields=[
                    "supplier",
                    "customer",
                    "offered_day",
                    "handed_over",
                    "ticket",
                    "provider_person",
                    "customer_person",
                ],
                name="insights_flow_pairs",
            ),
            models.Index(
                fields=["provider_person", "offered_day", "customer_person"],
                condition=models.Q(provider_person__isnull=False),
                name="insights_flow_by_provider",
            ),
            models.Index(
                fields=["customer_person", "offered_day", "provider_person"],
                condition=models.Q(customer_person__isnull=False),
                name="insights_flow_by_customer",
            ),
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


class ObservedEdge(models.Model):
    """How much one department was seen to serve another in a window of whole quarters: counts of `LegFlow`.

    The window ends with the quarter that begins on `quarter_start` and is one or two quarters long. A leg counts
    on the day it was offered. `handovers` are the legs another department asked for, the others came from
    requesters. People are distinct and human; legs of which nobody is known add none. A department that serves
    itself is no edge. Nothing of edges with few people leaves `queries.observed`.
    """

    quarter_start = models.DateField()
    quarters = models.PositiveSmallIntegerField()
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    legs = models.PositiveIntegerField()
    tickets = models.PositiveIntegerField()
    supplier_people = models.PositiveIntegerField()
    customer_people = models.PositiveIntegerField()
    handovers = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter_start", "quarters", "supplier", "customer"],
                name="insights_edge_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(quarters__in=(1, 2)), name="insights_edge_window"
            ),
            models.CheckConstraint(
                condition=~models.Q(supplier=models.F("customer")), name="insights_edge_two_ends"
            ),
        ]
        indexes = [models.Index(fields=["supplier", "customer"], name="insights_edge_pair")]

    def __str__(self) -> str:
        return f"{self.quarter_start} {self.supplier_id} > {self.customer_id}"


class PairShare(models.Model):
    """How many promised deliveries of one department to another were kept and missed in a quarter: counts of `Outcome`.

    A delivery counts in the quarter in which it ended. Counted with the edges. Pages tell it of the pairs alone
    whose edge of the quarter they may show (`queries.map_measures`).
    """

    quarter_start = models.DateField()
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kept = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter_start", "supplier", "customer"], name="insights_share_unique"
            ),
        ]
        indexes = [models.Index(fields=["supplier", "customer"], name="insights_share_pair")]

    def __str__(self) -> str:
        return f"{self.quarter_start} {self.supplier_id} > {self.customer_id}"


class ComputedFigures(models.Model):
    """What was computed of a map that costs seconds, for all processes: `key` is a hash of all it follows from."""

    key = models.CharField(max_length=64, primary_key=True)
    values = models.JSONField()
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class ChangedPair(models.Model):
    """A mark: the flow or the promises between two departments changed in the quarter that begins on `quarter_start`.

    Written in the transaction that changes the flow, taken away in the one that counts anew. Rows are never
    shared, so that nobody waits for another's, and no mark goes away before its change can be seen.
    """

    quarter_start = models.DateField()
    supplier_id = models.PositiveBigIntegerField()
    customer_id = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.quarter_start} {self.supplier_id} > {self.customer_id}"


class Observation(models.Model):
    """The one row of who counts edges now, how far they are, and what the edges were counted with.

    `token` names the run that may write, "" when none does; it counts as gone when `beat_at` is old. `done` of
    `total` legs. `complete`: every flow is in the edges but for marked pairs, counted with `fiscal_start`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=False)
    fiscal_start = models.PositiveSmallIntegerField(default=1)
    observed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="insights_observation_only_one")
        ]

    def __str__(self) -> str:
        return f"{self.done}/{self.total}"


class BackTest(models.Model):
    """What a version of a standard would have promised in the past: the report of that very text.

    `fingerprint` is of what was tested (`catalog.queries.fingerprint`); another one today makes the report stale.
    Requests of [since, until) were asked for. `run` counts how often it was asked; only the newest run may write.
    `rows` are the clocks as columns (`queries.backtest_rows`). `left_out` older requests did not fit.
    """

    standard = models.OneToOneField(
        "catalog.ServiceStandard", on_delete=models.CASCADE, related_name="+"
    )
    fingerprint = models.CharField(max_length=32)
    quarters = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    run = models.PositiveIntegerField(default=1)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)
    rows = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(since__lt=models.F("until")), name="insights_back_test_span"
            )
        ]

    def __str__(self) -> str:
        return f"{self.standard_id} {self.since:%Y-%m-%d}"
