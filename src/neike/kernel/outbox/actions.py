"""Announce an event; send a dead delivery again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.codec import Event, encode
from neike.kernel.outbox.models import MAX_ATTEMPTS, Delivery, OutboxEvent
from neike.kernel.outbox.receiving import receivers_of


class NotInTransactionError(RuntimeError):
    """An event was announced outside the transaction of what it tells about."""


def announce(event: Event, *, aggregate: str, now: datetime) -> OutboxEvent:
    """Write the event and one delivery for each of its receivers, in the caller's transaction.

    Deliveries of one `aggregate` ("ticket:17") reach each receiver in the order they were announced; the
    caller holds the lock on the aggregate's row, so that this order is that of the facts. An empty
    aggregate asks for no order.

    Raises:
        NotInTransactionError: there is no transaction.
        TypeError: the event holds more than ids and plain values.
    """
    return announce_all([(event, aggregate)], now=now)[0]


def announce_all(events: Sequence[tuple[Event, str]], *, now: datetime) -> list[OutboxEvent]:
    """Write many events, each with its aggregate, in their order and in two statements; else like `announce`.

    Raises:
        NotInTransactionError: there is no transaction.
        TypeError: an event holds more than ids and plain values.
    """
    if events and not connection.in_atomic_block:
        raise NotInTransactionError(f"{events[0][0].name} was announced outside a transaction")
    rows = OutboxEvent.objects.bulk_create(
        OutboxEvent(name=event.name, aggregate=aggregate, payload=encode(event), at=now)
        for event, aggregate in events
    )
    Delivery.objects.bulk_create(
        Delivery(event=row, receiver=receiver.name, aggregate=row.aggregate, next_at=now)
        for row in rows
        for receiver in receivers_of(row.name)
    )
    return rows


def resend(*, delivery_id: int, now: datetime) -> bool:
    """Let a delivery that was given up be tried again as often as a new one; False when it is not dead."""
    return bool(
        Delivery.objects.filter(pk=delivery_id, state=DeliveryState.DEAD).update(
            state=DeliveryState.WAITING,
            attempts_allowed=F("attempts") + MAX_ATTEMPTS,
            next_at=now,
            finished_at=None,
        )
    )
