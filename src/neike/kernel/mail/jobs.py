"""Sending: the network is spoken to outside every transaction."""

from datetime import datetime, timedelta

from neike.kernel.jobs import Run, job
from neike.kernel.mail.choices import MailState
from neike.kernel.mail.models import OutboundMail
from neike.kernel.mail.writing import NotSentError, write

ATTEMPTS = 12


@job(
    "mail.deliver",
    own_transactions=True,
    max_attempts=ATTEMPTS,
    time_limit=timedelta(seconds=30),
    at_once=2,
)
def deliver(*, now: datetime, run: Run, mail_id: int) -> None:
    """Write and send one mail.

    A crash between sending and marking sends it again with the same Message-ID, so that mailboxes see one.
    At most two are sent at once, so that a dead mail server does not hold every worker.
    """
    mail = OutboundMail.objects.select_related("person").get(pk=mail_id)
    if mail.state in {MailState.SENT, MailState.CANCELLED}:
        return
    try:
        message = write(mail, now=now)
        message.send()
    except NotSentError as refusal:
        _record(run, mail, state=MailState.CANCELLED, reason=refusal.reason)
    except Exception:
        if run.attempt >= ATTEMPTS:
            _record(run, mail, state=MailState.DEAD)
        raise
    else:
        _record(run, mail, state=MailState.SENT, sent_at=now)


def _record(run: Run, mail: OutboundMail, **changes: object) -> None:
    with run.effect():
        OutboundMail.objects.filter(pk=mail.pk).update(**changes)
