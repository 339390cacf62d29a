"""Let rules and the giving out of work follow what happens, and tell of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from neike.desk import events
from neike.desk.actions import assignment, firing
from neike.desk.choices import RuleTrigger
from neike.desk.models import (
    Clock,
    Leg,
    Rule,
    TicketEvent,
)
from neike.desk.receivers.finding import leg_of
from neike.desk.replay import REQUESTER
from neike.desk.telling import leads_or_agents, tell
from neike.kernel.outbox import receives
from neike.org.models import Person


@receives(events.LegOffered)
def give_out(event: events.LegOffered, *, now: datetime) -> None:
    """Put what was offered into somebody's hands, where the department gives out its work by itself."""
    assignment.assign_by_policy(leg_id=event.leg_id, now=now)


@receives(events.LegAssigned)
def tell_of_work_given_back(event: events.LegAssigned, *, now: datetime) -> None:
    """Tell the lead that work came back because somebody is away and nobody else could be named."""
    leg = leg_of(event.leg_id)
    if event.person_id is None and event.by_id is None and leg.assignee_id is None:
        people = leads_or_agents(leg.supplier, now=now)
        title = _("In nobody's hands, because a colleague is away: %(ticket)s")
        tell(people, leg.ticket, event, title, now=now)


@receives(events.LegUnassigned)
def tell_of_unassigned(event: events.LegUnassigned, *, now: datetime) -> None:
    """Tell the lead of work that nobody has taken."""
    leg = leg_of(event.leg_id)
    if leg.assignee_id is None:
        people = leads_or_agents(leg.supplier, now=now)
        key = f"unassigned:{leg.pk}:{event.step}"
        tell(
            people, leg.ticket, event, _("Nobody has taken this yet: %(ticket)s"), now=now, key=key
        )


@receives(events.RuleNoticed)
def tell_by_rule(event: events.RuleNoticed, *, now: datetime) -> None:
    """Tell whom a rule names."""
    leg, rule = leg_of(event.leg_id), Rule.objects.get(pk=event.rule_id)
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
