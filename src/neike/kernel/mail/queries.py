"""The demo's caught mails, a page at a time."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from neike.kernel.mail.models import CaughtMail


def caught_visible_to(person: Any) -> QuerySet[CaughtMail]:  # noqa: ANN401
    """Return the caught mails: in the demo all of them to everybody signed in, else none."""
    if not settings.DEMO or not person.is_authenticated:
        return CaughtMail.objects.none()
    return CaughtMail.objects.order_by("-pk")
