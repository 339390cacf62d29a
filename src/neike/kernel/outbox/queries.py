"""What of the outbox operators look at."""

from django.db.models import QuerySet

from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.models import Delivery


def dead_deliveries() -> QuerySet[Delivery]:
    """Return the deliveries that were given up, latest first."""
    return (
        Delivery.objects.filter(state=DeliveryState.DEAD)
        .select_related("event")
        .order_by("-finished_at", "-pk")
    )


def waiting_count() -> int:
    """Return how many deliveries wait."""
    return Delivery.objects.filter(state=DeliveryState.WAITING).count()
