"""What follows from requests: notices, mails and the search index."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import TargetMetric
from neike.desk import actions, events, queries
from neike.desk.actions import escalation
from neike.desk.choices import EscalationWhom, Visibility, WaitingOn
from neike.desk.models import (
    Approval,
    Clock,
    Leg,
    Message,
    Ticket,
)
from neike.desk.queries import escalation as escalated
from neike.desk.receivers.finding import leg_of, senders, ticket_of
from neike.desk.telling import leads_or_agents, tell
from neike.kernel import live
from neike.kernel.outbox import receives
from neike.org.models import Person

BOUNCES = 3


"""Returns between the same two departments from which on their leads are told (esm 4.2)."""


@receives(events.TicketSubmitted)
def tell_whom_it_was_raised_for(event: events.TicketSubmitted, *, now: datetime) -> None:
    """Name the requester what somebody asked for on their behalf."""
    ticket = Ticket.objects.select_related("raised_by", "requester").get(pk=event.ticket_id)
    if ticket.raised_by_id != ticket.requester_id:
        title = _("%(name)s made a request for you: %(ticket)s")
        tell([ticket.requester], ticket, event, title, now=now, name=ticket.raised_by.name)


@receives(events.LegOffered)
def tell_the_asked_department(event: events.LegOffered, *, now: datetime) -> None:
    """Tell those who lead the asked department (all who serve, where nobody leads)."""
    leg = leg_of(event.leg_id)
    people = leads_or_agents(leg.supplier, now=now)
    tell(people, leg.ticket, event, _("To be accepted: %(ticket)s"), now=now)


@receives(events.LegAssigned)
def tell_the_assignee(event: events.LegAssigned, *, now: datetime) -> None:
    """Tell who was given work by somebody else."""
    leg = leg_of(event.leg_id)
    if leg.assignee is not None and leg.assignee_id == event.person_id:
        tell([leg.assignee], leg.ticket, event, _("Assigned to you: %(ticket)s"), now=now)


@receives(events.LegReturned)
def tell_of_a_return(event: events.LegReturned, *, now: datetime) -> None:
    """Tell the sender; from the third return between the same two departments on, both leads."""
    leg = leg_of(event.leg_id)
    title = _("Returned to you: %(ticket)s (%(reason)s)")
    reason = leg.get_return_reason_display()
    tell(senders(leg), leg.ticket, event, title, now=now, reason=reason)
    if event.returns >= BOUNCES:
        people = [
            *leads_or_agents(leg.supplier, now=now),
            *leads_or_agents(leg.customer, now=now),
        ]
        again = _("Sent to and fro %(times)s times: %(ticket)s")
        tell(people, leg.ticket, event, again, now=now, times=event.returns, key="bounce")


@receives(events.LegDelivered)
def tell_the_sender(event: events.LegDelivered, *, now: datetime) -> None:
    """Tell who asked that the result is there; of the lead leg the requester hears by the resolution."""
    leg = leg_of(event.leg_id)
    if not leg.is_lead:
        tell(senders(leg), leg.ticket, event, _("Delivered, please confirm: %(ticket)s"), now=now)


@receives(events.LegReworked)
def tell_of_rework(event: events.LegReworked, *, now: datetime) -> None:
    """Tell who delivered that it is to be done again."""
    leg = leg_of(event.leg_id)
    people = [leg.assignee] if leg.assignee else leads_or_agents(leg.supplier, now=now)
    tell(people, leg.ticket, event, _("Sent back for rework: %(ticket)s"), now=now)


@receives(events.LegWaiting)
def ask_the_requester(event: events.LegWaiting, *, now: datetime) -> None:
    """Tell the requester that work waits for their answer."""
    if event.waiting_on == WaitingOn.REQUESTER:
        ticket = leg_of(event.leg_id).ticket
        title = _("A question for you: %(ticket)s")
        tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/question")


@receives(events.RequesterReminded)
def remind_the_requester(event: events.RequesterReminded, *, now: datetime) -> None:
    """Call the open question to mind."""
    ticket = leg_of(event.leg_id).ticket
    title = _("Your answer is still needed: %(ticket)s")
    tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/question")


@receives(events.MessagePosted)
def tell_of_a_message(event: events.MessagePosted, *, now: datetime) -> None:
    """Tell the other side, each once: whom it mentions, to whom it brings the request back, then all others.

    Public words reach requester, followers and assignees, internal ones assignees and followers who serve.
    """
    message = Message.objects.select_related("author").get(pk=event.message_id)
    ticket = ticket_of(event.ticket_id)
    mentioned = [each.person for each in message.mentions.select_related("person")]
    tell(mentioned, ticket, event, MENTIONED, now=now, name=message.author.name, key="mention")
    back = [one for one in _brought_back(message, ticket, now=now) if one not in mentioned]
    tell(back, ticket, event, BACK_BY_REPLY, now=now, name=message.author.name, key="back")
    heard = {one.pk for one in (*mentioned, *back)}
    people = [one for one in _hearers(message, ticket, now=now) if one.pk not in heard]
    tell(people, ticket, event, _("%(name)s wrote: %(ticket)s"), now=now, name=message.author.name)


MENTIONED = _("%(name)s mentioned you: %(ticket)s")
BACK_BY_REPLY = _("%(name)s replied, so it is back in your lists: %(ticket)s")


def _brought_back(message: Message, ticket: Ticket, *, now: datetime) -> list[Person]:
    """Return who hid the request and has it back, because its requester wrote."""
    asking = {ticket.requester_id, ticket.raised_by_id}
    if message.automatic or message.visibility != Visibility.PUBLIC:
        return []
    if message.author_id not in asking:
        return []
    people = actions.wake(ticket_id=ticket.pk, but=message.author_id)
    live.changed(*(f"person:{person.pk}" for person in people), now=now)
    return people


def _hearers(message: Message, ticket: Ticket, *, now: datetime) -> list[Person]:
    """Return who hears of every message of this kind."""
    people = [leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee]
    followers = [each.person for each in ticket.participants.select_related("person")]
    if message.visibility == Visibility.PUBLIC:
        return [*people, ticket.requester, ticket.raised_by, *followers]
    left_out = {one.pk for one in queries.left_out(followers, ticket, "internal", now=now)}
    return [*people, *(one for one in followers if one.pk not in left_out)]


@receives(events.ParticipantAdded)
def tell_the_follower(event: events.ParticipantAdded, *, now: datetime) -> None:
    """Tell somebody that they follow a request now."""
    ticket = ticket_of(event.ticket_id)
    people = [
        each.person
        for each in ticket.participants.filter(person=event.person_id).select_related("person")
    ]
    tell(people, ticket, event, _("You follow %(ticket)s now"), now=now)


@receives(events.TicketResolved)
def ask_for_confirmation(event: events.TicketResolved, *, now: datetime) -> None:
    """Ask the requester to look at the result."""
    ticket = ticket_of(event.ticket_id)
    title = _("Resolved, please confirm: %(ticket)s")
    tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/resolved")


@receives(events.TicketReopened)
def tell_of_reopening(event: events.TicketReopened, *, now: datetime) -> None:
    """Tell who resolved it."""
    ticket = ticket_of(event.ticket_id)
    lead = ticket.legs.select_related("assignee", "supplier").get(is_lead=True)
    people = [lead.assignee] if lead.assignee else leads_or_agents(lead.supplier, now=now)
    tell(people, ticket, event, _("Reopened: %(ticket)s"), now=now)


@receives(events.TicketCancelled)
def tell_of_withdrawal(event: events.TicketCancelled, *, now: datetime) -> None:
    """Tell all who work on it, and the requester when somebody else withdrew it."""
    ticket = ticket_of(event.ticket_id)
    people = [leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee]
    tell([*people, ticket.requester], ticket, event, _("Withdrawn: %(ticket)s"), now=now)


@receives(events.ClockWarned)
def tell_of_a_promise(event: events.ClockWarned, *, now: datetime) -> None:
    """Tell who works on it (the whole desk if nobody does) that a promise is nearly used up; when it is, the lead too."""
    clock = Clock.objects.select_related("leg", "ticket").get(pk=event.clock_id)
    if clock.metric == TargetMetric.APPROVAL:
        _warn_the_approvers(clock, event, now=now)
        return
    lead = clock.leg or clock.ticket.legs.get(is_lead=True)
    leg = leg_of(lead.pk)
    missed = event.percent >= 100  # noqa: PLR2004 - the promise is used up
    title = _("Promise missed: %(ticket)s") if missed else _("Soon due: %(ticket)s")
    key = f"warned:{clock.pk}:{event.percent}"
    told: list[tuple[Person, str]] = []
    for people, why, because in _whom_a_promise_concerns(leg, missed=missed, now=now):
        heard = tell(people, leg.ticket, event, title, now=now, key=key, because=because)
        told += [(person, why) for person in heard]
    escalation.record_told(clock=clock, mark=str(event.percent), people=told, now=now)


def _whom_a_promise_concerns(
    leg: Leg, *, missed: bool, now: datetime
) -> list[tuple[list[Person], str, Promise]]:
    """Return who is told, in what capacity and in which words: who works on it, else all who could; then the lead."""
    found: list[tuple[list[Person], str, Promise]] = []
    if leg.assignee is not None:
        found.append(([leg.assignee], escalated.ASSIGNEE, _("You work on it.")))
    else:
        desk = escalated.whom_to_tell(EscalationWhom.DESK, None, leg, now=now)
        words = _("Nobody has taken it yet, and you work this queue.")
        found.append((desk, EscalationWhom.DESK.value, words))
    if missed or not found[0][0]:
        leaders = escalated.whom_to_tell(EscalationWhom.LEAD, None, leg, now=now)
        found.append((leaders, EscalationWhom.LEAD.value, _("You lead the department.")))
    return found


def _warn_the_approvers(clock: Clock, event: events.ClockWarned, *, now: datetime) -> None:
    """Tell those whose decision is awaited: the approvers' clock is theirs, not the supplier's (R22)."""
    approval = Approval.objects.select_related("ticket").get(ticket=clock.ticket_id, no=clock.cycle)
    title = (
        _("Your approval is overdue: %(ticket)s")
        if event.percent >= 100  # noqa: PLR2004 - the promise is used up
        else _("Your approval is soon due: %(ticket)s")
    )
    people = queries.asked_people(approval, now=now)
    key, because = f"warned:{clock.pk}:{event.percent}", _("Your decision is awaited.")
    ticket = ticket_of(event.ticket_id)
    heard = tell(people, ticket, event, title, now=now, key=key, because=because)
    told = [(person, escalated.APPROVER) for person in heard]
    escalation.record_told(clock=clock, mark=str(event.percent), people=told, now=now)
