"""Departments: an identity row, dated versions, dated ancestry and succession. Nothing is overwritten."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField
from neike.org.choices import DepartmentKind, DepartmentState, LeadKind, SuccessionKind


class Department(models.Model):
    """The identity of a department; what it is called and where it stands is in its versions."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=DepartmentKind, default=DepartmentKind.DEPARTMENT
    )
    imported_from = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.code


class DepartmentVersion(models.Model):
    """What a department was from `valid_from` until its next version begins."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField(_("from"))
    name = LocalizedTextField(_("name"))
    purpose = LocalizedTextField(_("what it is for"))
    parent = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    calendar = models.ForeignKey(
        "org.BusinessCalendar", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=8, choices=DepartmentState, default=DepartmentState.ACTIVE
    )

    class Meta:
        ordering = ["department", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "valid_from"], name="org_department_version_unique"
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("department")),
                name="org_department_not_own_parent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class DepartmentAncestry(models.Model):
    """Every (ancestor, descendant) pair and the dates it held, half-open; depth 0 is the department itself.

    Derived from the versions and rebuilt by the actions that write them.
    """

    ancestor = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "valid_from"], name="org_ancestry_unique"
            )
        ]
        indexes = [models.Index(fields=["descendant", "valid_from"], name="org_ancestry_up")]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class DepartmentSuccession(models.Model):
    """One department going on in another from a date, by merge or split."""

    predecessor = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=SuccessionKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "date"], name="org_succession_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} > {self.successor_id}"


class Position(models.Model):
    """A post that people are placed in. What it is and was, and when, is told by its terms (`PostTerm`).

    `department` and `title` repeat its newest term for the many lists that name a post as it is known; only
    `actions.terms` writes them. `imported_from` names the kind of file that keeps it, "" for none.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32, unique=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="positions")
    title = LocalizedTextField(_("title"))
    imported_from = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.title)


class DepartmentLead(models.Model):
    """Who leads a department, or stands in as deputy, and when; dates half-open."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="leads")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaderships"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=LeadKind, default=LeadKind.LEAD)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department", "person", "kind", "valid_from"], name="org_lead_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_lead_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.department_id}"
