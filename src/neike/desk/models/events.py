"""The only truth about a ticket."""

from django.conf import settings
from django.db import models

from neike.desk.choices import EventKind


class TicketEvent(models.Model):
    """One fact about a ticket; rows are appended and never changed (a database trigger refuses it).

    `seq` counts 1, 2, 3 … within the ticket. `leg_no` is the leg's number within the ticket, or None.
    `at` is when it happened, `recorded_at` when it was written. `schema` is the version of `data`'s shape.
    No other table points here, so that the log can be partitioned by month.
    """

    ticket = models.ForeignKey(
        "desk.Ticket", on_delete=models.PROTECT, related_name="events", db_index=False
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=EventKind)
    leg_no = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    schema = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="desk_event_seq_unique")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}#{self.seq} {self.kind}"
