"""Enumerations of the map."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MapState(models.TextChoices):
    """How what is declared and what was seen agree, for one pair of departments."""

    ALIGNED = "aligned", pgettext_lazy("map", "aligned")
    HIDDEN = "hidden", pgettext_lazy("map", "hidden customer")
    PAPER = "paper", pgettext_lazy("map", "paper relation")
    SEEN = "seen", pgettext_lazy("map", "seen, not declared")


class Measure(models.TextChoices):
    """What the map shows of a pair."""

    VOLUME = "volume", pgettext_lazy("map", "Volume")
    KEPT = "kept", pgettext_lazy("map", "Promise kept")
    SATISFACTION = "satisfaction", pgettext_lazy("map", "Satisfaction")
    GAP = "gap", pgettext_lazy("map", "Service gap")
