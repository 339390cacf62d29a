"""Requests that are made again and again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import Priority
from neike.desk.choices import DateShift, RecurringState, RepeatRhythm, StopReason
from neike.kernel.ids import new_public_id


class RecurringRequest(models.Model):
    """What is asked for again on a schedule, for `requester`, by whoever set it up.

    `day` is the weekday (1 Monday to 7) or the day of the month (0: its last working day). `done_until` is the
    last date of the rule that is settled; `next_by_rule` the one to come and `next_on` the day it falls on,
    both None when there is none. A stopped one says why.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    set_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("subject"), max_length=200)
    answers = models.JSONField(default=dict, blank=True)
    priority = models.CharField(_("priority"), max_length=1, choices=Priority, blank=True)
    rhythm = models.CharField(_("how often"), max_length=10, choices=RepeatRhythm)
    day = models.PositiveSmallIntegerField(_("day"))
    shift = models.CharField(
        _("on a day that is not worked"), max_length=6, choices=DateShift, default=DateShift.AFTER
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=RecurringState, default=RecurringState.ACTIVE
    )
    stop_reason = models.CharField(max_length=12, choices=StopReason, blank=True)
    done_until = models.DateField(null=True, blank=True)
    next_by_rule = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["state", "next_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="desk_recurring_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RecurringState.STOPPED) | ~models.Q(stop_reason=""),
                name="desk_recurring_stopped_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_on"], name="desk_recurring_due")]

    def __str__(self) -> str:
        return self.title


class RecurringRun(models.Model):
    """One date of a recurring request and the request made for it; one per date, whatever runs twice."""

    recurring = models.ForeignKey(RecurringRequest, on_delete=models.CASCADE, related_name="runs")
    by_rule = models.DateField()
    ticket = models.OneToOneField(
        "desk.Ticket", on_delete=models.PROTECT, related_name="recurring_run"
    )

    class Meta:
        ordering = ["-by_rule"]
        constraints = [
            models.UniqueConstraint(fields=["recurring", "by_rule"], name="desk_recurring_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.recurring_id} {self.by_rule}"
