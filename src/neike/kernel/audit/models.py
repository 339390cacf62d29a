"""The audit record: what was done, the personal values it mentions (apart), and the chain that seals it."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing somebody did. Never changed, never deleted (a trigger refuses both).

    `subject_type` is a model label ("org.department"), `subject_id` its public id, else its key; nothing
    refers to it by foreign key. `details` is canonical JSON: `{"changes": [[field, before, after], …],
    "reason": value}` where a personal value appears only as `{"digest": hex}`.
    """

    at = models.DateTimeField(_("time"))
    action = models.CharField(_("action"), max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    subject_type = models.CharField(_("kind of object"), max_length=80)
    subject_id = models.CharField(_("object"), max_length=64)
    # Text, not JSON: the seal covers these very characters.
    details = models.TextField(default="{}")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["action", "-id"], name="audit_entry_by_action"),
            models.Index(fields=["actor", "-id"], name="audit_entry_by_actor"),
            models.Index(
                fields=["subject_type", "subject_id", "-id"], name="audit_entry_by_subject"
            ),
            models.Index(fields=["at", "id"], name="audit_entry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"

    @property
    def parsed(self) -> dict[str, Any]:
        """The details as data."""
        found = json.loads(self.details)
        return found if isinstance(found, dict) else {}


class AuditValue(models.Model):
    """A personal value an entry mentions by digest; erasing it leaves the entry and its seal intact.

    `digest` is SHA-256 over the salt and the canonical JSON; every value has its own salt, so that an
    erased value cannot be guessed from its digest. `about` is the person whose erasure removes it.
    """

    digest = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=32, blank=True)
    value = models.TextField(null=True)  # noqa: DJ001 - null says erased, "" would be a value
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_value_erased_with_its_salt",
                condition=models.Q(value__isnull=False) | models.Q(salt=""),
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class AuditSeal(models.Model):
    """One link of the chain: `mac` covers the link before it and one entry.

    Positions run from 1 without gaps. `key_id` names the sealing key, so that keys can be changed.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    mac = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_seal_position_positive", condition=models.Q(position__gte=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.mac[:12]}"
