"""Put one message to a person together from everything that waits (writes)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from neike.engines.delivery import Decision, Note, Recipient, Round, Urgency, Waiting, Way, round_of
from neike.kernel.notices.choices import DeliveryReason, DeliveryState
from neike.kernel.notices.kinds import CHANNELS, circumstances_of, kind_of, subject_shown
from neike.kernel.notices.models import ChannelPace, NoticeBundle, NoticeDelivery
from neike.kernel.notices.wishes import kept_of, wishes_of

MOST = 2000
"""Deliveries looked at in one round; what is beyond waits for the next."""


@transaction.atomic
def tell_round(*, person_id: int, channel: str, now: datetime) -> NoticeBundle | None:
    """Send a person everything whose moment has come as one message; None when there is nothing to send.

    The pace of the person is locked, so that of two workers the second finds nothing left and no two messages
    come close together. What holds now is asked anew: preferences, quiet hours, what was read, what may be read.
    """
    entry = CHANNELS.get(channel)
    if entry is None:
        return None
    ChannelPace.objects.get_or_create(person_id=person_id, channel=channel)
    pace = ChannelPace.objects.select_for_update().get(person_id=person_id, channel=channel)
    rows = {
        row.pk: row
        for row in NoticeDelivery.objects.filter(
            person=person_id, channel=channel, state=DeliveryState.WAITING
        )
        .select_related("notice")
        .order_by("notice__created_at", "notice_id")[:MOST]
    }
    if not any(row.due_at <= now for row in rows.values()):
        return None
    rows = _still_permitted(person_id, rows, now)
    found = _decided(person_id, channel, rows, pace.last_told_at, now)
    _put_aside(rows, found)
    if not found.told:
        return None
    bundle = NoticeBundle.objects.create(
        person_id=person_id,
        channel=channel,
        is_digest=found.is_digest,
        count=len(found.told),
        made_at=now,
    )
    told = NoticeDelivery.objects.filter(pk__in=list(found.told))
    told.update(state=DeliveryState.TOLD, bundle=bundle)
    pace.last_told_at = now
    pace.save(update_fields=["last_told_at"])
    entry.send(bundle, now)
    return bundle


def _still_permitted(
    person_id: int, rows: dict[int, NoticeDelivery], now: datetime
) -> dict[int, NoticeDelivery]:
    """Return the deliveries whose subject the person may still read; drop the others."""
    subjects = {row.notice.subject for row in rows.values() if row.notice.subject}
    person: Any = get_user_model()._default_manager.get(pk=person_id)  # noqa: SLF001 - its documented name
    readable = subject_shown(person, subjects, now=now) if subjects else {}
    lost = [
        pk for pk, row in rows.items() if row.notice.subject and row.notice.subject not in readable
    ]
    NoticeDelivery.objects.filter(pk__in=lost).update(
        state=DeliveryState.DROPPED, reason=DeliveryReason.NOT_PERMITTED
    )
    return {pk: row for pk, row in rows.items() if pk not in set(lost)}


def _decided(
    person_id: int,
    channel: str,
    rows: Mapping[int, NoticeDelivery],
    last_told: datetime | None,
    now: datetime,
) -> Round:
    subjects = {row.notice.subject for row in rows.values() if row.notice.subject}
    kept = kept_of([person_id], subjects=subjects)[person_id]
    around = circumstances_of([person_id], now).get(person_id)
    known = around.recipient if around else Recipient()
    recipient = Recipient(known.calendar, known.away_until, last_told)
    waiting = [
        Waiting(
            key=pk,
            note=Note(
                arose=row.notice.created_at,
                urgency=Urgency(row.urgency),
                read=row.notice.read_at is not None and not row.silent,
            ),
            way=Way(row.way),
            due_at=row.due_at,
            wishes=wishes_of(
                kept, kind_of(row.notice.kind), channel, around, subject=row.notice.subject
            ),
        )
        for pk, row in rows.items()
    ]
    return round_of(waiting, recipient, now=now)


def _put_aside(rows: Mapping[int, NoticeDelivery], found: Round) -> None:
    """Keep what is put off or never told; those of one decision in one statement."""
    later: dict[Decision, list[Any]] = {}
    for key, decision in found.put_off:
        later.setdefault(decision, []).append(key)
    for decision, keys in later.items():
        NoticeDelivery.objects.filter(pk__in=keys).update(
            way=decision.way.value, due_at=decision.at, reason=decision.reason.value
        )
    never: dict[str, list[Any]] = {}
    for key, decision in found.dropped:
        never.setdefault(decision.reason.value, []).append(key)
    for reason, keys in never.items():
        NoticeDelivery.objects.filter(pk__in=keys).update(
            state=DeliveryState.DROPPED, reason=reason
        )


KEPT = timedelta(days=30)


def forget_old(*, now: datetime) -> int:
    """Delete deliveries and bundles that are over for 30 days; returns how many deliveries. Notices stay."""
    over = NoticeDelivery.objects.exclude(state=DeliveryState.WAITING)
    gone = over.filter(due_at__lt=now - KEPT).delete()[0]
    NoticeBundle.objects.filter(made_at__lt=now - KEPT, deliveries__isnull=True).delete()
    return gone
