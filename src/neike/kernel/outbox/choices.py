"""Words the outbox stores."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """How far a delivery is; nothing is ever silently dropped."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    DEAD = "dead", _("given up")
