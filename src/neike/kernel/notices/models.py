"""What a person should know."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.texts import LocalizedTextField


class Notice(models.Model):
    """One line for one person, in every language of the product, leading to a page of ours.

    At most one per (person, key). `url` is a path.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=60)
    title = LocalizedTextField(_("notice"))
    url = models.CharField(max_length=300)
    key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                condition=~models.Q(key=""),
                name="notices_once_per_person_and_key",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "id"], name="notices_by_person"),
            models.Index(
                fields=["person", "id"],
                condition=models.Q(read_at__isnull=True),
                name="notices_unread",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
