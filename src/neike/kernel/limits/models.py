"""How much was used in a fixed window of time."""

from django.db import models


class LimitWindow(models.Model):
    """Use of one key in one window. `key` is a keyed digest: addresses and people are not readable here."""

    key = models.CharField(max_length=64)
    starts_at = models.BigIntegerField()  # seconds since 1970
    used = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_at"], name="limits_window_once")
        ]
        indexes = [models.Index(fields=["starts_at"], name="limits_window_age")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.used}"
