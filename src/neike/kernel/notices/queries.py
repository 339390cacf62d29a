"""A person's notices."""

from typing import Any

from django.db.models import QuerySet

from neike.kernel.notices.models import Notice

COUNTED = 100


def notices_visible_to(person: Any) -> QuerySet[Notice]:  # noqa: ANN401 - the kernel knows no person class
    """Return the person's own notices; nobody sees another's."""
    return Notice.objects.filter(person_id=person.pk)


def unread_count(person: Any) -> int:  # noqa: ANN401
    """Return how many notices are unread, counting no further than 100."""
    return notices_visible_to(person).filter(read_at__isnull=True)[:COUNTED].count()
