"""What happened, and to whom it must still be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.outbox.choices import DeliveryState

MAX_ATTEMPTS = 8


class OutboxEvent(models.Model):
    """One announced event; written in the transaction of what it tells about, never changed.

    `payload` holds ids and plain values, no content. `aggregate` ("ticket:17") orders its deliveries.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(max_length=80)
    aggregate = models.CharField(max_length=80, blank=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.aggregate}"


class Delivery(models.Model):
    """One event for one receiver.

    `attempts` counts claims and is the fencing token: whoever claimed earlier may no longer finish. It never
    goes back; sending a dead delivery again raises `attempts_allowed`.
    While waiting, nobody claims before `next_at`; a claim moves it on by the lease.
    """

    # No constraint in the database, so that old events can be dropped by month.
    event = models.ForeignKey(
        OutboxEvent, on_delete=models.DO_NOTHING, db_constraint=False, related_name="deliveries"
    )
    receiver = models.CharField(_("receiver"), max_length=120)
    aggregate = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=DeliveryState, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=MAX_ATTEMPTS)
    next_at = models.DateTimeField(_("next attempt"))
    last_error = models.TextField(_("last error"), blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "receiver"], name="outbox_delivery_once_per_receiver"
            ),
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.WAITING)
                | models.Q(finished_at__isnull=False),
                name="outbox_delivery_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="outbox_delivery_due",
            ),
            models.Index(
                fields=["receiver", "aggregate", "id"],
                condition=models.Q(state=DeliveryState.WAITING),
                name="outbox_delivery_in_order",
            ),
            models.Index(fields=["state", "finished_at"], name="outbox_delivery_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.receiver}: {self.state}"
