"""Who has something open right now, and who writes: kept for less than a minute, then gone.

Whoever shows or notes presence asks the policy of the object first; this package does not know any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from neike.kernel.live.actions import changed
from neike.kernel.live.models import Presence

STAYS: Final = timedelta(seconds=45)
"""So long somebody counts as present after the last word of their page, which speaks every 20 seconds."""
TYPES: Final = timedelta(seconds=8)
"""So long somebody counts as writing after the last key."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has it open; `typing` until `typing_until`, if they write."""

    person: Any
    typing: bool
    typing_until: datetime | None


def present(topic: str, *, but: int, now: datetime) -> Sequence[Present]:
    """Return who has what the topic names open, but for one person, by name; one query."""
    rows = Presence.objects.filter(topic=topic, seen_at__gt=now - STAYS).exclude(person=but)
    return [
        Present(
            row.person, row.typing_until is not None and row.typing_until > now, row.typing_until
        )
        for row in rows.select_related("person").order_by("person__name_latin", "person_id")[:20]
    ]


@transaction.atomic
def note(topic: str, *, person: Any, typing: bool, now: datetime) -> None:  # noqa: ANN401
    """Note that somebody has it open; pages hear of it when somebody comes, begins to write or stops."""
    forget_stale(now=now)
    until = now + TYPES if typing else None
    row, is_new = Presence.objects.select_for_update().get_or_create(
        topic=topic, person=person, defaults={"seen_at": now, "typing_until": until}
    )
    was_typing = not is_new and row.typing_until is not None and row.typing_until > now
    if not is_new:
        row.seen_at, row.typing_until = now, until
        row.save(update_fields=["seen_at", "typing_until"])
    if is_new or was_typing != typing:
        changed(topic, now=now)


@transaction.atomic
def leave(topic: str, *, person: Any, now: datetime) -> None:  # noqa: ANN401
    """Forget that somebody has it open."""
    gone, _rows = Presence.objects.filter(topic=topic, person=person).delete()
    if gone:
        changed(topic, now=now)


def forget_stale(*, now: datetime) -> int:
    """Delete who is not there any more; returns how many rows."""
    return Presence.objects.filter(seen_at__lte=now - STAYS).delete()[0]
