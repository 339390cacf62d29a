"""Hand-overs and the cut of their time."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import HandOverMode, Priority
from neike.desk.choices import (
    DELIVERED_LEG_STATES,
    OPEN_LEG_STATES,
    LegState,
    ReturnReason,
    WaitingOn,
)

OPEN_LEGS = models.Q(state__in=OPEN_LEG_STATES, ended_at__isnull=True)
"""Legs whose supplier still owes something. That they have not ended follows from the state; it is said so that
SQLite, too, uses the index of legs that have not ended, however many others there are."""


class Leg(models.Model):
    """One hand-over inside a ticket: `supplier` works for `customer`. Projected from the ticket's events.

    Leg 0 is opened with the request; a hand-over opens the next one with the sender as customer.
    `service` and `standard` are what the supplier promises for this leg.
    `next_due_at` is the earliest due time of its running clocks, for the order of the queue.
    `since` is when the one who has the ball got it. `remind_at` and `lapse_at` are when a wait for the
    requester is called to mind and ends by itself, or when a delivery counts as confirmed.
    `version` is the seq of the last event that changed the leg and refuses stale writes.
    """

    ticket = models.ForeignKey(
        "desk.Ticket", on_delete=models.PROTECT, related_name="legs", db_index=False
    )
    no = models.PositiveSmallIntegerField()
    parent_no = models.PositiveSmallIntegerField(null=True, blank=True)
    mode = models.CharField(
        _("hand-over"), max_length=8, choices=HandOverMode, default=HandOverMode.RELAY
    )
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    standard = models.ForeignKey(
        "catalog.ServiceStandard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    priority = models.CharField(_("priority"), max_length=1, choices=Priority)
    is_lead = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=11, choices=LegState)
    waiting_on = models.CharField(max_length=12, choices=WaitingOn, default=WaitingOn.SUPPLIER)
    waiting_reason = models.CharField(_("waiting for"), max_length=300, blank=True)
    follow_up_at = models.DateTimeField(_("follow up"), null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_legs",
        db_index=False,
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    ask = models.TextField(_("what is needed"), blank=True)
    offered_at = models.DateTimeField(_("offered at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    auto_accepted = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=20, choices=ReturnReason, blank=True)
    rework_count = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    lapse_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["ticket", "no"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "no"], name="desk_leg_no_unique"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(is_lead=True), name="desk_leg_one_lead"
            ),
            models.CheckConstraint(
                name="desk_leg_delivered_has_time",
                condition=~models.Q(state__in=DELIVERED_LEG_STATES)
                | models.Q(delivered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_leg_open_has_no_end",
                condition=~models.Q(state__in=(*OPEN_LEG_STATES, LegState.DELIVERED))
                | models.Q(ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["supplier", "state", "next_due_at", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="desk_leg_queue",
            ),
            models.Index(
                fields=["supplier", "delivered_at"],
                condition=models.Q(delivered_at__isnull=False),
                name="desk_leg_delivered",
            ),
            models.Index(fields=["assignee", "state", "next_due_at"], name="desk_leg_mine"),
            models.Index(fields=["supplier", "offered_at"], name="desk_leg_supplied"),
            models.Index(fields=["customer", "offered_at"], name="desk_leg_received"),
            models.Index(
                fields=["customer", "confirmed_at"],
                condition=models.Q(state=LegState.CONFIRMED, is_lead=False),
                name="desk_leg_to_rate",
            ),
            models.Index(
                fields=["supplier", "priority", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="desk_leg_by_priority",
            ),
            models.Index(
                fields=["supplier", "offered_at", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="desk_leg_by_age",
            ),
            models.Index(
                fields=["supplier", "since", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="desk_leg_by_standstill",
            ),
            models.Index(
                fields=["lapse_at"],
                condition=models.Q(lapse_at__isnull=False),
                name="desk_leg_lapse",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.no}"


class Segment(models.Model):
    """A stretch of a leg's life with one holder and one `waiting_on`, half-open, without gap or overlap."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="segments", db_index=False)
    seq = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    waiting_on = models.CharField(max_length=12, choices=WaitingOn)

    class Meta:
        ordering = ["leg", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["leg", "seq"], name="desk_segment_seq_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="desk_segment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id}#{self.seq} {self.waiting_on}"
