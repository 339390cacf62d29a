"""Who reads a request, writes to it, and moves it and its legs."""

from collections.abc import Collection

from django.db.models import Q

from neike.catalog.models import Service
from neike.desk.choices import TicketState, Visibility
from neike.desk.models import (
    ApprovalVote,
    Leg,
    Task,
    Ticket,
)
from neike.desk.policies.standings import Standing
from neike.kernel.policies import Decision, allow, deny
from neike.org import queries as org_queries
from neike.org.models import Person


def readable_by(who: Standing) -> Q:
    """Return the condition on `Ticket` for what a person may read.

    Always: one's own (needed or raised), those one follows, those one works on (a leg or a task), those one is
    asked to approve, those whose serving department one heads. Unless confidential: all that one's departments serve, that one's departments asked for (for their
    leads), that one's services brought.
    """
    return who.readable


def may_read(who: Standing, ticket: Ticket) -> Decision:
    """Whether the request is among those the person may read; one query, none once it was found to be so."""
    if ticket.pk not in who.may_read:
        if not Ticket.objects.filter(readable_by(who), pk=ticket.pk).exists():
            return deny("not_involved")
        who.may_read.add(ticket.pk)
    return allow()


def may_read_internal(who: Standing, ticket: Ticket) -> Decision:
    """Internal messages are for those who serve: on a leg, for a leg's department, or owner of the service."""
    legs = list(ticket.legs.all())
    if any(who.works_on(leg) or leg.supplier_id in who.heads for leg in legs):
        return allow()
    if ticket.confidential:
        return deny("confidential")
    if ticket.service_id in who.owns or any(who.serves_in(leg.supplier_id) for leg in legs):
        return allow()
    if any(who.serves_in(task.department_id) for task in ticket.tasks.all()):
        return allow()
    return deny("not_serving")


def may_snooze(who: Standing, ticket: Ticket) -> Decision:
    """Who serves a request has it in their working lists, and may hide it there from themselves."""
    return may_read_internal(who, ticket)


def may_post(who: Standing, ticket: Ticket, visibility: str) -> Decision:
    """People on the request write to it; internally only those who serve."""
    public = visibility == Visibility.PUBLIC
    if public and who.person_id in (ticket.requester_id, ticket.raised_by_id):
        return allow()
    internal = may_read_internal(who, ticket)
    if internal or not public:
        return internal
    follows = ticket.participants.filter(person=who.person_id).exists()
    return allow() if follows or is_asked(who, ticket) else deny("not_involved")


def is_asked(who: Standing, ticket: Ticket) -> bool:
    """Whether the person, or somebody they stand in for, is or was asked to approve; one query."""
    asked = ApprovalVote.objects.filter(approval__ticket=ticket, person__in=who.approves_for)
    return asked.exists()


def may_decide(who: Standing, ticket: Ticket, asked: Collection[int]) -> Decision:
    """Who is asked decides, or who stands in for them as approver; never about one's own request."""
    if who.person_id == ticket.requester_id:
        return deny("own_request")
    return allow() if who.approves_for.intersection(asked) else deny("not_asked")


def may_do_task(who: Standing, task: Task) -> Decision:
    """The assignee does a task, or anybody of its department."""
    if task.assignee_id in who.acting_for or who.serves_in(task.department_id):
        return allow()
    return deny("not_in_department")


def may_raise_for(who: Standing, requester: Person, service: Service) -> Decision:
    """One asks for oneself; those who serve the department of the service ask on behalf of others."""
    if requester.pk == who.person_id or who.serves_in(service.department_id):
        return allow()
    department = org_queries.department_of(requester, on=who.on)
    if department is not None and department.pk in who.leads:
        return allow()
    return deny("not_on_behalf")


def may_accept(who: Standing, leg: Leg) -> Decision:
    """Anybody who works the queue of the asked department accepts, or sends back."""
    return allow() if who.serves_in(leg.supplier_id) else deny("not_in_department")


may_return = may_accept


may_assign = may_accept


def may_work(who: Standing, leg: Leg) -> Decision:
    """The assignee works on a leg, or a lead; anybody of the department while nobody is assigned."""
    if who.works_on(leg) or leg.supplier_id in who.leads:
        return allow()
    if leg.assignee_id is None and who.serves_in(leg.supplier_id):
        return allow()
    return deny("not_assignee")


may_deliver = may_work


may_hand_over = may_work


may_resolve = may_work


def may_confirm_leg(who: Standing, leg: Leg) -> Decision:
    """The department that asked confirms a delivery, or sends it back for rework; not who did the work."""
    if who.works_on(leg):
        return deny("own_work")
    return allow() if who.serves_in(leg.customer_id) else deny("not_customer")


def may_withdraw_leg(who: Standing, leg: Leg) -> Decision:
    """Who handed the work over, or their department, takes it back."""
    if leg.offered_by_id in who.acting_for or who.serves_in(leg.customer_id):
        return allow()
    return deny("not_customer")


def may_confirm(who: Standing, ticket: Ticket) -> Decision:
    """Only the requester confirms."""
    return allow() if ticket.requester_id == who.person_id else deny("not_requester")


def may_reopen(who: Standing, ticket: Ticket, lead_leg: Leg) -> Decision:
    """The requester reopens, or a lead of the department that resolved."""
    if ticket.requester_id == who.person_id or lead_leg.supplier_id in who.leads:
        return allow()
    return deny("not_requester")


def may_cancel(who: Standing, ticket: Ticket) -> Decision:
    """The requester withdraws before the first delivery; the service's owner at any time."""
    if ticket.service_id in who.owns:
        return allow()
    if who.person_id not in (ticket.requester_id, ticket.raised_by_id):
        return deny("not_requester")
    delivered = any(leg.delivered_at for leg in ticket.legs.all())
    return deny("already_delivered") if delivered else allow()


def may_change_priority(who: Standing, lead_leg: Leg) -> Decision:
    """The department that leads the request sets its priority."""
    return allow() if who.serves_in(lead_leg.supplier_id) else deny("not_in_department")


def may_add_participant(who: Standing, ticket: Ticket) -> Decision:
    """One shares what one holds: the requester and those who serve; of a confidential one nobody else."""
    if ticket.requester_id == who.person_id:
        return allow()
    return may_read_internal(who, ticket)


def may_relate(who: Standing, ticket: Ticket) -> Decision:
    """Who asked for a request, or serves it, says what it is related to."""
    if who.person_id in (ticket.requester_id, ticket.raised_by_id):
        return allow()
    return may_read_internal(who, ticket)


def may_merge(who: Standing, ticket: Ticket, lead_leg: Leg) -> Decision:
    """Who works for the department that leads a request merges it, or others into it; both need the right.

    Of a confidential one only who works on the lead leg or heads its department.
    """
    if who.works_on(lead_leg) or lead_leg.supplier_id in who.heads:
        return allow()
    if ticket.confidential:
        return deny("confidential")
    return allow() if who.serves_in(lead_leg.supplier_id) else deny("not_in_department")


def may_split(who: Standing, ticket: Ticket) -> Decision:
    """Who serves a request makes another one of what was written there."""
    return may_read_internal(who, ticket)


def may_remove_participant(who: Standing, ticket: Ticket, person_id: int) -> Decision:
    """Everybody may stop following; else as for adding."""
    return allow() if person_id == who.person_id else may_add_participant(who, ticket)


def may_keep_checklists(who: Standing, department_id: int) -> Decision:
    """Who leads a department keeps its checklists."""
    return allow() if department_id in who.leads else deny("not_lead")


def may_copy(who: Standing, ticket: Ticket) -> Decision:
    """Who needed a request, or raised it, begins it anew when it was rejected or withdrawn."""
    if ticket.state not in (TicketState.REJECTED, TicketState.CANCELLED):
        return deny("not_over")
    own = who.person_id in (ticket.requester_id, ticket.raised_by_id)
    return allow() if own else deny("not_requester")
