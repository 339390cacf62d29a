"""What somebody notes for themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.relations.models.relations import ServiceRelation


class RelationNote(models.Model):
    """A private note about a relation. Nobody but its writer ever reads it: no role, no search, no record."""

    relation = models.ForeignKey(ServiceRelation, on_delete=models.CASCADE, related_name="notes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    text = models.TextField(pgettext_lazy("relation", "note"), max_length=4000)
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("private note")
        constraints = [
            models.UniqueConstraint(fields=["person", "relation"], name="relations_one_note")
        ]

    def __str__(self) -> str:
        return f"{self.relation_id} {self.person_id}"
