"""A further step of a department's escalation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import EscalationWhom
from neike.desk.models.escalation import MOST_HOURS
from neike.org.models import Person


class EscalationStepForm(forms.Form):
    """After how many working hours whom to tell."""

    hours = forms.DecimalField(
        label=_("Working hours after the promised time"),
        min_value=0,
        max_value=MOST_HOURS,
        max_digits=6,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25"}),
    )
    whom = forms.ChoiceField(label=_("Tell"), choices=EscalationWhom)
    person = forms.ChoiceField(label=_("Which person"), required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(each.public_id): each for each in people}
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *((key, each.name) for key, each in self._people.items())]

    def clean(self) -> dict[str, Any]:
        """Turn hours into minutes, and ask for the person where one is meant."""
        data = super().clean() or {}
        if data.get("hours") is not None:
            data["after_minutes"] = round(data["hours"] * 60)
            if data["after_minutes"] < 15:  # noqa: PLR2004 - a quarter of an hour, as the model says
                self.add_error("hours", _("At least a quarter of an hour."))
        data["person"] = self._people.get(data.get("person") or "")
        if data.get("whom") == EscalationWhom.PERSON and data["person"] is None:
            self.add_error("person", _("Please choose the person."))
        return data
