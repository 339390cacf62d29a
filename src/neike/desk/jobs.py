"""What the desk does by the clock: look for what is due, and queue one small job for each."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from neike.desk import actions, policies, queries
from neike.desk.actions import (
    assignment,
    department_notices,
    escalation,
    firing,
    quality,
    recurring,
    timers,
)
from neike.desk.choices import FINAL_TICKET_STATES, TIME_TRIGGERS, ArticleState
from neike.desk.models import ApprovalVote, Article, BulkRun, Leg, Rule, Ticket
from neike.desk.queries import assignment as in_nobodys_hands
from neike.desk.queries import escalation as escalation_queries
from neike.desk.queries import quality as quality_queries
from neike.desk.queries import rule_times
from neike.desk.queries import rules as rule_queries
from neike.desk.queries import timers as due
from neike.desk.queries.department_notices import outages_over
from neike.desk.queries.recurring import due_recurring
from neike.desk.telling import leads_or_agents, tell_oneself
from neike.kernel import live, notices
from neike.kernel.jobs import Job, enqueue, every, job
from neike.org import queries as org_queries
from neike.org.models import Person


@job("desk.accept_by_itself")
def accept_by_itself(*, leg_id: int, now: datetime) -> None:
    """Accept an offered leg that nobody accepted in time."""
    timers.accept_by_itself(leg_id=leg_id, now=now)


@job("desk.remind_requester")
def remind_requester(*, leg_id: int, now: datetime) -> None:
    """Call a question to the requester's mind."""
    timers.remind_requester(leg_id=leg_id, now=now)


@job("desk.lapse")
def lapse(*, leg_id: int, now: datetime) -> None:
    """End a wait that took too long."""
    timers.give_up_waiting(leg_id=leg_id, now=now)
    timers.confirm_leg_by_itself(leg_id=leg_id, now=now)


@job("desk.confirm_by_itself")
def confirm_by_itself(*, ticket_id: int, now: datetime) -> None:
    """Close a resolved request that nobody looked at."""
    timers.confirm_by_itself(ticket_id=ticket_id, now=now)


@job("desk.reckon_anew")
def reckon_anew(*, ticket_id: int, now: datetime) -> None:
    """Bring a request's open clocks in line with changed hours."""
    timers.reckon_anew(ticket_id=ticket_id, now=now)


@job("desk.warn")
def warn(*, clock_id: int, now: datetime) -> None:
    """Tell that a promise is nearly or fully used up."""
    timers.warn(clock_id=clock_id, now=now)


@every("*/5 * * * *")
@job("desk.look_for_what_is_due")
def look_for_what_is_due(*, now: datetime) -> None:
    """Queue what time has to do. What could not be done is tried again in the next hour."""
    _queue_legs(accept_by_itself, due.to_accept(now), now)
    _queue_legs(remind_requester, due.to_remind(now), now)
    _queue_legs(lapse, due.to_lapse(now), now)
    _queue_tickets(confirm_by_itself, due.to_close(now), now)


@every("*/5 * * * *")
@job("desk.look_for_warnings")
def look_for_warnings(*, now: datetime) -> None:
    """Queue the warnings that are due; those outside working hours come again at the next look."""
    for clock in due.to_warn(now):
        enqueue(warn, key=f"{clock.pk}:{now.isoformat()}", now=now, clock_id=clock.pk)


@every("*/5 * * * *")
@job("desk.look_for_changed_hours")
def look_for_changed_hours(*, now: datetime) -> None:
    """Queue the requests whose calendar has changed (R15)."""
    _queue_tickets(reckon_anew, due.reckoned_with_older_hours(), now)


def _queue_legs(entry: Job, legs: Iterable[Leg], now: datetime) -> None:
    for leg in legs:
        enqueue(entry, key=f"{leg.pk}:{leg.version}:{now:%Y%m%d%H}", now=now, leg_id=leg.pk)


def _queue_tickets(entry: Job, tickets: Iterable[Ticket], now: datetime) -> None:
    for ticket in tickets:
        key = f"{ticket.pk}:{ticket.version}:{now:%Y%m%d%H%M}"
        enqueue(entry, key=key, now=now, ticket_id=ticket.pk)


@job("desk.replace_approver")
def replace_approver(*, vote_id: int, now: datetime) -> None:
    """Ask somebody else in place of an approver who cannot decide any more."""
    if ApprovalVote.objects.filter(pk=vote_id).exists():
        actions.replace_approver(vote_id=vote_id, now=now)


@every("*/5 * * * *")
@job("desk.look_for_approvers_who_left")
def look_for_approvers_who_left(*, now: datetime) -> None:
    """Queue the open votes of people who cannot decide any more. Where nobody else can, it tries again in an hour."""
    on = org_queries.organisation_day(now)
    for vote in queries.votes_of_people_gone(on=on):
        enqueue(replace_approver, key=f"{vote.pk}:{now:%Y%m%d%H}", now=now, vote_id=vote.pk)


@every("23 3 * * *")
@job("desk.forget_approval_links")
def forget_approval_links(*, now: datetime) -> None:
    """Delete mailed links that are long over."""
    actions.forget_links(now=now)


# Knowledge


@every("20 3 * * *")
@job("desk.forget_searches")
def forget_searches(*, now: datetime) -> None:
    """Throw away the secrets of the weeks that are over, and with them what people looked for."""
    actions.forget_searches(now=now)


@every("40 6 * * *")
@job("desk.remind_of_reviews")
def remind_of_reviews(*, now: datetime) -> None:
    """Tell who looks after an article that it is to be looked at again, once per review day."""
    today = org_queries.organisation_day(now)
    due = Article.objects.filter(state=ArticleState.PUBLISHED, review_on__lte=today)
    for article in due.select_related("owner", "department"):
        for person in _caring_for(article, now):
            notices.notify(
                person=person,
                kind="desk.article_review",
                url=article.path,
                title=_("Is this article still right? %(title)s"),
                params={"title": article.title},
                now=now,
                key=f"{article.pk}:{article.review_on}:desk.article_review",
            )


def _caring_for(article: Article, now: datetime) -> list[Person]:
    """Return who looks after an article while they write for its department, else who leads the department."""
    owner = article.owner
    if owner is not None and policies.may_write_article(policies.standing(owner, now=now), article):
        return [owner]
    return leads_or_agents(article.department, now=now)


@job("desk.make_again")
def make_again(*, recurring_id: int, now: datetime) -> None:
    """Make the request of a recurring one whose date has come."""
    recurring.make_due(recurring_id=recurring_id, now=now)


@every("*/15 * * * *")
@job("desk.look_for_recurring")
def look_for_recurring(*, now: datetime) -> None:
    """Queue the recurring requests whose date has come; each is made once per date however often it is queued."""
    for pk in due_recurring(org_queries.organisation_day(now)):
        enqueue(make_again, key=f"{pk}:{now:%Y%m%d%H}", now=now, recurring_id=pk)


@every("10 3 * * *")
@job("desk.draw_quality_samples")
def draw_quality_samples(*, now: datetime) -> None:
    """Draw last month's samples of all services that want one and have none yet."""
    for plan, month in quality_queries.to_draw(now):
        quality.draw_month(plan=plan, month=month, now=now)


@job("desk.run_bulk")
def run_bulk(*, run_id: int, now: datetime) -> None:
    """Do one thing to many requests, in the language of who asked for it."""
    run = BulkRun.objects.select_related("person").get(pk=run_id)
    with translation.override(run.person.language or settings.LANGUAGE_CODE):
        actions.run_bulk(run=run, now=now)


# Rules and the giving out of work


@job("desk.give_out")
def give_out(*, leg_id: int, now: datetime) -> None:
    """Put an offered leg into somebody's hands."""
    assignment.assign_by_policy(leg_id=leg_id, now=now)


@job("desk.offer_again")
def offer_again(*, leg_id: int, now: datetime) -> None:
    """Take work from somebody who is away."""
    assignment.offer_again(leg_id=leg_id, now=now)


@job("desk.tell_of_lying")
def tell_of_lying(*, leg_id: int, step: int, now: datetime) -> None:
    """Tell the lead of work that nobody has taken."""
    assignment.tell_of_lying(leg_id=leg_id, step=step, now=now)


@every("*/5 * * * *")
@job("desk.look_for_nobodys_work")
def look_for_nobodys_work(*, now: datetime) -> None:
    """Queue what is to be given out, given to somebody else, or told to a lead."""
    for leg in in_nobodys_hands.to_assign():
        enqueue(give_out, key=f"{leg.pk}:{now:%Y%m%d%H%M}", now=now, leg_id=leg.pk)
    for leg in in_nobodys_hands.perhaps_orphaned(now=now):
        enqueue(offer_again, key=f"{leg.pk}:{now:%Y%m%d%H%M}", now=now, leg_id=leg.pk)
    for leg, step in in_nobodys_hands.lying(now=now):
        enqueue(tell_of_lying, key=f"{leg.pk}:{step}", now=now, leg_id=leg.pk, step=step)


@job("desk.fire_rule")
def fire_rule(
    *, rule_id: int, ticket_id: int, cause: str, leg_no: int | None, now: datetime
) -> None:
    """Let a rule by time fire, if it is still on and its conditions still hold."""
    rule = Rule.objects.filter(pk=rule_id, active=True).select_related("current").first()
    if rule is not None:
        trigger = rule_queries.version_of(rule).trigger
        due_to = firing.Cause(trigger=trigger, ticket_id=ticket_id, key=cause, leg_no=leg_no)
        firing.fire(rule, due_to, now=now)


@every("*/5 * * * *")
@job("desk.look_for_rules")
def look_for_rules(*, now: datetime) -> None:
    """Queue the rules that are due by time."""
    for rule in rule_queries.active_rules(*TIME_TRIGGERS):
        for found in rule_times.due_by_time(rule, now=now):
            enqueue(
                fire_rule,
                key=f"{rule.pk}:{found.ticket_id}:{found.key}:{now:%Y%m%d%H%M}",
                now=now,
                rule_id=rule.pk,
                ticket_id=found.ticket_id,
                cause=found.key,
                leg_no=found.leg_no,
            )


# What people keep for themselves


@job("desk.bring_back")
def bring_back(*, sheet_id: int, now: datetime) -> None:
    """Bring a hidden request back to who hid it, and say so while it is open."""
    sheet = actions.wake_due(sheet_id=sheet_id, now=now)
    if sheet is None:
        return
    live.changed(f"person:{sheet.person_id}", now=now)
    if sheet.ticket.state in FINAL_TICKET_STATES:
        return
    title = _("Back in your lists: %(ticket)s")
    key = now.isoformat()
    tell_oneself(sheet.person, sheet.ticket, "desk.snooze_over", title, now=now, key=key)


@job("desk.ring")
def ring(*, sheet_id: int, now: datetime) -> None:
    """Remind somebody of a request as they wished; what they may not read any more is dropped."""
    sheet = actions.ring(sheet_id=sheet_id, now=now)
    if sheet is None:
        return
    title = _("You wanted to be reminded: %(ticket)s")
    if sheet.reminder:
        title = _("You wanted to be reminded: %(note)s (%(ticket)s)")
    told = tell_oneself(
        sheet.person,
        sheet.ticket,
        "desk.reminder",
        title,
        now=now,
        key=now.isoformat(),
        note=sheet.reminder,
    )
    if not told:
        actions.end_reminder(ticket=sheet.ticket, by=sheet.person, now=now)


@every("*/5 * * * *")
@job("desk.look_for_what_comes_back")
def look_for_what_comes_back(*, now: datetime) -> None:
    """Queue what people wanted to see again by now; each comes back once however often it is queued."""
    for sheet in due.to_bring_back(now):
        enqueue(bring_back, key=f"{sheet.pk}:{now:%Y%m%d%H%M}", now=now, sheet_id=sheet.pk)
    for sheet in due.to_ring(now):
        enqueue(ring, key=f"{sheet.pk}:{now:%Y%m%d%H%M}", now=now, sheet_id=sheet.pk)


@every("30 3 * * *")
@job("desk.forget_unsent_words")
def forget_unsent_words(*, now: datetime) -> None:
    """Throw away replies and notes that nobody has sent or touched for thirty days."""
    actions.forget_old_words(now=now)


# Escalation


@job("desk.escalate")
def escalate(*, clock_id: int, now: datetime) -> None:
    """Tell the next ones of a promise that is missed for longer."""
    escalation.escalate(clock_id=clock_id, now=now)


@every("*/5 * * * *")
@job("desk.look_for_escalations")
def look_for_escalations(*, now: datetime) -> None:
    """Queue the missed promises whose next step is due; each step is told once however often it is queued."""
    for pk in escalation_queries.clocks_to_escalate(now):
        enqueue(escalate, key=f"{pk}:{now:%Y%m%d%H%M}", now=now, clock_id=pk)


# Department notices


@job("desk.end_outage")
def end_outage(*, notice_id: int, now: datetime) -> None:
    """End an outage whose time has passed."""
    department_notices.end_by_itself(notice_id=notice_id, now=now)


@every("*/5 * * * *")
@job("desk.look_for_outages_over")
def look_for_outages_over(*, now: datetime) -> None:
    """Queue the outages whose time has passed; pages call them over from the moment itself."""
    for notice in outages_over(now):
        enqueue(end_outage, key=f"{notice.pk}:{now:%Y%m%d%H}", now=now, notice_id=notice.pk)
