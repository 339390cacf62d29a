"""Quality checks: a random sample of delivered requests, looked at by somebody who did not do the work."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import QualityVerdict
from neike.kernel.ids import new_public_id


class QualityPlan(models.Model):
    """How many delivered requests of a service are looked at each month: so many of a hundred, or a number."""

    service = models.OneToOneField("catalog.Service", on_delete=models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField(_("of a hundred"), default=0)
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    since = models.DateField(_("from the month of"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent=0, number__gt=0)
                | models.Q(percent__gt=0, percent__lte=100, number=0),
                name="desk_quality_percent_or_number",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.percent} % / {self.number}"


class QualityDraw(models.Model):
    """A month's sample of a service, drawn once: `drawn` of `delivered`, in the order of the lots of `seed`.

    `month` is its first day; months are those of the organisation's zone.
    """

    service = models.ForeignKey("catalog.Service", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    seed = models.CharField(max_length=64)
    delivered = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "month"], name="desk_quality_drawn_once")
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.month:%Y-%m}"


class QualityCheck(models.Model):
    """One request of a sample. `checker` None: nobody who may check it took no part in the work.

    `passed` is None until it is done, and where no criterion applied. What was found is never changed.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    draw = models.ForeignKey(QualityDraw, on_delete=models.CASCADE, related_name="checks")
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    done_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "ticket"], name="desk_quality_ticket_once"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=False) | models.Q(passed__isnull=True),
                name="desk_quality_passed_is_done",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "done_at"], name="desk_quality_by_department")
        ]

    def __str__(self) -> str:
        return f"{self.draw} {self.ticket_id}"


class QualityFinding(models.Model):
    """What was found about one criterion: `position` in the quality criteria of the request's standard."""

    check_of = models.ForeignKey(QualityCheck, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=4, choices=QualityVerdict)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "position"], name="desk_quality_finding_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.verdict}"
