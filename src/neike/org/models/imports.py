"""An import of the organisation on its way from upload to report."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.org.choices import ImportState


def _key(instance: "DirectoryImport", _filename: str) -> str:
    """Store the file under its random id: the sender's file name never reaches the disk."""
    return f"org-imports/{instance.public_id}.upload"


class DirectoryImport(models.Model):
    """A file somebody sent, what its columns hold, and what taking it over did or would do.

    `layout` is how the file is written, `mapping` the column of each field, `report` a stored `Report`;
    the file is deleted once it was applied or discarded. `message` says why a failed one failed. `joins` is the import
    that this file is a further part of: the first of the files keeps state and report. `headers_key` finds the mapping
    that was chosen last for such a header. `holds_from` is the day from which the changes hold, None the day of the run.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    file_name = models.CharField(_("file"), max_length=120)
    file = models.FileField(upload_to=_key, blank=True)
    layout = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    headers_key = models.CharField(max_length=64, blank=True, db_index=True)
    joins = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts"
    )
    holds_from = models.DateField(_("changes hold from"), null=True, blank=True)
    end_missing = models.BooleanField(_("people not in the file leave"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED
    )
    done_rows = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True, blank=True)
    message = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
