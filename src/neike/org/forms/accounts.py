"""Making and changing people's accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from neike.org.models import Person


class PersonForm(forms.Form):
    """What the directory says of a person."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    employee_no = forms.CharField(label=_("Employee number"), max_length=64)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Without one, no password link can be sent.")
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)


class ChangePersonForm(PersonForm):
    """The same of somebody who is here already."""

    left_on = forms.DateField(
        label=_("Left on"),
        required=False,
        widget=forms.DateInput(),
        help_text=_("From this day on they cannot sign in."),
    )


class SwitchForm(forms.Form):
    """Why sign-in is switched off or on."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class TypedForm(forms.Form):
    """The employee number, typed, so that nobody is erased by a slip of the hand."""

    typed = forms.CharField(
        label=_("Employee number"),
        max_length=64,
        help_text=_("Type the person's employee number to confirm."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_typed(self) -> str:
        """Refuse any number but the person's."""
        typed = str(self.cleaned_data["typed"]).strip()
        if typed.casefold() != self.person.employee_no.casefold():
            raise forms.ValidationError(_("This is not the number of this person."), code="other")
        return typed


class EraseForm(TypedForm):
    """The same with the reason, for whoever asks first."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    field_order = ("reason", "typed")
