"""The demo's mail backend: keeps what would have been sent."""

from collections.abc import Sequence

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
        subject=message.subject,
        headers={name: str(value) for name, value in message.message().items()},
        text=message.body,
        html=html,
    )
