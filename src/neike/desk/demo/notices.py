"""How two people of the demo company want to be told, what IT does with missed promises, and mails to look at."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.desk.actions import escalation
from neike.desk.choices import EscalationWhom, TicketState
from neike.desk.models import OPEN_LEGS, Leg, Ticket
from neike.desk.telling import SUBJECT, label_of
from neike.kernel import notices
from neike.kernel.demo import Company
from neike.kernel.notices import actions
from neike.kernel.notices.kinds import MAIL
from neike.org import queries as org_queries
from neike.org.demo import accounts
from neike.org.models import Department, Person

_WORK: Final = 4
"""Requests that stand in the mail to IT's agent."""
_STEPS: Final = ((2, EscalationWhom.SUBSTITUTE), (4, EscalationWhom.LEAD_ABOVE))


def load_notices(company: Company) -> None:
    """Settle preferences and escalation, leave notices, and send what is due as mail."""
    departments: Mapping[str, Department] = company.shared["departments"]
    head = Person.objects.get(employee_no=accounts.IT_HEAD)
    for hours, whom in _STEPS:
        escalation.add_step(
            department=departments["it"],
            by=head,
            after_minutes=hours * 60,
            whom=whom.value,
            now=company.now,
        )
    employee = Person.objects.get(employee_no=accounts.EMPLOYEE)
    agent = Person.objects.get(employee_no=accounts.IT_AGENT)
    actions.keep_preferences(
        person=employee,
        digest_at=17 * 60,
        choices={"desk.ticket_resolved": {MAIL: "digest"}},
    )
    actions.keep_preferences(
        person=agent,
        quiet_from=19 * 60,
        quiet_to=7 * 60 + 30,
        choices={"desk.message_posted": {MAIL: "digest"}},
    )
    open_at = _open_moment(company.now)
    _tell_of_work(agent, open_at)
    _tell_of_results(employee, open_at - timedelta(days=4))
    for person in (agent, employee):
        actions.tell_round(person_id=person.pk, channel=MAIL, now=open_at)


def _open_moment(now: datetime) -> datetime:
    """Return the latest moment, in steps of an hour, at which the company worked for an hour already."""
    calendar = org_queries.prepared_calendar(org_queries.default_calendar())
    moment = now
    for _hour in range(24 * 14):
        if calendar.is_open(moment) and calendar.is_open(moment - timedelta(hours=1)):
            return moment
        moment -= timedelta(hours=1)
    return now


def _tell_of_work(agent: Person, now: datetime) -> None:
    legs = Leg.objects.filter(OPEN_LEGS, assignee=agent, ticket__confidential=False)
    for leg in legs.select_related("ticket").order_by("-offered_at", "-pk")[:_WORK]:
        title = _("Assigned to you: %(ticket)s")
        _leave(agent, leg.ticket, "desk.leg_assigned", title, now - timedelta(minutes=5))


def _tell_of_results(person: Person, now: datetime) -> None:
    mine = Ticket.objects.filter(requester=person, state=TicketState.RESOLVED)
    for ticket in mine.order_by("-pk")[:3]:
        title = _("Resolved, please confirm: %(ticket)s")
        _leave(person, ticket, "desk.ticket_resolved", title, now)


def _leave(person: Person, ticket: Ticket, kind: str, title: Promise, now: datetime) -> None:
    notices.notify(
        person=person,
        kind=kind,
        url=ticket.path,
        title=title,
        params={"ticket": label_of(ticket)},
        now=now,
        key=f"demo:{ticket.pk}:{kind}",
        about=notices.About(subject=f"{SUBJECT}:{ticket.pk}"),
    )
