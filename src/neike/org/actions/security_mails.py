"""Mails about signing in. What opens an account is made when the mail is written and is stored nowhere."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.kernel import installation, mail
from neike.org.models import Person

LINK: Final = "org/mail/password_link"
NOTICE: Final = "org/mail/security_notice"
NOTICES: Final[dict[str, tuple[Promise, Promise]]] = {
    "password_changed": (
        _("Your password was changed"),
        _("The password of your account at %(organisation)s was changed."),
    ),
    "password_reset": (
        _("Your password was changed"),
        _("The password of your account at %(organisation)s was changed with a link sent to you."),
    ),
    "password_set": (
        _("Your password was set"),
        _("A password was set for your account at %(organisation)s."),
    ),
    "totp_activated": (
        _("Authenticator app switched on"),
        _("An authenticator app now protects your account at %(organisation)s."),
    ),
    "totp_deactivated": (
        _("Authenticator app switched off"),
        _("The authenticator app no longer protects your account at %(organisation)s."),
    ),
    "webauthn_added": (
        _("Passkey added"),
        _("A passkey was added to your account at %(organisation)s."),
    ),
    "webauthn_removed": (
        _("Passkey removed"),
        _("A passkey was removed from your account at %(organisation)s."),
    ),
    "recovery_codes_generated": (
        _("New recovery codes"),
        _(
            "New recovery codes were made for your account at %(organisation)s; the old ones stopped working."
        ),
    ),
}


def password_path(person: Person) -> str:
    """Return the path at which a person chooses a password: works once and for an hour."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return path.replace("UID-KEY", quote(key))


def password_link(person: Person) -> str:
    """Return the same as a link from the configured address, never from what a request says."""
    return f"{settings.BASE_URL}{password_path(person)}"


def send_password_link(*, person: Person, now: datetime) -> None:
    """Queue the mail with a link to choose a password."""
    mail.send(to=person, template=LINK, context={}, now=now)


def send_notice(*, person: Person, what: str, ip: str, browser: str, now: datetime) -> None:
    """Queue the mail that says that something about signing in changed; `what` is a key of `NOTICES`."""
    seen = {"what": what, "ip": ip, "browser": browser, "at": now.isoformat()}
    mail.send(to=person, template=NOTICE, context=seen, now=now)


def prepare_link(person: Person, _context: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Make the link at the moment the mail is written."""
    del now
    return {"url": password_path(person)}


def prepare_notice(_person: Person, context: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Put what happened into words."""
    del now
    headline, sentence = NOTICES[context["what"]]
    at = datetime.fromisoformat(context["at"])
    url = reverse("account_change_password")
    said = sentence % {"organisation": installation.current().name}
    return {**context, "headline": headline, "sentence": said, "at": at, "url": url}
