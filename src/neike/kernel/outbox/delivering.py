"""Bring waiting events to their receivers: claim, run, complete.

A claim is committed before the receiver runs: it counts the attempt and hides the delivery for the length
of the lease. The receiver then runs in one transaction with the delivery's completion, which holds the row
and checks that the claim is still the latest one. So a killed worker's delivery is tried again, and a
worker that was frozen past its lease changes nothing.
"""

import logging
from datetime import datetime, timedelta
from traceback import format_exception

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.kernel import installation
from neike.kernel.leases import bound_transaction, delay_after
from neike.kernel.outbox import receiving
from neike.kernel.outbox.choices import DeliveryState
from neike.kernel.outbox.codec import decode
from neike.kernel.outbox.models import MAX_ATTEMPTS, Delivery

logger = logging.getLogger(__name__)

# Short is safe: while a receiver really runs, its transaction holds the delivery.
LEASE = timedelta(seconds=20)
STANDSTILL = timedelta(seconds=60)
ERROR_LENGTH = 4000


class UnknownReceiverError(LookupError):
    """The code no longer has the receiver a delivery is for."""


def deliver_pending(now: datetime, *, limit: int = 100, lease: timedelta = LEASE) -> int:
    """Deliver what is due, at most `limit` deliveries; return how many were tried.

    Any number of workers may call this at the same time.
    """
    tried = 0
    while tried < limit and deliver_next(now, lease=lease):
        tried += 1
    return tried


def deliver_next(now: datetime, *, lease: timedelta = LEASE) -> bool:
    """Try one due delivery; False when none is due."""
    delivery = claim(now, lease=lease)
    if delivery is None:
        return False
    try:
        complete(delivery, now=now)
    except Exception as error:  # noqa: BLE001 - whatever a receiver raises is recorded on its delivery
        _failed(delivery, error, now=now)
    return True


def due(now: datetime) -> QuerySet[Delivery]:
    """Return the deliveries that may be claimed: due, and first of their aggregate for their receiver."""
    earlier = Delivery.objects.filter(
        state=DeliveryState.WAITING,
        receiver=OuterRef("receiver"),
        aggregate=OuterRef("aggregate"),
        pk__lt=OuterRef("pk"),
    )
    return Delivery.objects.filter(
        Q(aggregate="") | ~Exists(earlier), state=DeliveryState.WAITING, next_at__lte=now
    ).order_by("next_at", "pk")


def claim(now: datetime, *, lease: timedelta = LEASE) -> Delivery | None:
    """Claim one due delivery for the length of the lease, or return None."""
    if not due(
        now
    ).exists():  # without a transaction: an idle worker never takes SQLite's write lock
        return None
    with transaction.atomic():
        # Only the delivery itself is locked; the rows of the subquery are not.
        delivery = due(now).select_for_update(skip_locked=True, of=("self",)).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.next_at = now + lease
        if delivery.attempts > delivery.attempts_allowed:
            # Every attempt was claimed and none came back: it kills its worker.
            delivery.state = DeliveryState.DEAD
            delivery.finished_at = now
            delivery.last_error = delivery.last_error or "the worker died at every attempt"
        delivery.save(update_fields=["attempts", "next_at", "state", "finished_at", "last_error"])
    return delivery


def complete(delivery: Delivery, *, now: datetime) -> bool:
    """Run the receiver and mark the delivery done, in one transaction; False when the claim is stale.

    Raises:
        Exception: whatever the receiver raised; nothing of it is stored.
    """
    if delivery.state != DeliveryState.WAITING:
        return False
    with transaction.atomic():
        bound_transaction(STANDSTILL)
        held = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("event")
            .filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)
            .first()
        )
        if held is None:
            logger.warning("delivery %s was taken over; nothing done", delivery.pk)
            return False
        receiver = receiving.find(held.receiver)
        if receiver is None:
            raise UnknownReceiverError(held.receiver)
        with installation.remembered():
            receiver.function(decode(receiver.kind, held.event.payload), now=now)
        held.state = DeliveryState.DONE
        held.finished_at = now
        held.save(update_fields=["state", "finished_at"])
    return True


def _failed(delivery: Delivery, error: BaseException, *, now: datetime) -> None:
    """Record the failure and when to try again; give up after the last allowed attempt."""
    final = delivery.attempts >= delivery.attempts_allowed or isinstance(
        error, UnknownReceiverError
    )
    logger.log(
        logging.ERROR if final else logging.WARNING,
        "delivery %s to %s failed (attempt %s): %r",
        delivery.pk,
        delivery.receiver,
        delivery.attempts,
        error,
    )
    changes: dict[str, object] = {
        "last_error": "".join(format_exception(error))[-ERROR_LENGTH:],
        "next_at": now + delay_after(delivery.attempts - delivery.attempts_allowed + MAX_ATTEMPTS),
    }
    if final:
        changes |= {"state": DeliveryState.DEAD, "finished_at": now}
    Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts
    ).update(**changes)
