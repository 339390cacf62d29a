"""A rule tried on history: which requests it would have fired on. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from neike.desk import terms
from neike.desk.choices import EventKind, LegState, RuleTrigger
from neike.desk.models import Clock, Message, Rule, RuleVersion, Ticket, TicketEvent
from neike.desk.policies import Standing
from neike.desk.queries import rules
from neike.desk.replay import REQUESTER, Course, Event, apply
from neike.engines import rules as engine
from neike.engines.worktime import PreparedCalendar
from neike.org import queries as org_queries

DAYS: Final = 90
MOST: Final = 1000
_SHARE: Final = {RuleTrigger.CLOCK_75: 0.75, RuleTrigger.CLOCK_100: 1.0}

_KINDS: Final[Mapping[str, tuple[EventKind, ...]]] = {
    RuleTrigger.SUBMITTED: (EventKind.SUBMITTED,),
    RuleTrigger.OFFERED: (EventKind.LEG_OFFERED, EventKind.LEG_RELEASED),
    RuleTrigger.ACCEPTED: (EventKind.LEG_ACCEPTED,),
    RuleTrigger.RETURNED: (EventKind.LEG_RETURNED,),
    RuleTrigger.DELIVERED: (EventKind.LEG_DELIVERED, EventKind.RESOLVED),
    RuleTrigger.REPLIED: (EventKind.MESSAGE_POSTED,),
    RuleTrigger.APPROVAL_DECIDED: (EventKind.APPROVAL_GIVEN, EventKind.APPROVAL_REFUSED),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A request on which the rule would have fired: first when, and how often."""

    ticket: Ticket
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out: `looked_at` requests, the hits newest first; `is_cut` if older ones were left out."""

    hits: list[Hit]
    looked_at: int
    is_cut: bool


def trial(rule: Rule, who: Standing, *, now: datetime) -> Trial:
    """Try what a rule says on the requests of the last 90 days that the person may read."""
    version = rules.version_of(rule)
    since = now - timedelta(days=DAYS)
    tickets = list(
        rules.tickets_in_reach(rule)
        .filter(who.readable, last_activity_at__gte=since)
        .select_related("service", "customer", "standard__calendar")
        .order_by("-submitted_at", "-pk")[: MOST + 1]
    )
    looked = tickets[:MOST]
    if version.trigger in _SHARE or version.trigger == RuleTrigger.DUE:
        moments = _by_clocks(rule, version, looked, now)
    else:
        moments = _by_events(rule, version, looked, now)
    hits = []
    for ticket in looked:
        found = [at for at in moments.get(ticket.pk, ()) if at >= since]
        if found:
            hits.append(Hit(ticket, min(found), min(len(found), engine.PER_DAY)))
    return Trial(hits, len(looked), len(tickets) > MOST)


def _holds(version: RuleVersion, facts: Mapping[str, Any]) -> bool:
    conditions = rules.conditions_of(version)
    return engine.match(conditions, engine.Join(version.join), facts).held


def _by_clocks(
    rule: Rule, version: RuleVersion, tickets: list[Ticket], now: datetime
) -> dict[int, list[datetime]]:
    """Return when clocks reached the rule's mark, by what they had used; facts are those of today."""
    facts = {ticket.pk: rules.facts_of(ticket) for ticket in tickets}
    found: dict[int, list[datetime]] = defaultdict(list)
    clocks = Clock.objects.filter(ticket__in=tickets).select_related("calendar", "leg", "ticket")
    for clock in clocks:
        supplier = clock.leg.supplier_id if clock.leg else clock.ticket.supplier_id
        ours = rule.department_id in (None, supplier)
        if ours and _reached(clock, version, now) and _holds(version, facts[clock.ticket_id]):
            found[clock.ticket_id].append(clock.stopped_at or now)
    return found


def _reached(clock: Clock, version: RuleVersion, now: datetime) -> bool:
    share = _SHARE.get(RuleTrigger(version.trigger))
    ahead = rules.hours(version).total_seconds()
    mark = clock.target_seconds * share if share else clock.target_seconds - ahead
    used = float(clock.used_seconds)
    if clock.stopped_at is None and clock.due_at is not None:
        calendar = org_queries.prepared_calendar(clock.calendar)
        left = calendar.worked_between(now, clock.due_at) if clock.due_at > now else timedelta()
        used = clock.target_seconds - left.total_seconds()
    return used >= mark


def _by_events(
    rule: Rule, version: RuleVersion, tickets: list[Ticket], now: datetime
) -> dict[int, list[datetime]]:
    """Return when the rule would have fired, by reading each log anew with what was known at that moment."""
    logs: dict[int, list[Event]] = defaultdict(list)
    for row in TicketEvent.objects.filter(ticket__in=tickets).order_by("ticket", "seq"):
        logs[row.ticket_id].append(terms.as_event(row))
    promised = terms.terms_of({pk for log in logs.values() for pk in terms.standards_named(log)})
    words = _messages(version, tickets)
    found: dict[int, list[datetime]] = {}
    for ticket in tickets:
        reading = _Reading(rule, version, ticket, Course(promised), words, now)
        found[ticket.pk] = list(reading.moments(logs[ticket.pk]))
    return found


def _messages(version: RuleVersion, tickets: Iterable[Ticket]) -> dict[int, str]:
    if version.trigger != RuleTrigger.REPLIED:
        return {}
    return dict(Message.objects.filter(ticket__in=list(tickets)).values_list("pk", "body"))


@dataclass
class _Reading:
    """One log being read for one rule."""

    rule: Rule
    version: RuleVersion
    ticket: Ticket
    course: Course
    words: Mapping[int, str]
    now: datetime

    @property
    def calendar(self) -> PreparedCalendar:
        return org_queries.prepared_calendar(self.ticket.standard.calendar)

    def moments(self, log: list[Event]) -> Iterator[datetime]:
        wait = rules.hours(self.version)
        for event, following in zip(log, [*log[1:], None], strict=True):
            apply(self.course, event)
            until = following.at if following else self.now
            if self._sets_off(event, until, wait) and _holds(self.version, self._facts(event)):
                yield event.at

    def _sets_off(self, event: Event, until: datetime, wait: timedelta) -> bool:
        match self.version.trigger:
            case RuleTrigger.QUIET:
                return self._is_open() and self.calendar.worked_between(event.at, until) >= wait
            case RuleTrigger.WAITING:
                return self._waits() and self.calendar.worked_between(event.at, until) >= wait
        if event.kind not in _KINDS.get(self.version.trigger, ()) or not self._ours(event):
            return False
        return self._counts(event)

    def _is_open(self) -> bool:
        return self.course.closed_at is None and self.course.resolved_at is None

    def _waits(self) -> bool:
        own = self.rule.department_id
        return any(
            leg.state == LegState.WAITING and own in (None, leg.supplier_id)
            for leg in self.course.legs
        )

    def _ours(self, event: Event) -> bool:
        own = self.rule.department_id
        if own is None or event.leg_no is None:
            return True
        return self.course.legs[event.leg_no].supplier_id == own

    def _counts(self, event: Event) -> bool:
        match event.kind:
            case EventKind.MESSAGE_POSTED:
                return event.data.get("party") == REQUESTER and not event.data.get("automatic")
            case EventKind.LEG_OFFERED:
                return not event.data.get("held")
            case EventKind.APPROVAL_GIVEN | EventKind.APPROVAL_REFUSED:
                return not self.course.approvals[event.data["approval"]].is_open
        return True

    def _facts(self, event: Event) -> dict[str, Any]:
        text = self.words.get(event.data.get("message", 0), "")
        then = {
            "priority": self.course.priority,
            "state": self.course.state,
            "waiting_on": self.course.waiting_on,
        }
        return rules.facts_of(self.ticket, text=text) | then
