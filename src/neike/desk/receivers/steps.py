"""What follows from approvals and tasks."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.desk import events, queries
from neike.desk.choices import Vote
from neike.desk.models import (
    Approval,
    ApprovalVote,
    Task,
    Ticket,
)
from neike.desk.receivers.finding import ticket_of
from neike.desk.telling import ByMail, leads_or_agents, tell
from neike.kernel.outbox import receives
from neike.org.models import Person


@receives(events.ApprovalAsked)
def ask_the_approvers(event: events.ApprovalAsked, *, now: datetime) -> None:
    """Tell those who are asked, and who stands in for them, by notice and by a mail they can decide from."""
    approval = _approval(event)
    if approval is None:
        return
    people = queries.asked_people(approval, now=now)
    ticket = approval.ticket
    title = _("Your approval is asked: %(ticket)s")
    by_mail = ByMail("desk/mail/approval", {"approval_id": approval.pk})
    tell(people, ticket, event, title, now=now, key=f"a{event.no}", by_mail=by_mail)
    gone = Person.objects.filter(pk__in=[event.instead_of]).first() if event.instead_of else None
    if gone is not None:
        title = _("Somebody else is asked to approve in place of %(name)s: %(ticket)s")
        side = [ticket.requester, ticket.raised_by]
        tell(side, ticket, event, title, now=now, name=gone.name)


@receives(events.ApprovalDecided)
def tell_of_a_decision(event: events.ApprovalDecided, *, now: datetime) -> None:
    """Tell the requester that it goes on, and who asked by hand what was decided.

    That a request ends is told by `TicketRejected`.
    """
    approval = _approval(event)
    if approval is None:
        return
    title = _("Approved: %(ticket)s") if event.approved else _("Not approved: %(ticket)s")
    if approval.leg_no is None:
        people = [approval.ticket.requester, approval.ticket.raised_by] if event.approved else []
    else:
        leg = approval.ticket.legs.select_related("assignee", "supplier").get(no=approval.leg_no)
        people = [leg.assignee] if leg.assignee else leads_or_agents(leg.supplier, now=now)
    tell(people, approval.ticket, event, title, now=now)


@receives(events.TicketRejected)
def tell_of_a_rejection(event: events.TicketRejected, *, now: datetime) -> None:
    """Tell the requester, and who typed it, with the reason."""
    ticket = ticket_of(event.ticket_id)
    title = _("Not approved: %(ticket)s (%(reason)s)")
    refusal = ApprovalVote.objects.filter(approval__ticket=ticket, vote=Vote.NO).order_by(
        "-decided_at"
    )
    found = refusal.first()
    why = "…" if ticket.confidential or found is None else found.reason
    people = [ticket.requester, ticket.raised_by]
    tell(people, ticket, event, title, now=now, by_mail="desk/mail/rejected", reason=why)


@receives(events.TaskOpened)
def tell_of_a_task(event: events.TaskOpened, *, now: datetime) -> None:
    """Tell who leads the department that has a task (all who serve, where nobody leads)."""
    task = _task(event)
    if task is None or task.assignee_id is not None:
        return
    title = _("A task for your department: %(task)s (%(ticket)s)")
    people = leads_or_agents(task.department, now=now)
    ticket = ticket_of(event.ticket_id)
    tell(people, ticket, event, title, now=now, task=_name_of(task, ticket))


@receives(events.TaskAssigned)
def tell_of_an_assigned_task(event: events.TaskAssigned, *, now: datetime) -> None:
    """Tell who was given a task by somebody else."""
    task = _task(event)
    if task is None or task.assignee is None or task.assignee_id != event.person_id:
        return
    ticket = ticket_of(event.ticket_id)
    title = _("A task for you: %(task)s (%(ticket)s)")
    tell([task.assignee], ticket, event, title, now=now, task=_name_of(task, ticket))


def _approval(event: events.ApprovalAsked | events.ApprovalDecided) -> Approval | None:
    rows = Approval.objects.select_related("ticket__requester", "ticket__raised_by")
    return rows.filter(ticket=event.ticket_id, no=event.no).first()


def _task(event: events.TaskOpened | events.TaskAssigned) -> Task | None:
    rows = Task.objects.select_related("department", "assignee")
    return rows.filter(ticket=event.ticket_id, no=event.no).first()


def _name_of(task: Task, ticket: Ticket) -> str:
    """Return a task's name as a notice may say it: of a confidential request nothing."""
    return "…" if ticket.confidential else str(task.title)
