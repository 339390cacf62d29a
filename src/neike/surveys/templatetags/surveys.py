"""Scores and reasons in words and colours."""

from typing import Final

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from neike.kernel.ui.templatetags.ui import badge
from neike.surveys import choices
from neike.surveys.choices import Score

register = template.Library()

FACES: Final = {
    Score.VERY_POOR: "face-very-poor",
    Score.POOR: "face-poor",
    Score.FAIR: "face-fair",
    Score.GOOD: "face-good",
    Score.VERY_GOOD: "face-very-good",
}
TONES: Final = {
    Score.VERY_POOR: "error",
    Score.POOR: "error",
    Score.FAIR: "warning",
    Score.GOOD: "success",
    Score.VERY_GOOD: "success",
}


@register.filter
def reason_words(reason: str, score: int) -> str:
    """Write a reason in words that fit the score."""
    return choices.reason_words(reason, score)


@register.simple_tag
def score_badge(score: int) -> SafeString:
    """Draw a score: face, number and word."""
    step = Score(score)
    words = _("%(score)s · %(word)s") % {"score": step.value, "word": step.label}
    return badge(words, TONES[step], FACES[step])


@register.filter
def face(score: object) -> str:
    """Return the icon of a step of the scale."""
    return FACES[Score(int(str(score)))]


@register.filter
def is_good(score: object) -> bool:
    """Tell whether a step of the scale asks what was good."""
    return int(str(score)) >= choices.SATISFIED
