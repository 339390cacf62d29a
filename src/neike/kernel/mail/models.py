"""Mails to people, and the mails a demo caught."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.kernel.mail.choices import CancelReason, MailState


class OutboundMail(models.Model):
    """A mail to one person: ids and plain values only, written out when it is sent.

    `public_id` makes its Message-ID, the same at every attempt. `key` makes it unique for its person.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    template = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=MailState, default=MailState.WAITING)
    reason = models.CharField(_("reason"), max_length=14, choices=CancelReason, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                condition=~models.Q(key=""),
                name="mail_once_per_person_and_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MailState.SENT) | models.Q(sent_at__isnull=False),
                name="mail_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MailState.CANCELLED) | ~models.Q(reason=""),
                name="mail_cancelled_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["person", "created_at"], name="mail_by_person")]

    def __str__(self) -> str:
        return f"{self.template} -> {self.person_id}: {self.state}"


class CaughtMail(models.Model):
    """A mail the demo did not send but keeps for everybody to look at."""

    recipients = models.TextField(_("to"))
    subject = models.TextField(_("subject"))
    headers = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    caught_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.subject
