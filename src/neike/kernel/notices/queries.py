"""A person's notices."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from neike.kernel.notices.choices import DeliveryState
from neike.kernel.notices.models import Notice, NoticeDelivery, NoticeMute

COUNTED = 100


def notices_visible_to(person: Any) -> QuerySet[Notice]:  # noqa: ANN401 - the kernel knows no person class
    """Return the person's own notices; nobody sees another's."""
    return Notice.objects.filter(person_id=person.pk)


def unread_count(person: Any) -> int:  # noqa: ANN401
    """Return how many notices are unread, counting no further than 100."""
    return notices_visible_to(person).filter(read_at__isnull=True)[:COUNTED].count()


def due_rounds(now: datetime) -> list[tuple[int, str]]:
    """Return (person, channel) of everybody who has something due; one query, at most 1,000."""
    due = NoticeDelivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now)
    return list(due.values_list("person_id", "channel").distinct().order_by("person_id")[:1000])


def muted_by(person: Any) -> list[NoticeMute]:  # noqa: ANN401
    """Return what the person has muted, newest first, at most 50; one query."""
    return list(NoticeMute.objects.filter(person_id=person.pk).order_by("-since")[:50])
