"""The sign-in library's forms in our words."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as SecondFactorReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from neike.org.models import Person
from neike.org.queries.directory import person_by_email

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _reword(form: forms.Form, **labels: "str | _StrPromise") -> None:
    """Give fields our labels; drop placeholders, which vanish while one types, and foreign help texts."""
    for name, label in labels.items():
        field = form.fields.get(name)
        if field is not None:
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):  # type: ignore[misc]  # the library is untyped
    """Employee number or e-mail, password, and whether to stay signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(
            self,
            login=_("Employee number or e-mail"),
            password=_("Password"),
            remember=_("Stay signed in on this device"),
        )


class AskResetForm(ResetPasswordForm):  # type: ignore[misc]  # the library is untyped
    """Asks for a reset link. The answer is the same whoever asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, email=_("E-mail"))

    def clean_email(self) -> str:
        """Find whom to write to: only by the directory's present address, only who may sign in."""
        email: str = self.cleaned_data["email"].lower()
        person = person_by_email(email)
        self.users: list[Person] = [person] if person and person.is_active else []
        return email


class ResetForm(ResetPasswordKeyForm):  # type: ignore[misc]  # the library is untyped
    """A new password after following the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]  # the library is untyped
    """Changes one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, oldpassword=_("Current password"))
        _new_password(self)


def _new_password(form: forms.Form) -> None:
    _reword(form, password1=_("New password"), password2=_("New password again"))
    form.fields["password1"].help_text = _(
        "At least 10 characters, not a common password and not like your name."
    )


class ConfirmByPasswordForm(ReauthenticateForm):  # type: ignore[misc]  # the library is untyped
    """Proves by password that it is still the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, password=_("Password"))


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # the library is untyped
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Code from the app, or a recovery code"))


class ConfirmByCodeForm(SecondFactorReauthenticateForm):  # type: ignore[misc]  # the library is untyped
    """Proves by code that it is still the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Code from the app, or a recovery code"))


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]  # the library is untyped
    """Proves that the authenticator app was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, code=_("Code the app shows now"))
        self.fields["code"].widget.attrs.update(inputmode="numeric", autocomplete="one-time-code")


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # the library is untyped
    """Adds a passkey: by default one that signs in without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, name=_("Name"), passwordless=_("Sign in with it alone, without a password"))
        self.fields["name"].help_text = _("So that you know it again, such as “my phone”.")
        self.fields["name"].initial = ""
        self.initial["name"] = ""
        self.initial.setdefault("passwordless", True)


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # the library is untyped
    """Gives a passkey another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self, name=_("Name"))
