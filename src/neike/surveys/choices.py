"""Enumerations of surveys."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SATISFIED: Final = 4
"""From this score on reasons say what was good; below, what was not."""


class Score(models.IntegerChoices):
    """The five steps of a rating in words."""

    VERY_POOR = 1, _("very poor")
    POOR = 2, _("poor")
    FAIR = 3, _("fair")
    GOOD = 4, _("good")
    VERY_GOOD = 5, _("very good")


class RatingReason(models.TextChoices):
    """What was good or poor about it, offered after the stars."""

    SPEED = "speed", _("speed")
    RESULT = "result", _("result")
    CLARITY = "clarity", _("clear information")
    FRIENDLINESS = "friendliness", _("friendliness")
    EFFORT = "effort", _("little effort for me")


GOOD_REASONS: Final[dict[RatingReason, Promise]] = {
    RatingReason.SPEED: _("quick"),
    RatingReason.RESULT: _("problem solved"),
    RatingReason.CLARITY: _("kept me informed"),
    RatingReason.FRIENDLINESS: _("friendly"),
    RatingReason.EFFORT: _("easy for me"),
}
POOR_REASONS: Final[dict[RatingReason, Promise]] = {
    RatingReason.SPEED: _("took too long"),
    RatingReason.RESULT: _("not really solved"),
    RatingReason.CLARITY: _("unclear information"),
    RatingReason.FRIENDLINESS: _("unfriendly"),
    RatingReason.EFFORT: _("too much effort for me"),
}


def reason_words(reason: str, score: int) -> str:
    """Return a reason in words that fit the score; one that is not known any more by its code."""
    words = GOOD_REASONS if score >= SATISFIED else POOR_REASONS
    known = reason in RatingReason.values
    return str(words[RatingReason(reason)]) if known else reason
