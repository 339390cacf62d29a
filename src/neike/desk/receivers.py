"""What follows when something happens to a request: people are told, the search index follows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import TargetMetric
from neike.catalog.events import ServiceChanged
from neike.desk import actions, events, policies, queries
from neike.desk.actions import assignment, firing
from neike.desk.choices import LegState, RuleTrigger, StopReason, Visibility, Vote, WaitingOn
from neike.desk.models import (
    Approval,
    ApprovalVote,
    Article,
    Clock,
    Leg,
    Message,
    RecurringRequest,
    Rule,
    Task,
    Ticket,
    TicketEvent,
)
from neike.desk.replay import REQUESTER
from neike.desk.telling import label_of, leads_or_agents, tell
from neike.kernel import mail, notices, search
from neike.kernel.outbox import receives
from neike.org import queries as org_queries
from neike.org.events import DepartmentChanged, PersonErased
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
    leg = _leg(event.leg_id)
    people = leads_or_agents(leg.supplier, now=now)
    tell(people, leg.ticket, event, _("To be accepted: %(ticket)s"), now=now)


@receives(events.LegAssigned)
def tell_the_assignee(event: events.LegAssigned, *, now: datetime) -> None:
    """Tell who was given work by somebody else."""
    leg = _leg(event.leg_id)
    if leg.assignee is not None and leg.assignee_id == event.person_id:
        tell([leg.assignee], leg.ticket, event, _("Assigned to you: %(ticket)s"), now=now)


@receives(events.LegReturned)
def tell_of_a_return(event: events.LegReturned, *, now: datetime) -> None:
    """Tell the sender; from the third return between the same two departments on, both leads."""
    leg = _leg(event.leg_id)
    title = _("Returned to you: %(ticket)s (%(reason)s)")
    reason = leg.get_return_reason_display()
    tell(_senders(leg), leg.ticket, event, title, now=now, reason=reason)
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
    leg = _leg(event.leg_id)
    if not leg.is_lead:
        tell(_senders(leg), leg.ticket, event, _("Delivered, please confirm: %(ticket)s"), now=now)


@receives(events.LegReworked)
def tell_of_rework(event: events.LegReworked, *, now: datetime) -> None:
    """Tell who delivered that it is to be done again."""
    leg = _leg(event.leg_id)
    people = [leg.assignee] if leg.assignee else leads_or_agents(leg.supplier, now=now)
    tell(people, leg.ticket, event, _("Sent back for rework: %(ticket)s"), now=now)


@receives(events.LegWaiting)
def ask_the_requester(event: events.LegWaiting, *, now: datetime) -> None:
    """Tell the requester that work waits for their answer."""
    if event.waiting_on == WaitingOn.REQUESTER:
        ticket = _leg(event.leg_id).ticket
        title = _("A question for you: %(ticket)s")
        tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/question")


@receives(events.RequesterReminded)
def remind_the_requester(event: events.RequesterReminded, *, now: datetime) -> None:
    """Call the open question to mind."""
    ticket = _leg(event.leg_id).ticket
    title = _("Your answer is still needed: %(ticket)s")
    tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/question")


@receives(events.MessagePosted)
def tell_of_a_message(event: events.MessagePosted, *, now: datetime) -> None:
    """Tell the other side: public words reach requester, followers and assignees, internal ones assignees."""
    message = Message.objects.select_related("author").get(pk=event.message_id)
    ticket = _ticket(event.ticket_id)
    people = [leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee]
    if message.visibility == Visibility.PUBLIC:
        people += [ticket.requester, ticket.raised_by]
        people += [each.person for each in ticket.participants.select_related("person")]
    title = _("%(name)s wrote: %(ticket)s")
    tell(people, ticket, event, title, now=now, name=message.author.name)


@receives(events.ParticipantAdded)
def tell_the_follower(event: events.ParticipantAdded, *, now: datetime) -> None:
    """Tell somebody that they follow a request now."""
    ticket = _ticket(event.ticket_id)
    people = [
        each.person
        for each in ticket.participants.filter(person=event.person_id).select_related("person")
    ]
    tell(people, ticket, event, _("You follow %(ticket)s now"), now=now)


@receives(events.TicketResolved)
def ask_for_confirmation(event: events.TicketResolved, *, now: datetime) -> None:
    """Ask the requester to look at the result."""
    ticket = _ticket(event.ticket_id)
    title = _("Resolved, please confirm: %(ticket)s")
    tell([ticket.requester], ticket, event, title, now=now, by_mail="desk/mail/resolved")


@receives(events.TicketReopened)
def tell_of_reopening(event: events.TicketReopened, *, now: datetime) -> None:
    """Tell who resolved it."""
    ticket = _ticket(event.ticket_id)
    lead = ticket.legs.select_related("assignee", "supplier").get(is_lead=True)
    people = [lead.assignee] if lead.assignee else leads_or_agents(lead.supplier, now=now)
    tell(people, ticket, event, _("Reopened: %(ticket)s"), now=now)


@receives(events.TicketCancelled)
def tell_of_withdrawal(event: events.TicketCancelled, *, now: datetime) -> None:
    """Tell all who work on it, and the requester when somebody else withdrew it."""
    ticket = _ticket(event.ticket_id)
    people = [leg.assignee for leg in ticket.legs.select_related("assignee") if leg.assignee]
    tell([*people, ticket.requester], ticket, event, _("Withdrawn: %(ticket)s"), now=now)


@receives(events.ClockWarned)
def tell_of_a_promise(event: events.ClockWarned, *, now: datetime) -> None:
    """Tell who works on it that a promise is nearly used up; when it is, also those who lead (R18)."""
    clock = Clock.objects.select_related("leg", "ticket").get(pk=event.clock_id)
    if clock.metric == TargetMetric.APPROVAL:
        _warn_the_approvers(clock, event, now=now)
        return
    lead = clock.leg or clock.ticket.legs.get(is_lead=True)
    leg = _leg(lead.pk)
    people = [leg.assignee] if leg.assignee else []
    if event.percent >= 100 or not people:  # noqa: PLR2004 - the promise is used up
        people += leads_or_agents(leg.supplier, now=now)
    title = (
        _("Promise missed: %(ticket)s")
        if event.percent >= 100  # noqa: PLR2004
        else _("Soon due: %(ticket)s")
    )
    key = f"warned:{clock.pk}:{event.percent}"
    tell(people, leg.ticket, event, title, now=now, key=key)


def _warn_the_approvers(clock: Clock, event: events.ClockWarned, *, now: datetime) -> None:
    """Tell those whose decision is awaited: the approvers' clock is theirs, not the supplier's (R22)."""
    approval = Approval.objects.select_related("ticket").get(ticket=clock.ticket_id, no=clock.cycle)
    title = (
        _("Your approval is overdue: %(ticket)s")
        if event.percent >= 100  # noqa: PLR2004 - the promise is used up
        else _("Your approval is soon due: %(ticket)s")
    )
    people = queries.asked_people(approval, now=now)
    key = f"warned:{clock.pk}:{event.percent}"
    tell(people, _ticket(event.ticket_id), event, title, now=now, key=key)


def _leg(leg_id: int) -> Leg:
    return Leg.objects.select_related(
        "ticket__requester", "supplier", "customer", "assignee", "offered_by"
    ).get(pk=leg_id)


def _ticket(ticket_id: int) -> Ticket:
    return Ticket.objects.select_related("requester", "raised_by").get(pk=ticket_id)


def _senders(leg: Leg) -> list[Person]:
    """Return who looks at what comes back from a leg: the sending leg's assignee, else who handed it over."""
    parent = (
        Leg.objects.filter(ticket=leg.ticket_id, no=leg.parent_no or 0)
        .exclude(state=LegState.TRANSFERRED)
        .select_related("assignee")
        .first()
    )
    if parent is not None and parent.assignee is not None:
        return [parent.assignee]
    return [leg.offered_by] if leg.offered_by else []


def _index(event: events.TicketSubmitted, *, now: datetime) -> None:
    """Let the search index follow."""
    search.index(queries.search_document(_ticket(event.ticket_id)))


for _kind in (
    events.TicketSubmitted,
    events.LegOffered,
    events.LegAccepted,
    events.LegAssigned,
    events.MessagePosted,
    events.ParticipantAdded,
    events.ApprovalAsked,
    events.TaskOpened,
    events.TaskAssigned,
):
    receives(_kind, name=f"desk.index_after.{_kind.name}")(_index)


@receives(events.ApprovalAsked)
def ask_the_approvers(event: events.ApprovalAsked, *, now: datetime) -> None:
    """Tell those who are asked, and who stands in for them, by notice and by a mail they can decide from."""
    approval = _approval(event)
    if approval is None:
        return
    people = queries.asked_people(approval, now=now)
    ticket = approval.ticket
    tell(
        people, ticket, event, _("Your approval is asked: %(ticket)s"), now=now, key=f"a{event.no}"
    )
    for person in people:
        if person.pk != event.by_id:
            context = {"ticket_id": ticket.pk, "approval_id": approval.pk}
            key = f"{ticket.pk}:approval:{event.no}"
            mail.send(to=person, template="desk/mail/approval", context=context, now=now, key=key)
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
    ticket = _ticket(event.ticket_id)
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
    ticket = _ticket(event.ticket_id)
    tell(people, ticket, event, title, now=now, task=_name_of(task, ticket))


@receives(events.TaskAssigned)
def tell_of_an_assigned_task(event: events.TaskAssigned, *, now: datetime) -> None:
    """Tell who was given a task by somebody else."""
    task = _task(event)
    if task is None or task.assignee is None or task.assignee_id != event.person_id:
        return
    ticket = _ticket(event.ticket_id)
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


# Knowledge


@receives(events.ArticleChanged)
def keep_article_findable(event: events.ArticleChanged, *, now: datetime) -> None:
    """Put a published article into the index as it reads and for whom it is meant now; take every other one out."""
    _index_articles(Article.objects.filter(pk=event.article_id), now)
    if not Article.objects.filter(pk=event.article_id).exists():
        search.unindex(queries.ARTICLE_KIND, str(event.article_id))


@receives(ServiceChanged)
def keep_articles_about_it_findable(event: ServiceChanged, *, now: datetime) -> None:
    """A confidential service limits who reads about it: index the articles about it anew."""
    _index_articles(Article.objects.filter(services=event.service_id), now)


@receives(DepartmentChanged)
def keep_limited_articles_findable(event: DepartmentChanged, *, now: datetime) -> None:
    """Index articles with two limits anew: which department is below which may have changed."""
    del event
    limited = Article.objects.filter(audience__isnull=False, services__confidential=True)
    _index_articles(limited.distinct(), now)


def _index_articles(articles: QuerySet[Article], now: datetime) -> None:
    on = org_queries.organisation_day(now)
    loaded = articles.select_related("department").prefetch_related(
        "audience", "services__department"
    )
    for article in loaded:
        document = queries.article_document(article, on=on)
        if document is None:
            search.unindex(queries.ARTICLE_KIND, str(article.pk))
        else:
            search.index(document)


@receives(PersonErased)
def forget_reasons_of_votes(event: PersonErased, *, now: datetime) -> None:
    """Throw away what an erased person wrote beside their votes."""
    del now
    actions.forget_reasons(event.person_id)


@receives(events.RecurringMade)
def tell_what_was_made_again(event: events.RecurringMade, *, now: datetime) -> None:
    """Tell the requester that what recurs was asked for again."""
    ticket = _ticket(event.ticket_id)
    if policies.may_read(policies.standing(ticket.requester, now=now), ticket):
        notices.notify(
            person=ticket.requester,
            kind="desk.recurring_made",
            url=ticket.path,
            title=_("Made again as set up: %(ticket)s"),
            params={"ticket": label_of(ticket)},
            now=now,
            key=f"recurring:{event.recurring_id}:{event.ticket_id}",
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
# Rules and the giving out of work


@receives(events.LegOffered)
def give_out(event: events.LegOffered, *, now: datetime) -> None:
    """Put what was offered into somebody's hands, where the department gives out its work by itself."""
    assignment.assign_by_policy(leg_id=event.leg_id, now=now)


@receives(events.LegAssigned)
def tell_of_work_given_back(event: events.LegAssigned, *, now: datetime) -> None:
    """Tell the lead that work came back because somebody is away and nobody else could be named."""
    leg = _leg(event.leg_id)
    if event.person_id is None and event.by_id is None and leg.assignee_id is None:
        people = leads_or_agents(leg.supplier, now=now)
        title = _("In nobody's hands, because a colleague is away: %(ticket)s")
        tell(people, leg.ticket, event, title, now=now)


@receives(events.LegUnassigned)
def tell_of_unassigned(event: events.LegUnassigned, *, now: datetime) -> None:
    """Tell the lead of work that nobody has taken."""
    leg = _leg(event.leg_id)
    if leg.assignee_id is None:
        people = leads_or_agents(leg.supplier, now=now)
        key = f"unassigned:{leg.pk}:{event.step}"
        tell(
            people, leg.ticket, event, _("Nobody has taken this yet: %(ticket)s"), now=now, key=key
        )


@receives(events.RuleNoticed)
def tell_by_rule(event: events.RuleNoticed, *, now: datetime) -> None:
    """Tell whom a rule names."""
    leg, rule = _leg(event.leg_id), Rule.objects.get(pk=event.rule_id)
    people = (
        leads_or_agents(leg.supplier, now=now)
        if event.person_id is None
        else list(Person.objects.filter(pk=event.person_id))
    )
    title, key = _("%(rule)s: %(ticket)s"), f"rule:{rule.pk}:{event.seq}"
    tell(people, leg.ticket, event, title, now=now, key=key, rule=str(rule.name))


def _set_off(trigger: RuleTrigger, event: Any, *, now: datetime, **more: Any) -> None:  # noqa: ANN401 - one of `events`
    """Let rules fire; the same event told twice is one cause."""
    leg_id = getattr(event, "leg_id", None)
    leg_no = Leg.objects.values_list("no", flat=True).get(pk=leg_id) if leg_id else None
    key = f"{trigger.value}:{event.seq}:{'' if leg_no is None else leg_no}"
    cause = firing.Cause(
        **{
            "trigger": trigger.value,
            "ticket_id": event.ticket_id,
            "key": key,
            "seq": event.seq,
            "leg_no": leg_no,
            **more,
        }
    )
    firing.consider(cause, now=now)


@receives(events.MessagePosted)
def set_off_by_a_reply(event: events.MessagePosted, *, now: datetime) -> None:
    """Let rules fire on what the requesting side wrote."""
    posted = TicketEvent.objects.get(ticket=event.ticket_id, seq=event.seq)
    if posted.data.get("party") == REQUESTER and not posted.data.get("automatic"):
        _set_off(RuleTrigger.REPLIED, event, now=now, message_id=event.message_id)


@receives(events.ClockWarned)
def set_off_by_a_clock(event: events.ClockWarned, *, now: datetime) -> None:
    """Let rules fire on a promise that is nearly or fully used up."""
    clock = Clock.objects.select_related("leg").get(pk=event.clock_id)
    trigger = RuleTrigger.CLOCK_100 if event.percent >= 100 else RuleTrigger.CLOCK_75  # noqa: PLR2004
    key, leg_no = f"{trigger.value}:{clock.pk}", clock.leg.no if clock.leg else None
    _set_off(trigger, event, now=now, key=key, leg_no=leg_no, seq=None)


def _setter_off(trigger: RuleTrigger) -> Callable[..., None]:
    def set_off(event: Any, *, now: datetime) -> None:  # noqa: ANN401 - one of `events`
        _set_off(trigger, event, now=now)

    return set_off


for _event, _trigger in (
    (events.TicketSubmitted, RuleTrigger.SUBMITTED),
    (events.LegOffered, RuleTrigger.OFFERED),
    (events.LegAccepted, RuleTrigger.ACCEPTED),
    (events.LegReturned, RuleTrigger.RETURNED),
    (events.LegDelivered, RuleTrigger.DELIVERED),
    (events.ApprovalDecided, RuleTrigger.APPROVAL_DECIDED),
):
    receives(_event, name=f"desk.rules_after.{_event.name}")(_setter_off(_trigger))
