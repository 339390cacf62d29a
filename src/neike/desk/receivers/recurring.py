"""Tell what recurring requests did."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neike.desk import events, policies
from neike.desk.choices import StopReason
from neike.desk.models import (
    RecurringRequest,
)
from neike.desk.receivers.finding import ticket_of
from neike.desk.telling import SUBJECT, label_of
from neike.kernel import notices
from neike.kernel.outbox import receives


@receives(events.RecurringMade)
def tell_what_was_made_again(event: events.RecurringMade, *, now: datetime) -> None:
    """Tell the requester that what recurs was asked for again."""
    ticket = ticket_of(event.ticket_id)
    if policies.may_read(policies.standing(ticket.requester, now=now), ticket):
        notices.notify(
            person=ticket.requester,
            kind="desk.recurring_made",
            url=ticket.path,
            title=_("Made again as set up: %(ticket)s"),
            params={"ticket": label_of(ticket)},
            now=now,
            key=f"recurring:{event.recurring_id}:{event.ticket_id}",
            about=notices.About(subject=f"{SUBJECT}:{ticket.pk}"),
        )


@receives(events.RecurringStopped)
def tell_what_recurs_no_more(event: events.RecurringStopped, *, now: datetime) -> None:
    """Tell the people concerned who are still here that nothing will be made any more, and why."""
    one = RecurringRequest.objects.select_related("requester", "set_up_by").get(
        pk=event.recurring_id
    )
    if event.reason == StopReason.BY_HAND:
        return
    why = StopReason(event.reason)
    for person in {each.pk: each for each in (one.requester, one.set_up_by)}.values():
        if not person.can_sign_in:
            continue
        notices.notify(
            person=person,
            kind="desk.recurring_stopped",
            url=reverse("desk:recurring"),
            title=_STOPPED[why],
            params={"title": one.title},
            now=now,
            key=f"recurring:{one.pk}:stopped:{one.version}",
        )


_STOPPED = {
    StopReason.OVER: _("“%(title)s” is not made again: its last date has passed"),
    StopReason.LEFT: _("“%(title)s” is not made again: somebody it needs has left"),
    StopReason.NOT_OFFERED: _("“%(title)s” is not made again: the service is no longer offered"),
    StopReason.NOT_ALLOWED: _(
        "“%(title)s” is not made again: whoever set it up may not ask for this person any more"
    ),
    StopReason.FORM: _(
        "“%(title)s” is not made again: the request form has changed, set it up anew"
    ),
    StopReason.HOMELESS: _("“%(title)s” is not made again: the requester has no department"),
}
