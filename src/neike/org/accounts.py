"""How the sign-in library is bent to our rules: accounts come from the directory, links from our own address."""

import logging
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from neike.kernel import installation
from neike.org import sealed
from neike.org.actions import security_mails
from neike.org.hashers import HashingBusyError
from neike.org.models import Person
from neike.org.queries.directory import person_by_email, person_by_number

_LONGEST_BROWSER = 200
_log = logging.getLogger(__name__)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Find a person by employee number or e-mail as the directory has them now, and by nothing else."""

    def _authenticate(self, _request: HttpRequest | None, **credentials: Any) -> Person | None:
        """Look once and hash once, so that the time taken tells nothing about who exists."""
        typed = str(credentials.get("username") or credentials.get("email") or "")
        person = person_by_email(typed) if "@" in typed else person_by_number(typed)
        return self._check_password(person, credentials["password"])  # type: ignore[no-any-return]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Accounts come from the directory, never from public registration."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The sign-in name or the password is not right."),
        "username_password_mismatch": _("The sign-in name or the password is not right."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Codes change every 30 seconds."),
        "too_many_login_attempts": _("Too many tries. Please wait a few minutes and try again."),
        "rate_limited": _("Too many tries. Please wait a few minutes and try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Refuse registration."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Check credentials; when too many are being checked already, ask to come back."""
        try:
            found: Person | None = super().authenticate(request, **credentials)
        except HashingBusyError as busy:
            raise ValidationError(
                _("Many people are signing in right now. Please try again in a minute.")
            ) from busy
        return found

    def is_safe_url(self, url: str) -> bool:
        """Allow only addresses inside the product, without a host."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go to my day."""
        del request
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the sign-in page."""
        del request
        return reverse("account_login")

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Queue the link; the library's own one is not used, so that none is ever stored."""
        del email, context
        security_mails.send_password_link(person=user, now=timezone.now())  # noqa: TID251 - the library calls this like a view

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person at the directory's address that their sign-in changed."""
        del context, email
        what = template_prefix.rpartition("/")[2]
        if what in security_mails.NOTICES:
            security_mails.send_notice(
                person=user,
                what=what,
                ip=self.get_client_ip(self.request),
                browser=self.get_http_user_agent(self.request)[:_LONGEST_BROWSER],
                now=timezone.now(),  # noqa: TID251 - the library calls this like a view
            )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing else: the library writes to addresses, we write to people."""
        del email, context
        _log.warning("a mail of the sign-in library was not sent: %s", template_prefix)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address counted and shown: that of our outermost proxy's client, else the peer's."""
        peer: str = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - "unknown", not a binding
        if settings.PROXY_HOPS < 1:
            return peer
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        claimed = (
            forwarded[-settings.PROXY_HOPS].strip() if len(forwarded) >= settings.PROXY_HOPS else ""
        )
        return clean_client_ip(claimed) or peer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count tries by what was typed, whatever its case or width and whatever host was asked."""
        del request
        typed = str(credentials.get("email") or credentials.get("username") or "")
        return unicodedata.normalize("NFKC", typed).strip().casefold()


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Second factors: secrets are sealed, texts are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Codes change every 30 seconds."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return sealed.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return the name the authenticator app shows."""
        return str(installation.current().name)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this installation by its configured address, never by what the request says."""
        host = settings.BASE_URL.partition("://")[2].partition("/")[0].rpartition("@")[2]
        return {"id": host.partition(":")[0], "name": str(installation.current().name)}
