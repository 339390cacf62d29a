"""A request, as projected from its events."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import Priority
from neike.desk.choices import Channel, TicketState, WaitingOn
from neike.kernel.ids import new_public_id


class Ticket(models.Model):
    """A request of an internal customer. Everything but title and answers is projected from its events.

    People know it by `number` ("R-1042"); API, events and exports by `public_id`.
    `requester` is who needs it, `raised_by` who typed it. `version` equals the seq of the last event
    and refuses stale writes. `due_at` is None while the promise is paused. At `lapse_at` a resolved
    request counts as confirmed. `client_key` is made by the page or program that submits, so that a
    double click makes one request. `source` and `source_key` name the imported case, for idempotent import.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    title = models.CharField(_("subject"), max_length=200)
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="tickets")
    form = models.ForeignKey(
        "catalog.FormVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    standard = models.ForeignKey(
        "catalog.ServiceStandard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answers = models.JSONField(default=dict, blank=True)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    customer = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    supplier = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    priority = models.CharField(_("priority"), max_length=1, choices=Priority)
    confidential = models.BooleanField(_("confidential"), default=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PORTAL)
    state = models.CharField(_("state"), max_length=12, choices=TicketState)
    waiting_on = models.CharField(max_length=12, choices=WaitingOn, default=WaitingOn.SUPPLIER)
    submitted_at = models.DateTimeField(_("submitted"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    due_at = models.DateTimeField(_("promised by"), null=True, blank=True)
    lapse_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField()
    reopen_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    follow_up_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    client_key = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    source_key = models.CharField(max_length=128, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~models.Q(source=""),
                name="desk_ticket_source_unique",
            ),
            models.UniqueConstraint(
                fields=["raised_by", "client_key"],
                condition=~models.Q(client_key=""),
                name="desk_ticket_client_key_unique",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TicketState.RESOLVED)
                | models.Q(resolved_at__isnull=False),
                name="desk_ticket_resolved_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["requester", "-last_activity_at"], name="desk_ticket_mine"),
            models.Index(fields=["supplier", "submitted_at"], name="desk_ticket_by_supplier"),
            models.Index(fields=["customer", "submitted_at"], name="desk_ticket_by_customer"),
            models.Index(fields=["state", "due_at"], name="desk_ticket_due"),
            models.Index(
                fields=["lapse_at"],
                condition=models.Q(lapse_at__isnull=False),
                name="desk_ticket_lapse",
            ),
        ]

    def __str__(self) -> str:
        return self.name_of(self.number)

    @property
    def path(self) -> str:
        """Where the request's page is."""
        return self.path_of(self.number)

    @staticmethod
    def name_of(number: int) -> str:
        """Return how people call the request of a number."""
        return f"R-{number}"

    @classmethod
    def path_of(cls, number: int) -> str:
        """Return where the page of the request of a number is."""
        return f"/requests/{cls.name_of(number)}/"


class TicketCounter(models.Model):
    """The one row that gives requests their numbers; unique, ascending, gaps allowed."""

    FIRST = 1001

    next_number = models.PositiveBigIntegerField(default=FIRST)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="desk_counter_one_row")
        ]

    def __str__(self) -> str:
        return str(self.next_number)

    @classmethod
    def take(cls, count: int = 1) -> int:
        """Return the first of `count` numbers that nobody else gets; to be called inside a transaction."""
        rows = cls.objects.select_for_update()
        counter = rows.filter(pk=1).first()
        if counter is None:
            cls.objects.get_or_create(pk=1)
            counter = rows.get(pk=1)
        first = counter.next_number
        counter.next_number = first + count
        counter.save(update_fields=["next_number"])
        return first
