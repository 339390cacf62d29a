"""Signing out ends the connections of the session."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from neike.kernel.live.actions import changed
from neike.kernel.live.grants import session_topic


@receiver(user_logged_out)
def end_connections(request: HttpRequest, **_more: Any) -> None:
    """Tell whoever listens with this session that it is over."""
    key = request.session.session_key if hasattr(request, "session") else None
    if key:
        changed(session_topic(key), now=timezone.now())
