"""What a mailed link leads to."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from neike.desk.models import ApprovalLink

LONGEST: Final = 100


def hash_of(token: str) -> str:
    """Return what is kept of a token: it is random and long, so a plain hash is enough."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def link_of(token: str, *, now: datetime) -> ApprovalLink | None:
    """Return the link of a token, None for one that is unknown, has expired, or whose reader cannot sign in."""
    if not token or len(token) > LONGEST:
        return None
    found = (
        ApprovalLink.objects.filter(token_hash=hash_of(token), expires_at__gt=now)
        .select_related(
            "person",
            "approval__ticket__requester",
            "approval__ticket__service",
            "approval__ticket__form",
            "approval__ticket__standard__calendar",
        )
        .first()
    )
    return found if found is not None and found.person.is_active else None
