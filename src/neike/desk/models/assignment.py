"""How a department gives out its work, and what its people can take."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import AssignmentMode
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class AssignmentPolicy(models.Model):
    """What a department has decided. Its row is locked while somebody is chosen, so that no two see the same load.

    `unassigned_minutes` is working time after which work in nobody's hands is told to the lead.
    """

    department = models.OneToOneField(
        "org.Department", on_delete=models.PROTECT, related_name="assignment_policy"
    )
    mode = models.CharField(
        _("who gets the next request"),
        max_length=5,
        choices=AssignmentMode,
        default=AssignmentMode.OFF,
    )
    within_hours = models.BooleanField(_("only within working hours"), default=True)
    auto_accept = models.BooleanField(_("accept for the person at once"), default=False)
    usual_capacity = models.PositiveSmallIntegerField(
        _("usual capacity"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    unassigned_minutes = models.PositiveIntegerField(
        _("tell the lead after (working minutes)"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(9600)],
    )
    fallback = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who gets it when everybody is away"),
    )

    def __str__(self) -> str:
        return f"{self.department_id} {self.mode}"


class Skill(models.Model):
    """Something people of a department can do; requests for `services` ask for it."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="skills"
    )
    name = LocalizedTextField(_("skill"))
    services = models.ManyToManyField("catalog.Service", related_name="+", blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.name)


class Capacity(models.Model):
    """What a person can take for a department. `maximum` None: the department's usual capacity; 0: nothing by itself."""

    department = models.ForeignKey("org.Department", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    maximum = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, validators=[MaxValueValidator(200)]
    )
    skills = models.ManyToManyField(Skill, related_name="+", blank=True)
    last_assigned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "person"], name="desk_capacity_unique")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.maximum}"


class UnassignedAlarm(models.Model):
    """That a lead was told of a leg in nobody's hands; `step` 1 at the department's limit, 2 at twice of it."""

    leg = models.OneToOneField("desk.Leg", on_delete=models.CASCADE, related_name="alarm")
    step = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.leg_id} {self.step}"
