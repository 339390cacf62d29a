"""What has changed since a page was made."""

from collections.abc import Collection
from datetime import datetime

from neike.kernel.live.models import Signal


def changed_since(topics: Collection[str], since: datetime) -> dict[int, str]:
    """Return the topic of each signal of these topics from a moment on, by its number."""
    rows = Signal.objects.filter(at__gte=since, topic__in=topics)
    return dict(rows.values_list("pk", "topic"))
