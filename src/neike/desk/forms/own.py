"""The forms of what people keep for themselves."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.desk.actions.own import REMINDER_LIMIT
from neike.desk.choices import Later
from neike.desk.forms.bulk import BulkForm


class LaterForm(forms.Form):
    """When to see something again: one of the usual moments, or a date."""

    when = forms.ChoiceField(label=gettext_lazy("When"), choices=Later.choices)
    date = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, object]:
        """Ask for the date where one is wanted."""
        data = super().clean() or self.cleaned_data
        if data.get("when") == Later.DATE and not data.get("date") and "date" not in self.errors:
            self.add_error("date", _("Please choose a date."))
        return data


class ReminderForm(LaterForm):
    """When to be reminded, and of what."""

    note = forms.CharField(
        label=gettext_lazy("Note for yourself"),
        required=False,
        max_length=REMINDER_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["note", "when", "date"]


class BulkLaterForm(BulkForm, LaterForm):
    """When to see many requests again."""

    when = forms.ChoiceField(
        label=gettext_lazy("When"), choices=Later.choices, widget=forms.RadioSelect
    )
    field_order = ["when", "date"]


class WordsForm(forms.Form):
    """What somebody has typed so far; `client_key` is that of the message it may become."""

    kind = forms.ChoiceField(choices=[("reply", "reply"), ("note", "note")])
    body = forms.CharField(required=False, strip=False)
    client_key = forms.CharField(required=False, max_length=64)
