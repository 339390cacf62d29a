"""Mark notices as read."""

from datetime import datetime
from typing import Any

from neike.kernel import live
from neike.kernel.notices.models import Notice
from neike.kernel.notices.queries import notices_visible_to


def mark_read(*, person: Any, notice_id: int, now: datetime) -> Notice | None:  # noqa: ANN401
    """Mark one notice of the person as read and return it; None when there is no such notice of theirs."""
    mine = notices_visible_to(person).filter(pk=notice_id)
    if mine.filter(read_at__isnull=True).update(read_at=now):
        live.changed(f"person:{person.pk}", now=now)
    return mine.first()


def mark_all_read(*, person: Any, now: datetime) -> int:  # noqa: ANN401
    """Mark every notice of the person as read; return how many were unread."""
    read = notices_visible_to(person).filter(read_at__isnull=True).update(read_at=now)
    if read:
        live.changed(f"person:{person.pk}", now=now)
    return read


def mark_subject_read(*, person: Any, subject: str, now: datetime) -> int:  # noqa: ANN401
    """Mark every notice about one thing as read; return how many were unread."""
    about = notices_visible_to(person).filter(read_at__isnull=True, subject=subject)
    read = about.update(read_at=now) if subject else 0
    if read:
        live.changed(f"person:{person.pk}", now=now)
    return read
