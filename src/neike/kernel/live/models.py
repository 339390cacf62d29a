"""What changed a moment ago, and who looks at what right now. Nothing here is kept for longer than minutes."""

from django.conf import settings
from django.db import models


class Signal(models.Model):
    """Something of `topic` ("ticket:7") changed; written in the transaction of the change. Says nothing else.

    Numbers are given before they are committed, so a lower one may appear after a higher one.
    """

    topic = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="live_signal_at")]

    def __str__(self) -> str:
        return self.topic


class Presence(models.Model):
    """Somebody has what `topic` names open, and perhaps writes. Worth nothing after `presence.STAYS`."""

    topic = models.CharField(max_length=64)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField()
    typing_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "person"], name="live_presence_once")
        ]
        indexes = [
            models.Index(fields=["seen_at"], name="live_presence_age"),
            models.Index(fields=["person"], name="live_presence_person"),
        ]

    def __str__(self) -> str:
        return self.topic
