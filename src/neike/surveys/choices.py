"""Enumerations of surveys."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RatingReason(models.TextChoices):
    """What was good or poor about it, offered after the stars."""

    SPEED = "speed", _("speed")
    RESULT = "result", _("result")
    CLARITY = "clarity", _("clear information")
    FRIENDLINESS = "friendliness", _("friendliness")
    EFFORT = "effort", _("little effort for me")
