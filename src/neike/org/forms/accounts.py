"""Making and changing people's accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
