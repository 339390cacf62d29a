"""Files people have attached to something."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id


class Attachment(models.Model):
    """One file of one owner. `owner_type` is a model label ("desk.message"); nothing refers by foreign key.

    `owner_type` is empty while the file waits for what it will belong to (a picture pasted into a message
    not yet sent): then only its uploader reads it. `content_type` is what the content shows, never what the
    sender claimed. `preview_key` is the stored, re-encoded picture of a safe raster, else empty.
    `redacted_at` says that the bytes were removed for good.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    owner_type = models.CharField(max_length=80, blank=True)
    owner_id = models.BigIntegerField(null=True)
    name = models.CharField(_("file name"), max_length=180)
    size = models.BigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(_("kind"), max_length=80)
    storage_key = models.CharField(max_length=80, unique=True)
    preview_key = models.CharField(max_length=80, blank=True)
    preview_type = models.CharField(max_length=20, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    redacted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                name="attachments_owner_whole",
                condition=models.Q(owner_type="", owner_id__isnull=True)
                | (~models.Q(owner_type="") & models.Q(owner_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="attachments_preview_whole",
                condition=models.Q(preview_key="", preview_type="")
                | (~models.Q(preview_key="") & ~models.Q(preview_type="")),
            ),
        ]
        indexes = [
            models.Index(fields=["owner_type", "owner_id", "id"], name="attachments_by_owner"),
            models.Index(
                fields=["uploaded_at"],
                name="attachments_waiting",
                condition=models.Q(owner_type=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether there is a safe picture of it to show in a page."""
        return bool(self.preview_key)
