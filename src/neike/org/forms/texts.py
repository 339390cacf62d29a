"""Fields that several forms of the organisation share."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from neike.kernel.texts import LocalizedText

_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|—|~|～|至|to)\s*(\d{1,2}):(\d{2})")
_SEPARATORS = re.compile(r"[,，;；、\n]+")


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:  # noqa: ANN401 - lazy text
    """Return a field for a date, with the browser's own picker."""
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput()
    )


class BilingualForm(forms.Form):
    """A form with pairs of fields `<name>_zh` and `<name>_en`; of each required pair one must be filled."""

    pairs: dict[str, bool] = {}
    """Name of the pair -> whether one of the two is needed."""

    def clean(self) -> dict[str, Any]:
        """Put a `LocalizedText` under each pair's name."""
        cleaned = super().clean() or self.cleaned_data
        for name, needed in self.pairs.items():
            text = LocalizedText.of(
                zh=cleaned.get(f"{name}_zh", ""), en=cleaned.get(f"{name}_en", "")
            )
            if needed and not text:
                self.add_error(f"{name}_zh", _("Fill in at least one language."))
            cleaned[name] = text
        return cleaned


class HoursField(forms.CharField):
    """Hours of one day as people write them: "09:00-12:00, 13:30-18:00"; gives (opens, closes) in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"placeholder": pgettext_lazy("day", "closed"), "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - the framework's signature
        """Return the list of (opens, closes); [] for an empty field."""
        text = str(super().clean(value) or "").replace("：", ":")
        return [_interval(part) for part in map(str.strip, _SEPARATORS.split(text)) if part]


def _interval(part: str) -> tuple[int, int]:
    found = _INTERVAL.fullmatch(part)
    if found is None:
        raise ValidationError(
            _("“%(part)s” is not understood. Write hours as 09:00-12:00, 13:30-18:00.")
            % {"part": part},
            code="hours",
        )
    hours = [int(each) for each in found.groups()]
    if hours[1] > 59 or hours[3] > 59 or hours[0] > 24 or hours[2] > 24:  # noqa: PLR2004 - a clock's
        raise ValidationError(_("“%(part)s” is not a time of day.") % {"part": part}, code="hours")
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
