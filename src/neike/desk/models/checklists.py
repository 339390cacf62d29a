"""Checklists that a department keeps ready for its tasks."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class ChecklistTemplate(models.Model):
    """A checklist by name. `items` is a list of texts in several languages; a task keeps a copy of them."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = LocalizedTextField(_("name of the checklist"))
    items = models.JSONField(_("points"), default=list)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["department", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__gt=0), name="desk_checklist_version_positive"
            )
        ]
        indexes = [
            models.Index(fields=["department", "retired_at"], name="desk_checklist_of_department")
        ]

    def __str__(self) -> str:
        return str(self.title)
