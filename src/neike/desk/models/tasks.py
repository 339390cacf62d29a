"""What is to be done within a request besides its legs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import TaskState
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class Task(models.Model):
    """A task of a department, with a checklist. Projected from the ticket's events.

    `step` is the key of the plan's step, "" for one opened by hand; `leg_no` the leg it belongs to, or None.
    `items` is a list of {"text": a text in several languages or plain, "done": bool}; all must be done first.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="tasks")
    no = models.PositiveSmallIntegerField()
    leg_no = models.PositiveSmallIntegerField(null=True, blank=True)
    step = models.CharField(max_length=40, blank=True)
    title = LocalizedTextField(_("task"))
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(_("state"), max_length=7, choices=TaskState)
    items = models.JSONField(_("checklist"), default=list, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    ended_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        ordering = ["ticket", "no"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "no"], name="desk_task_no_unique"),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.OPEN) | models.Q(ended_at__isnull=False),
                name="desk_task_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "opened_at"], name="desk_task_queue"),
            models.Index(fields=["assignee", "state", "opened_at"], name="desk_task_mine"),
        ]

    def __str__(self) -> str:
        return str(self.title)
