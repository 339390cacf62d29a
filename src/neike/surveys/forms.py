"""The form of a rating. It is kind to people; the action holds the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neike.surveys.choices import GOOD_REASONS, POOR_REASONS, SATISFIED, Score
from neike.surveys.models import Rating
from neike.surveys.terms import COMMENT_LIMIT


class RatingForm(forms.Form):
    """Two taps: a step of the scale and sending. Reasons and a word more are optional.

    Reasons are worded twice, for what was good and for what was not; the score decides which ones count.
    `confirm` also confirms the request, as of `version`.
    """

    score = forms.TypedChoiceField(
        choices=Score,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five steps.")},
    )
    good = forms.MultipleChoiceField(
        choices=list(GOOD_REASONS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    poor = forms.MultipleChoiceField(
        choices=list(POOR_REASONS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(
        label=_("A word more"),
        required=False,
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    confirm = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    @property
    def said(self) -> dict[str, Any]:
        """What the actions take: score, reasons, comment."""
        data = self.cleaned_data
        reasons = data["good"] if data["score"] >= SATISFIED else data["poor"]
        return {"score": data["score"], "reasons": reasons, "comment": data["comment"]}


def form_for(rating: Rating | None, key: str, data: Any = None) -> RatingForm:  # noqa: ANN401 - posted values
    """Return the form, holding what somebody said before; `key` keeps its ids apart from other forms' ids."""
    initial = {}
    if rating is not None:
        initial = {
            "score": rating.score,
            "good": rating.reasons,
            "poor": rating.reasons,
            "comment": rating.comment,
        }
    return RatingForm(data, initial=initial, auto_id=f"rate-{key}-%s")
