"""Letting rules fire: once for each cause, never in circles, with a line in the log for every time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation

from neike.desk.actions.errors import DeskError
from neike.desk.actions.rule_effects import Hand, do
from neike.desk.choices import FiringOutcome
from neike.desk.models import Message, Rule, RuleFiring, Ticket, TicketEvent
from neike.desk.queries import rules as queries
from neike.engines import rules as engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What may set rules off: `trigger` is a `RuleTrigger`, `key` names the cause within the request.

    `seq` is the event that told of it, None for time; `leg_no` the leg it is about.
    """

    trigger: str
    ticket_id: int
    key: str
    seq: int | None = None
    leg_no: int | None = None
    message_id: int | None = None


def consider(cause: Cause, *, now: datetime) -> list[RuleFiring]:
    """Let every rule fire whose trigger this is and whose conditions hold; in the rules' order.

    Modules above set rules off through here (a rating given). What was considered before is not done again.
    """
    rules = queries.active_rules(cause.trigger)
    fired = [fire(rule, cause, now=now) for rule in rules]
    return [firing for firing in fired if firing is not None]


@transaction.atomic
def fire(rule: Rule, cause: Cause, *, now: datetime) -> RuleFiring | None:
    """Let one rule fire if it may and its conditions hold; None if nothing was to be done."""
    ticket = _ticket(cause.ticket_id)
    legs = list(ticket.legs.all())
    if not queries.in_reach(rule, ticket, legs) or not _about(rule, cause, legs):
        return None
    if RuleFiring.objects.filter(rule=rule, ticket=ticket, key=cause.key).exists():
        return None
    version = queries.version_of(rule)
    facts = queries.facts_of(ticket, text=_words(cause))
    found = engine.match(queries.conditions_of(version), engine.Join(version.join), facts)
    if not found.held:
        return None
    chain = _chain(cause)
    today = queries.fired_today(rule, ticket, now=now)
    stop = engine.stopped(rule.pk, chain=chain, fired_today=today)
    if stop is engine.Stop.OFTEN and today > engine.PER_DAY:
        return None  # said once; a storm is not logged line by line
    if stop:
        results = [{"do": "", "done": False, "why": {"code": stop.value}}]
        return _log(rule, cause, found, results, FiringOutcome.STOPPED, now)
    hand = Hand(rule, ticket.pk, cause.leg_no, (*chain, rule.pk), now)
    results = [_try(hand, said) for said in version.actions]
    return _log(rule, cause, found, results, _outcome(results), now)


def _ticket(ticket_id: int) -> Ticket:
    """Lock the request first, so that a rule sees what it changes and the same cause never fires twice."""
    Ticket.objects.select_for_update().get(pk=ticket_id)
    return Ticket.objects.select_related("service", "customer").get(pk=ticket_id)


def _about(rule: Rule, cause: Cause, legs: Iterable[Any]) -> bool:
    """Whether what happened concerns the rule's department: its own leg, or the request it owns."""
    if rule.department_id is None or cause.leg_no is None:
        return True
    return any(leg.no == cause.leg_no and leg.supplier_id == rule.department_id for leg in legs)


def _words(cause: Cause) -> str:
    if cause.message_id is None:
        return ""
    found = Message.objects.filter(pk=cause.message_id).values_list("body", flat=True)
    return found.first() or ""


def _chain(cause: Cause) -> tuple[int, ...]:
    """Return the rules that led to the event, as its data tells."""
    if cause.seq is None:
        return ()
    row = TicketEvent.objects.filter(ticket=cause.ticket_id, seq=cause.seq).first()
    return tuple(row.data.get("chain", ())) if row else ()


def _try(hand: Hand, said: dict[str, Any]) -> dict[str, Any]:
    """Do one action; what is refused changes nothing and does not keep the others back."""
    try:
        with transaction.atomic():
            do(hand, said)
    except (DeskError, PermissionDenied) as error:
        return {"do": said["do"], "done": False, "why": _in_both(error)}
    return {"do": said["do"], "done": True}


def _in_both(error: Exception) -> dict[str, str]:
    said = {"code": type(error).__name__}
    if isinstance(error, DeskError):
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said[language] = str(error)
    return said


def _outcome(results: list[dict[str, Any]]) -> FiringOutcome:
    done = sum(result["done"] for result in results)
    if done == len(results):
        return FiringOutcome.DONE
    return FiringOutcome.PARTLY if done else FiringOutcome.REFUSED


def _log(
    rule: Rule,
    cause: Cause,
    found: engine.Match,
    results: list[dict[str, Any]],
    outcome: FiringOutcome,
    now: datetime,
) -> RuleFiring:
    seq = Ticket.objects.values_list("version", flat=True).get(pk=cause.ticket_id)
    return RuleFiring.objects.create(
        rule=rule,
        version=queries.version_of(rule),
        ticket_id=cause.ticket_id,
        key=cause.key,
        seq=seq,
        fired_at=now,
        outcome=outcome,
        facts=[condition.as_json() for condition in found.met],
        results=results,
    )
