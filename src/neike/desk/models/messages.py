"""What people wrote, who follows a request, and what is not sent yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import Visibility
from neike.kernel.ids import new_public_id


class Message(models.Model):
    """A contribution to the conversation, in Markdown as typed. `automatic` ones stop no clock (R8).

    `client_key` is made by the page or program that posts, so that a double click makes one message.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="messages")
    leg = models.ForeignKey(
        "desk.Leg", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(
        _("visible to"), max_length=8, choices=Visibility, default=Visibility.PUBLIC
    )
    automatic = models.BooleanField(default=False)
    body = models.TextField(_("message"))
    created_at = models.DateTimeField()
    client_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "client_key"],
                condition=~models.Q(client_key=""),
                name="desk_message_client_key_unique",
            )
        ]
        indexes = [models.Index(fields=["ticket", "created_at", "id"], name="desk_message_thread")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.created_at:%F %R}"


class Participant(models.Model):
    """Somebody who follows a request besides the requester and the people on its legs."""

    ticket = models.ForeignKey("desk.Ticket", on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="desk_participant_unique")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows {self.ticket_id}"


class TicketDraft(models.Model):
    """A request somebody began and did not send; nobody else sees it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("catalog.Service", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("subject"), max_length=200, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "service"], name="desk_draft_unique")
        ]

    def __str__(self) -> str:
        return self.title
