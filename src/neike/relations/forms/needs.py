"""The forms about needs: stating one, guessing, reviewing, the pair of Kano questions."""

from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.relations.actions import NeedContent
from neike.relations.choices import Dimension, MeasureUnit
from neike.relations.display import scales
from neike.relations.models import NeedVersion

_CHOOSE: Final = {
    "required": _("Choose one of the five steps."),
    "invalid_choice": _("Choose one of the five steps."),
}
_LARGEST_VERSION: Final = 2**31 - 1


def _steps(choices: dict[int, Promise], label: Any) -> forms.TypedChoiceField:  # noqa: ANN401 - a lazy text
    """Return a field of five radio buttons; each step has its number and its word."""
    return forms.TypedChoiceField(
        label=label,
        choices=list(choices.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict(_CHOOSE),
    )


class VersionForm(forms.Form):
    """What every change brings along: the version its reader saw."""

    version = forms.IntegerField(min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput)


class NeedForm(forms.Form):
    """What one needs, in one's own words, how much it matters and how well it must be; measurable if possible."""

    statement = forms.CharField(
        label=_("What do you need from them?"),
        help_text=_(
            "In your own words, as you would tell a colleague. Say what you do with it: that helps most."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say in your own words what you need.")},
    )
    dimension = forms.ChoiceField(
        label=_("What is it mainly about?"),
        choices=Dimension.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what the need is about.")},
    )
    importance = _steps(scales.IMPORTANCE, _("How much does your work depend on it?"))
    expected = _steps(scales.EXPECTED, _("How well must it be?"))
    measure = forms.CharField(
        label=_("What is measured"),
        help_text=_("For example: time from our question to the answer."),
        required=False,
        max_length=200,
    )
    amount = forms.DecimalField(
        label=_("How much"),
        required=False,
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(99_999_999)],
    )
    unit = forms.ChoiceField(
        label=_("Counted in"),
        required=False,
        choices=[("", pgettext_lazy("unit", "choose")), *MeasureUnit.choices],
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        help_text=_("In half a year unless you choose another day."),
        widget=forms.DateInput,
    )
    version = forms.IntegerField(
        required=False, min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, revises: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if revises:
            del self.fields["dimension"]
            self.fields["version"].required = True

    @property
    def content(self) -> NeedContent:
        """What the actions take."""
        data = self.cleaned_data
        return NeedContent(
            statement=data["statement"],
            importance=data["importance"],
            expected=data["expected"],
            measure=data["measure"],
            amount=data["amount"],
            unit=data["unit"],
            review_on=data["review_on"],
        )


def initial_of(said: NeedVersion) -> dict[str, Any]:
    """Return what the form holds before somebody says a need anew; the review date starts afresh."""
    fields = ("statement", "importance", "expected", "measure", "amount", "unit", "version")
    return {field: getattr(said, field) for field in fields}


class GuessForm(VersionForm):
    """What one thinks the customer expects, said before seeing it."""

    expected = _steps(scales.EXPECTED, _("How well do you think it must be for them?"))
    importance = _steps(scales.IMPORTANCE, _("How much do you think their work depends on it?"))


class ReviewForm(forms.Form):
    """How well a need was met lately."""

    perceived = _steps(scales.PERCEIVED, _("How well was it met in the last half year?"))
    comment = forms.CharField(
        label=_("A word more"),
        help_text=_("Both sides read it. An example says more than a judgement."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FeelingForm(forms.Form):
    """The pair of questions of Kano's method."""

    functional = _steps(scales.FEELINGS, _("If this need is met, how do you feel about it?"))
    dysfunctional = _steps(scales.FEELINGS, _("And if it is not met, how do you feel about it?"))
