"""Queue a mail."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from neike.kernel.jobs import enqueue
from neike.kernel.mail.choices import CancelReason, MailState
from neike.kernel.mail.jobs import deliver
from neike.kernel.mail.models import OutboundMail

BUDGET = 30
BUDGET_WINDOW = timedelta(hours=1)
_PLAIN = (str, int, bool, type(None))


@transaction.atomic
def send(
    *,
    to: Any,  # noqa: ANN401 - the kernel knows no person class
    template: str,
    context: dict[str, Any],
    now: datetime,
    key: str = "",
) -> OutboundMail:
    """Queue a mail to a person, in the caller's transaction; it is written when it is sent, in their language.

    `template` ("desk/mail/leg_offered") names `<template>.subject.txt`, `.txt` and `.html`. `context` holds ids
    and short texts; `url`, a path of ours, becomes the mail's button. The same `key` sends one mail to a person,
    ever. Beyond 30 mails to one person within an hour (about; transactions at the same time may each let one
    more through) a mail is kept as cancelled and not sent.

    Raises:
        TypeError: the context holds something other than plain values and lists of them.
    """
    _require_plain(context)
    mail, created = _stored(to.pk, template, context, key, now)
    if created and mail.state == MailState.WAITING:
        enqueue(deliver, now=now, key=str(mail.public_id), mail_id=mail.pk)
    return mail


def _stored(
    person_id: int, template: str, context: dict[str, Any], key: str, now: datetime
) -> tuple[OutboundMail, bool]:
    fields: dict[str, Any] = {"template": template, "context": context, "created_at": now}
    recent = OutboundMail.objects.filter(person_id=person_id, created_at__gt=now - BUDGET_WINDOW)
    if recent.exclude(state=MailState.CANCELLED).count() >= BUDGET:
        fields |= {"state": MailState.CANCELLED, "reason": CancelReason.OVER_BUDGET}
    if not key:
        return OutboundMail.objects.create(person_id=person_id, **fields), True
    return OutboundMail.objects.get_or_create(person_id=person_id, key=key, defaults=fields)


def _require_plain(context: dict[str, Any]) -> None:
    for name, value in context.items():
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, _PLAIN) for item in items):
            raise TypeError(
                f"a mail's context holds ids and texts; {name} is {type(value).__name__}"
            )
