"""Links for approvers' mails: made when the mail is written, forgotten when they are over."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from neike.desk.models import Approval, ApprovalLink
from neike.desk.queries.links import hash_of
from neike.org.models import Person

LIVES: Final = timedelta(days=14)


def make_link(*, approval: Approval, person: Person, now: datetime) -> str:
    """Return a new token with which `person` can decide `approval` for 14 days; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    ApprovalLink.objects.create(
        token_hash=hash_of(token),
        approval=approval,
        person=person,
        created_at=now,
        expires_at=now + LIVES,
    )
    return token


def forget_links(*, now: datetime) -> int:
    """Delete what has expired a month ago; until then the page can say that the link is over."""
    gone, _by_kind = ApprovalLink.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
    return gone
