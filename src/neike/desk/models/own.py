"""What people keep for themselves on a request, and whom messages mention. Decorations: no event, nothing replayed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mention(models.Model):
    """Somebody a message speaks to: its text holds `@{public id}`, never the name. `seen_at`: they opened the request."""

    message = models.ForeignKey("desk.Message", on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="desk_mention_unique")
        ]
        indexes = [models.Index(fields=["person", "-id"], name="desk_mention_of_person")]

    def __str__(self) -> str:
        return f"{self.message_id} mentions {self.person_id}"


class OwnSheet(models.Model):
    """What one person keeps for themselves on one request: nobody else sees it, no event tells of it.

    One row holds all of it, so that a page reads it in one query: `reply` and `note` as typed so far (`written_at`),
    until when the request is out of their working lists, and one reminder (`reminded_at`: the notice was left).
    An empty sheet is deleted.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.CASCADE, related_name="+")
    reply = models.TextField(blank=True)
    note = models.TextField(blank=True)
    written_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateTimeField(_("hidden until"), null=True, blank=True)
    reminder = models.CharField(_("reminder"), max_length=200, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "ticket"], name="desk_sheet_unique")
        ]
        indexes = [
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="desk_sheet_snoozed",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False, reminded_at__isnull=True),
                name="desk_sheet_to_remind",
            ),
            models.Index(
                fields=["written_at"],
                condition=Q(written_at__isnull=False),
                name="desk_sheet_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"
