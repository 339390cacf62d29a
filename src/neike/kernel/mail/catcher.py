"""The demo's mail backend: keeps what would have been sent."""

from collections.abc import Sequence
from email.header import decode_header, make_header

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from neike.kernel.mail.models import CaughtMail


class CatcherBackend(BaseEmailBackend):
    """Stores every message as a `CaughtMail` and sends none."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages; return how many."""
        CaughtMail.objects.bulk_create(caught(message) for message in email_messages)
        return len(email_messages)


def caught(message: EmailMessage) -> CaughtMail:
    """Return the row for a message, read back from the form in which it would have gone out."""
    html = ""
    if isinstance(message, EmailMultiAlternatives):
        html = next((str(body) for body, kind in message.alternatives if kind == "text/html"), "")
    return CaughtMail(
        recipients=", ".join(message.recipients()),
        subject=str(message.subject),
        headers={name: _readable(str(value)) for name, value in message.message().items()},
        text=str(message.body),
        html=html,
    )


def _readable(value: str) -> str:
    """Return a header as its reader sees it, without the encoding of the journey."""
    return str(make_header(decode_header(value)))
