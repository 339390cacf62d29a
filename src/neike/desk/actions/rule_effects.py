"""What rules can do to a request, each as one change of its log that names the rule.

Another module adds an effect by `effect("its code")`: calling a webhook waits for the module that connects.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import HandOverMode
from neike.desk import events, queries, ticket_events
from neike.desk.actions import assignment
from neike.desk.actions.errors import DeskError, NotPossibleError, SameDepartmentError
from neike.desk.actions.work import Work, text
from neike.desk.choices import EventKind, LegState, RuleAction, Visibility, WaitingOn
from neike.desk.models import Leg, Message, Participant, Rule, Ticket
from neike.desk.replay import SERVING, Event
from neike.engines import approvals as approvals_engine
from neike.kernel.texts import LocalizedText
from neike.org import queries as org_queries
from neike.org.actions.system import system_person
from neike.org.models import Department, Person


class RuleRefusedError(DeskError):
    """A rule may or can not do this here; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class Hand:
    """A rule at work on one request: `leg_no` is the leg it is about, `chain` the rules that led here and itself."""

    rule: Rule
    ticket_id: int
    leg_no: int | None
    chain: tuple[int, ...]
    now: datetime


class RuleWork(Work):
    """A change by a rule: its events say which, its messages are automatic and answer nothing (R8)."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(ticket_events.lock(hand.ticket_id, now=hand.now), by=None, now=hand.now)
        self.hand = hand

    def happen(self, kind: EventKind, leg_no: int | None = None, **data: Any) -> Event:
        """Append an event that names the rule."""
        rule = self.hand.rule
        by = {"id": str(rule.public_id), "name": rule.name.as_json()}
        return super().happen(kind, leg_no, **data, rule=by, chain=list(self.hand.chain))

    def say(self, body: str, visibility: Visibility) -> None:
        """Write an automatic message."""
        message = Message.objects.create(
            ticket=self.ticket,
            author=system_person(now=self.now),
            visibility=visibility,
            automatic=True,
            body=text(body),
            created_at=self.now,
        )
        event = self.happen(
            EventKind.MESSAGE_POSTED,
            message=message.pk,
            visibility=visibility.value,
            party=SERVING,
            automatic=True,
        )
        self.tell(events.MessagePosted, event, message_id=message.pk, visibility=visibility.value)

    def leg(self) -> Leg:
        """Return the leg the rule acts on: never one of another department than the rule's.

        Raises:
            RuleRefusedError: the rule's department does not work on the request.
        """
        legs = list(self.ticket.legs.select_related("supplier").order_by("no"))
        own = self.hand.rule.department_id
        if own is None:
            return next(leg for leg in legs if leg.is_lead)
        mine = [leg for leg in legs if leg.supplier_id == own]
        named = [leg for leg in mine if leg.no == self.hand.leg_no]
        still = [leg for leg in mine if leg.ended_at is None]
        if not mine:
            raise RuleRefusedError(_("The department of the rule does not work on this request."))
        return (named or still or mine)[-1]


Do = Callable[[RuleWork, Mapping[str, Any]], None]
EFFECTS: Final[dict[str, Do]] = {}


def effect(code: str) -> Callable[[Do], Do]:
    """Register how an action of a rule is done."""

    def register(do: Do) -> Do:
        EFFECTS[code] = do
        return do

    return register


def _person(said: Mapping[str, Any], key: str = "person") -> Person:
    found = Person.objects.filter(public_id=UUID(said[key])).first()
    if found is None or not found.is_active:
        raise RuleRefusedError(_("The person named in the rule is not here any more."))
    return found


@effect(RuleAction.ASSIGN)
def _assign(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    if said.get("person"):
        assignment.let_give(work, leg, _person(said))
        return
    if leg.assignee_id is not None:
        raise RuleRefusedError(_("Somebody has it already."))
    choice = assignment.let_assign(work, leg)
    if choice.person is None:
        raise RuleRefusedError(_("The department's policy names nobody at this moment."))


@effect(RuleAction.SET_PRIORITY)
def _set_priority(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    if not leg.is_lead:
        raise RuleRefusedError(_("Only the department that leads the request sets its priority."))
    if work.ticket.priority == said["priority"]:
        raise RuleRefusedError(_("The request has this priority already."))
    work.happen(
        EventKind.PRIORITY_CHANGED,
        priority=said["priority"],
        before=str(work.ticket.priority),
        reason=str(work.hand.rule.name)[:300],
    )


@effect(RuleAction.WATCH)
def _watch(work: RuleWork, said: Mapping[str, Any]) -> None:
    person = _person(said)
    work.leg()
    _row, created = Participant.objects.get_or_create(
        ticket=work.ticket,
        person=person,
        defaults={"added_by": system_person(now=work.now), "added_at": work.now},
    )
    if not created:
        raise RuleRefusedError(_("The person follows already."))
    event = work.happen(EventKind.PARTICIPANT_ADDED, person=person.pk)
    work.tell(events.ParticipantAdded, event, person_id=person.pk)


@effect(RuleAction.NOTE)
def _note(work: RuleWork, said: Mapping[str, Any]) -> None:
    work.leg()
    work.say(said["text"], Visibility.INTERNAL)


@effect(RuleAction.MESSAGE)
def _message(work: RuleWork, said: Mapping[str, Any]) -> None:
    work.leg()
    work.say(said["text"], Visibility.PUBLIC)


@effect(RuleAction.TASK)
def _task(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    if leg.ended_at is not None:
        raise NotPossibleError("the leg is over")
    title = LocalizedText.of(zh=said["title"], en=said["title"])
    checklist = [LocalizedText.of(zh=line, en=line).as_json() for line in said.get("checklist", ())]
    event = work.happen(
        EventKind.TASK_OPENED,
        leg.no,
        title=title.as_json(),
        department=leg.supplier_id,
        checklist=checklist,
    )
    work.tell(events.TaskOpened, event, no=len(work.log.course.tasks) - 1)


@effect(RuleAction.HAND_OVER)
def _hand_over(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    to = Department.objects.filter(public_id=UUID(said["department"])).first()
    if to is None:
        raise RuleRefusedError(_("The department named in the rule is not here any more."))
    if to.pk == leg.supplier_id:
        raise SameDepartmentError
    if any(one.supplier_id == to.pk and one.is_open for one in work.log.course.legs):
        raise RuleRefusedError(_("The department works on it already."))
    standard = catalog_queries.standard_for(to)
    no = len(work.log.course.legs)
    event = work.happen(
        EventKind.LEG_OFFERED,
        no,
        parent=leg.no,
        mode=HandOverMode.PARALLEL.value,
        supplier=to.pk,
        customer=leg.supplier_id,
        service=standard.service_id,
        standard=standard.pk,
        ask=text(said["text"]),
        automatic=True,
    )
    work.tell(events.LegOffered, event, leg_no=no)


@effect(RuleAction.ASK_APPROVAL)
def _ask_approval(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    if leg.state not in (LegState.ACCEPTED, LegState.WORKING, LegState.REWORK):
        raise RuleRefusedError(_("Approval can be asked once the work is accepted."))
    on = org_queries.organisation_day(work.now)
    rule = {"by": said["by"], "person": said.get("person", "")}
    asked = queries.approvers(work.ticket, [rule], on=on)
    if not asked:
        raise RuleRefusedError(_("Nobody but the requester could approve."))
    title = LocalizedText.of(zh=said["text"], en=said["text"])
    event = work.happen(
        EventKind.APPROVAL_ASKED,
        leg.no,
        title=title.as_json(),
        approvers=[person.pk for person in asked],
        needed=approvals_engine.needed(approvals_engine.ALL, len(asked)),
    )
    work.tell(events.ApprovalAsked, event, no=len(work.log.course.approvals) - 1)
    approver = WaitingOn.APPROVER.value
    waiting = work.happen(
        EventKind.LEG_WAITING, leg.no, waiting_on=approver, reason=said["text"][:300]
    )
    work.tell(events.LegWaiting, waiting, leg_no=leg.no, waiting_on=approver)


@effect(RuleAction.NOTIFY)
def _notify(work: RuleWork, said: Mapping[str, Any]) -> None:
    leg = work.leg()
    person = _person(said) if said.get("person") else None
    if said.get("whom") == "assignee":
        person = leg.assignee
        if person is None:
            raise RuleRefusedError(_("There is nobody to notify."))
    news = events.RuleNoticed(
        ticket_id=work.ticket.pk,
        seq=work.ticket.version,
        at=work.now,
        by_id=None,
        leg_id=leg.pk,
        rule_id=work.hand.rule.pk,
        person_id=person.pk if person else None,
    )
    work.announce(news)


def do(hand: Hand, said: Mapping[str, Any]) -> Ticket:
    """Do one action of a rule.

    Raises:
        DeskError: it is not possible here; nothing was changed.
    """
    work = RuleWork(hand)
    EFFECTS[said["do"]](work, said)
    work.finish()
    return work.ticket
