"""Forms of the portal."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from neike.kernel.registries import DEMO_ACCOUNTS

PHRASE: Final = "START"


class StartForm(forms.Form):
    """Who the administrator is from now on, and the word that says one means it."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    employee_no = forms.CharField(label=gettext_lazy("Employee number"), max_length=64)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Everybody knows the demo's. Choose one of your own."),
    )
    phrase = forms.CharField(
        label=gettext_lazy("Type START to confirm"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_employee_no(self) -> str:
        """Refuse the numbers that the demo's sign-in page offers for one click."""
        number: str = self.cleaned_data["employee_no"].strip()
        if number.casefold() in {account.employee_no.casefold() for account in DEMO_ACCOUNTS}:
            raise ValidationError(_("This number belongs to the demo. Use your own."))
        return number

    def clean_password(self) -> str:
        """Refuse a weak one."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean_phrase(self) -> str:
        """Take the word in any case."""
        phrase: str = self.cleaned_data["phrase"].strip()
        if phrase.upper() != PHRASE:
            raise ValidationError(_("Type START, so that nothing happens by mistake."))
        return phrase

    def add_refusal(self, refusal: ValidationError, fields: Any = ("employee_no", "email")) -> None:  # noqa: ANN401
        """Show what the action refused, at the field it is about."""
        code = getattr(refusal, "code", "")
        self.add_error(code if code in fields else None, refusal.messages)
