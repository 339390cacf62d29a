"""Write a queued mail out: in the person's language, as text and HTML, with headers nobody can inject."""

import unicodedata
from contextlib import ExitStack
from datetime import datetime
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from neike.kernel import installation
from neike.kernel.mail import preparing
from neike.kernel.mail.choices import CancelReason
from neike.kernel.mail.footers import Footer, footer_of
from neike.kernel.mail.models import OutboundMail


class NotSentError(Exception):
    """The mail must not be sent; `reason` says why."""

    def __init__(self, reason: CancelReason) -> None:
        super().__init__(reason)
        self.reason = reason


class OutsideLinkError(ValueError):
    """A mail's `url` is not a path of ours."""


def write(mail: OutboundMail, *, now: datetime) -> EmailMultiAlternatives:
    """Return the message as it goes out now; looks things up, sends nothing.

    Raises:
        NotSentError: no address, no right any more, or a header with a line break or control character.
        OutsideLinkError: the context's `url` leads elsewhere.
    """
    person = mail.person
    if not person.is_active:
        raise NotSentError(CancelReason.LEFT)
    if not person.email:
        raise NotSentError(CancelReason.NO_ADDRESS)
    with ExitStack() as reader:
        reader.enter_context(translation.override(person.language or settings.LANGUAGE_CODE))
        if person.zone:
            reader.enter_context(timezone.override(ZoneInfo(person.zone)))
        context = _context(mail, now)
        context["subject"] = header(_render(f"{mail.template}.subject.txt", context, escape=False))
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=_render(f"{mail.template}.txt", context, escape=False),
            to=[str(Address(display_name=header(person.name), addr_spec=header(person.email)))],
            headers=_headers(mail, footer_of(mail.context)),
        )
        message.attach_alternative(
            _render(f"{mail.template}.html", context, escape=True), "text/html"
        )
    return message


def header(value: str) -> str:
    """Return a header's value without surrounding space.

    Raises:
        NotSentError: it holds a line break, NUL or another control character.
    """
    text = value.strip()
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text):
        raise NotSentError(CancelReason.BAD_HEADER)
    return text


def absolute(path: str) -> str:
    """Return the full address of a path of ours, from the configured base and never from a request.

    Raises:
        OutsideLinkError: it names a host or scheme.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise OutsideLinkError(path)
    return settings.BASE_URL + path


def _context(mail: OutboundMail, now: datetime) -> dict[str, Any]:
    prepare = preparing.find(mail.template)
    values = prepare(mail.person, mail.context, now=now) if prepare else mail.context
    if values is None:
        raise NotSentError(CancelReason.NOT_PERMITTED)
    settled = installation.current()
    footer = footer_of(mail.context)
    return {
        **values,
        "person": mail.person,
        "organisation": str(settled.name),
        "support_contact": settled.support_contact,
        "link": absolute(values["url"]) if values.get("url") else "",
        "footer": {
            "preferences": absolute(footer.preferences) if footer.preferences else "",
            "mute": absolute(footer.mute) if footer.mute else "",
        },
        "base_url": settings.BASE_URL,
        "language": translation.get_language(),
        "now": now,
    }


def _headers(mail: OutboundMail, footer: Footer) -> dict[str, str]:
    domain = urlsplit(settings.BASE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{mail.public_id}@{domain}>",
        "X-Neike-Id": str(mail.public_id),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if footer.stop:  # RFC 8058: the mail program itself offers to stop these mails
        headers["List-Unsubscribe"] = f"<{absolute(footer.stop)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _render(name: str, context: dict[str, Any], *, escape: bool) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]  # the backend's own template
    return str(template.render(Context(context, autoescape=escape)))
