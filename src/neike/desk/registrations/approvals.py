"""Approvals and tasks in the registries of the kernel."""

from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import actions, policies, queries
from neike.desk.choices import ApprovalState, TicketState, Vote
from neike.desk.models import Approval, ApprovalVote
from neike.desk.queries import my_day
from neike.desk.registrations.readers import day_source, ticket_for
from neike.desk.telling import label_of
from neike.kernel import mail
from neike.kernel.registries import (
    NAVIGATION,
    NavigationEntry,
)
from neike.org.models import Person

_WAITING_FOR_APPROVAL: Final = "waiting_for_approval"


def _waits_for_approval(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the approvals to whoever was ever asked, or stands in for somebody who was; the number stays on the person."""
    if not isinstance(person, Person):
        return False
    who = policies.standing(person, now=timezone.now())  # noqa: TID251 - a menu has no clock of its own
    if not queries.was_ever_asked(who):
        return False
    setattr(person, _WAITING_FOR_APPROVAL, queries.count_waiting_for_approval(who))
    return True


def _approvals_count(person: Any) -> int:  # noqa: ANN401 - the kernel's signature
    return getattr(person, _WAITING_FOR_APPROVAL, 0)


NAVIGATION.register(
    NavigationEntry(
        key="desk.approvals",
        order=30,
        label=_("Approvals"),
        icon="seal",
        url_name="desk:approvals",
        visible=_waits_for_approval,
        count=_approvals_count,
    )
)


day_source(
    "desk.approvals",
    40,
    _("To approve"),
    "seal",
    my_day.to_approve,
    page="desk:approvals",
    query="",
)


day_source(
    "desk.tasks",
    105,
    _("Tasks in your hands"),
    "quiz",
    my_day.tasks,
    page="desk:approvals",
    query="tab=tasks",
)


@mail.prepares("desk/mail/approval")
def _approval_mail(
    person: Person, context: dict[str, Any], *, now: datetime
) -> dict[str, Any] | None:
    """Give the mail what it says and a link of its own, unless the decision was made meanwhile.

    The link is made now and only its hash is kept, so that the queue of mails holds no key to anything.
    """
    approval = Approval.objects.filter(pk=context["approval_id"]).select_related("ticket").first()
    ticket = ticket_for(person, context, now)
    if approval is None or ticket is None or approval.state != ApprovalState.OPEN:
        return None
    if all(person.pk != one.pk for one in queries.asked_people(approval, now=now)):
        return None
    token = actions.make_link(approval=approval, person=person, now=now)
    return {
        "name": person.name,
        "ticket": label_of(ticket),
        "what": "" if ticket.confidential else str(approval.title),
        "requester": "" if ticket.confidential else ticket.requester.name,
        "url": reverse("desk:approval_link", args=[token]),
    }


@mail.prepares("desk/mail/rejected")
def _rejected_mail(
    person: Person, context: dict[str, Any], *, now: datetime
) -> dict[str, Any] | None:
    """Give the mail the reason, and say nothing of a confidential request."""
    ticket = ticket_for(person, context, now)
    if ticket is None or ticket.state != TicketState.REJECTED:
        return None
    no = ApprovalVote.objects.filter(approval__ticket=ticket, vote=Vote.NO).order_by("-decided_at")
    found = None if ticket.confidential else no.first()
    why = found.reason if found else ""
    return {"name": person.name, "ticket": label_of(ticket), "reason": why, **context}
