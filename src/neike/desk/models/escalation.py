"""Whom a department tells when its promises are missed, and who was told."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import EscalationWhom
from neike.kernel.ids import new_public_id

MOST_HOURS = 240


class EscalationStep(models.Model):
    """A further step of a department's escalation, for one of its services or (None) for all without own steps.

    That 75 and 100 percent of a promise are told is not stored: it always holds. `after_minutes` is working time of
    the promise behind its due time.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="escalation_steps"
    )
    service = models.ForeignKey(
        "catalog.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    after_minutes = models.PositiveIntegerField(
        _("after"), validators=[MinValueValidator(15), MaxValueValidator(MOST_HOURS * 60)]
    )
    whom = models.CharField(_("tell"), max_length=10, choices=EscalationWhom)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )

    class Meta:
        ordering = ["after_minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                "department",
                Coalesce("service", 0),
                "after_minutes",
                "whom",
                Coalesce("person", 0),
                name="desk_escalation_step_once",
            ),
            models.CheckConstraint(
                name="desk_escalation_names_a_person",
                condition=models.Q(whom=EscalationWhom.PERSON, person__isnull=False)
                | (~models.Q(whom=EscalationWhom.PERSON) & models.Q(person__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.mark}"

    @property
    def mark(self) -> str:
        """Return what names the step for good, so that saving it anew tells nobody twice."""
        return f"{self.after_minutes}:{self.whom}:{self.person_id or ''}"


class PromiseTold(models.Model):
    """That people were told of a clock, once per `mark`: "75", "100" or that of a further step.

    `people` are [id, reason] of those who really got a notice, the reason an `EscalationWhom`, "assignee" or
    "approver".
    """

    ticket = models.ForeignKey(
        "desk.Ticket", on_delete=models.CASCADE, related_name="promises_told"
    )
    clock = models.ForeignKey("desk.Clock", on_delete=models.CASCADE, related_name="told")
    mark = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    people = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "mark"], name="desk_promise_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.mark}"
