"""What a department tells its customers: planned outages, major incidents, and the requests that belong to one."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import NoticeChange, NoticeKind, NoticeState
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class DepartmentNotice(models.Model):
    """A planned outage (from, until) or a major incident (open until somebody ends it), as it stands now.

    No `services` means all services of the department, no `audience` everybody; a department in it includes all
    below. It changes no clock. `version` refuses stale writes; `NoticeEntry` keeps what was said before.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=NoticeKind)
    state = models.CharField(
        _("state"), max_length=9, choices=NoticeState, default=NoticeState.DRAFT
    )
    title = LocalizedTextField(_("notice title"))
    body = LocalizedTextField(_("text"))
    services = models.ManyToManyField("catalog.Service", related_name="+", blank=True)
    audience = models.ManyToManyField("org.Department", related_name="+", blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="desk_notice_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=NoticeKind.OUTAGE) | models.Q(ends_at__isnull=False),
                name="desk_notice_outage_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(state=NoticeState.DRAFT)
                | models.Q(state=NoticeState.WITHDRAWN)
                | models.Q(published_at__isnull=False),
                name="desk_notice_published_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=(NoticeState.DRAFT, NoticeState.PUBLISHED))
                | models.Q(over_at__isnull=False),
                name="desk_notice_over_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "ends_at"], name="desk_notice_current"),
            models.Index(fields=["department", "state"], name="desk_notice_of"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def path(self) -> str:
        """Where its page is."""
        return reverse("desk:department_notice", args=[self.public_id])

    @property
    def is_incident(self) -> bool:
        """Whether requests can belong to it."""
        return self.kind == NoticeKind.INCIDENT

    @property
    def is_published(self) -> bool:
        """Whether it is said and not over."""
        return self.state == NoticeState.PUBLISHED


class NoticeEntry(models.Model):
    """One line of a notice's history: what was said or done, when, by whom (None: by time). Never changed."""

    notice = models.ForeignKey(
        DepartmentNotice, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    no = models.PositiveIntegerField()
    change = models.CharField(max_length=9, choices=NoticeChange)
    text = LocalizedTextField(_("text"))
    values = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["notice", "-no"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "no"], name="desk_notice_entry_unique")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}#{self.no} {self.change}"


class IncidentLink(models.Model):
    """A request belongs to a major incident. Projected from the request's events; an ended link keeps its row."""

    ticket = models.ForeignKey(
        "desk.Ticket", on_delete=models.CASCADE, related_name="incidents", db_index=False
    )
    notice = models.ForeignKey(
        DepartmentNotice, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    unlinked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "notice"], name="desk_incident_link_unique")
        ]
        indexes = [models.Index(fields=["notice", "unlinked_at"], name="desk_incident_requests")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.notice_id}"
