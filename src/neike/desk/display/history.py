"""What happened to a request, one sentence for each event, with what people wrote in between."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.catalog.choices import HandOverMode, Priority
from neike.desk.choices import EventKind, ReturnReason, Visibility, WaitingOn
from neike.desk.display import by_itself, times
from neike.desk.display import history_of_relations as relations
from neike.desk.display import history_of_steps as steps
from neike.desk.models import Leg, Message, Ticket, TicketEvent
from neike.org.models import Person
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the conversation: an event in words, or what somebody wrote (`message` with its `files`)."""

    seq: int
    at: datetime
    icon: str
    tone: str
    who: str
    text: str
    message: Message | None = None
    files: Sequence[Any] = ()
    note: str = ""

    @property
    def is_internal(self) -> bool:
        """Whether only those who serve read it."""
        return self.message is not None and self.message.visibility == Visibility.INTERNAL


@dataclass(frozen=True, slots=True)
class Names:
    """What sentences need to know: the request's legs by number, departments, people by id, readable requests by id."""

    legs: Mapping[int, Leg]
    chart: OrgChart
    people: Mapping[int, str]
    now: datetime
    tickets: Mapping[int, Ticket] = field(default_factory=dict)

    def supplier(self, leg_no: int | None) -> str:
        """Return the department that serves in a leg."""
        leg = self.legs.get(leg_no) if leg_no is not None else None
        return self.chart.name(leg.supplier_id) if leg else ""

    def customer(self, leg_no: int | None) -> str:
        """Return the department that is served in a leg."""
        leg = self.legs.get(leg_no) if leg_no is not None else None
        return self.chart.name(leg.customer_id) if leg else ""


LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    EventKind.SUBMITTED: ("send", "primary"),
    EventKind.LEG_OFFERED: ("handover", "primary"),
    EventKind.LEG_ACCEPTED: ("accept", "info"),
    EventKind.LEG_RETURNED: ("return", "warning"),
    EventKind.LEG_ASSIGNED: ("person", "neutral"),
    EventKind.LEG_STARTED: ("running", "info"),
    EventKind.LEG_WAITING: ("waiting", "warning"),
    EventKind.LEG_REMINDED: ("bell", "warning"),
    EventKind.LEG_RESUMED: ("running", "info"),
    EventKind.LEG_DELIVERED: ("met", "success"),
    EventKind.LEG_CONFIRMED: ("check", "success"),
    EventKind.LEG_REWORK: ("undo", "error"),
    EventKind.LEG_CANCELLED: ("close", "neutral"),
    EventKind.MESSAGE_POSTED: ("message", "neutral"),
    EventKind.PARTICIPANT_ADDED: ("eye", "neutral"),
    EventKind.PARTICIPANT_REMOVED: ("eye-off", "neutral"),
    EventKind.PRIORITY_CHANGED: ("bolt", "warning"),
    EventKind.RESOLVED: ("met", "success"),
    EventKind.CONFIRMED: ("check", "success"),
    EventKind.REOPENED: ("undo", "warning"),
    EventKind.CANCELLED: ("close", "neutral"),
    EventKind.REJECTED: ("close", "error"),
    EventKind.LEG_RELEASED: ("running", "info"),
    EventKind.APPROVAL_ASKED: ("seal", "primary"),
    EventKind.APPROVAL_GIVEN: ("check", "success"),
    EventKind.APPROVAL_REFUSED: ("close", "error"),
    EventKind.APPROVAL_MOVED: ("person", "neutral"),
    EventKind.APPROVAL_WITHDRAWN: ("close", "neutral"),
    EventKind.TASK_OPENED: ("note", "primary"),
    EventKind.TASK_ASSIGNED: ("person", "neutral"),
    EventKind.TASK_TICKED: ("check", "neutral"),
    EventKind.TASK_DONE: ("check", "success"),
    EventKind.TASK_REOPENED: ("undo", "warning"),
    EventKind.TASK_DROPPED: ("close", "neutral"),
    EventKind.STEP_SKIPPED: ("close", "neutral"),
    EventKind.LINKED: ("link", "neutral"),
    EventKind.UNLINKED: ("unlink", "neutral"),
    EventKind.MERGED: ("merge", "neutral"),
    EventKind.UNMERGED: ("undo", "warning"),
    EventKind.INCIDENT_LINKED: ("link", "warning"),
    EventKind.INCIDENT_UNLINKED: ("unlink", "neutral"),
}
"""Icon and tone of each kind of event."""


def people_in(events: Iterable[TicketEvent]) -> dict[int, str]:
    """Return the names of the people whom events name in their data, in one query."""
    wanted: set[int | None] = set()
    for event in events:
        wanted |= {event.data.get("person"), event.data.get("to")}
        wanted |= set(event.data.get("approvers", ()))
    return dict(Person.objects.filter(pk__in=[pk for pk in wanted if pk]).values_list("pk", "name"))


def moments(
    events: Iterable[TicketEvent],
    names: Names,
    *,
    messages: Mapping[int, Message],
    files: Mapping[int, Sequence[Any]],
) -> list[Moment]:
    """Return the conversation in the order things happened. Messages and requests the reader may not see are left out."""
    found = []
    for event in events:
        if relations.is_hidden(event, names):
            continue
        if event.kind == EventKind.MESSAGE_POSTED:
            message = messages.get(event.data.get("message", 0))
            if message is not None:
                found.append(_written(event, message, files.get(message.pk, ())))
            continue
        icon, tone = LOOKS[event.kind]
        note = event.data.get("reason", "") if event.kind in _QUOTES else by_itself.note_of(event)
        found.append(
            Moment(
                event.seq,
                event.at,
                icon,
                tone,
                by_itself.who_did(event),
                sentence(event, names),
                note=note,
            )
        )
    return found


_QUOTES: Final = (
    EventKind.PRIORITY_CHANGED,
    EventKind.LEG_WAITING,
    EventKind.TASK_DROPPED,
    EventKind.STEP_SKIPPED,
    EventKind.MERGED,
)
"""Kinds whose reason stands nowhere else: the others post theirs as a message."""


def _written(event: TicketEvent, message: Message, files: Sequence[Any]) -> Moment:
    internal = message.visibility == Visibility.INTERNAL
    copied = "copied" in event.data
    return Moment(
        seq=event.seq,
        at=message.created_at if copied else event.at,
        icon="note" if internal else "message",
        tone="warning" if internal else "primary",
        who=by_itself.who_did(event) if by_itself.rule_of(event) else message.author.name,
        text=_("Internal note") if internal else "",
        note=_("taken along from the first request") if copied else "",
        message=message,
        files=files,
    )


def sentence(event: TicketEvent, names: Names) -> str:
    """Return what happened, without who did it."""
    return _SENTENCES[event.kind](event, names)


def _submitted(_event: TicketEvent, _names: Names) -> str:
    return _("made the request")


def _offered(event: TicketEvent, names: Names) -> str:
    to, mode = names.supplier(event.leg_no), event.data.get("mode")
    if event.data.get("parent") is None:
        return _("offered it to %(department)s") % {"department": to}
    if mode == HandOverMode.TRANSFER:
        return _("passed it on to %(department)s for good") % {"department": to}
    if mode == HandOverMode.PARALLEL:
        return _("asked %(department)s to work beside them") % {"department": to}
    return _("handed over to %(department)s and waits for the result") % {"department": to}


def _accepted(event: TicketEvent, names: Names) -> str:
    what = {"department": names.supplier(event.leg_no)}
    if event.data.get("automatic"):
        return _("accepted for %(department)s, because the time to accept was over") % what
    if event.data.get("by_policy"):
        return _("accepted for %(department)s, which accepts at once") % what
    return _("accepted for %(department)s") % what


def _returned(event: TicketEvent, names: Names) -> str:
    return _("returned it to %(department)s: %(reason)s") % {
        "department": names.customer(event.leg_no),
        "reason": ReturnReason(event.data["reason"]).label,
    }


def _assigned(event: TicketEvent, names: Names) -> str:
    person = event.data.get("person")
    if person is None:
        return _("gave it back to %(department)s") % {"department": names.supplier(event.leg_no)}
    return _("gave it to %(person)s") % {"person": names.people.get(person, "?")}


def _started(_event: TicketEvent, _names: Names) -> str:
    return _("started working on it")


def _waiting(event: TicketEvent, names: Names) -> str:
    at = event.data.get("follow_up_at")
    until = times.short(datetime.fromisoformat(at), now=names.now) if at else ""
    what = {"whom": WaitingOn(event.data["waiting_on"]).label, "until": until}
    return _("waits for %(whom)s; looks again %(until)s") % what


def _reminded(_event: TicketEvent, _names: Names) -> str:
    return _("reminded the requester of the question")


def _resumed(_event: TicketEvent, _names: Names) -> str:
    return _("went on with it")


def _delivered(event: TicketEvent, names: Names) -> str:
    return _("delivered to %(department)s") % {"department": names.customer(event.leg_no)}


def _leg_confirmed(event: TicketEvent, names: Names) -> str:
    what = {"department": names.supplier(event.leg_no)}
    if event.data.get("automatic"):
        return _("confirmed what %(department)s delivered, because nobody objected in time") % what
    return _("confirmed what %(department)s delivered") % what


def _rework(event: TicketEvent, names: Names) -> str:
    return _("sent it back to %(department)s for rework") % {
        "department": names.supplier(event.leg_no)
    }


def _leg_cancelled(event: TicketEvent, names: Names) -> str:
    return _("took the work back from %(department)s") % {
        "department": names.supplier(event.leg_no)
    }


def _followed(event: TicketEvent, names: Names) -> str:
    return _("let %(person)s follow") % {"person": names.people.get(event.data["person"], "?")}


def _unfollowed(event: TicketEvent, names: Names) -> str:
    return _("%(person)s follows no more") % {"person": names.people.get(event.data["person"], "?")}


def _priority(event: TicketEvent, _names: Names) -> str:
    return _("changed the priority from %(before)s to %(after)s") % {
        "before": Priority(event.data["before"]).label,
        "after": Priority(event.data["priority"]).label,
    }


def _resolved(event: TicketEvent, _names: Names) -> str:
    if event.data.get("automatic"):
        return _("resolved it, because the question stayed unanswered")
    return _("resolved it; the requester looks at the result")


def _confirmed(event: TicketEvent, _names: Names) -> str:
    if event.data.get("automatic"):
        return _("closed it, because nobody objected in time")
    return _("confirmed the result and closed the request")


def _reopened(_event: TicketEvent, _names: Names) -> str:
    return _("reopened the request")


def _cancelled(_event: TicketEvent, _names: Names) -> str:
    return _("withdrew the request")


def _message(event: TicketEvent, _names: Names) -> str:
    internal = event.data.get("visibility") == Visibility.INTERNAL
    return _("wrote an internal note") if internal else _("wrote a message")


_SENTENCES: Final[Mapping[str, Callable[[TicketEvent, Names], str]]] = {
    EventKind.SUBMITTED: _submitted,
    EventKind.LEG_OFFERED: _offered,
    EventKind.LEG_ACCEPTED: _accepted,
    EventKind.LEG_RETURNED: _returned,
    EventKind.LEG_ASSIGNED: _assigned,
    EventKind.LEG_STARTED: _started,
    EventKind.LEG_WAITING: _waiting,
    EventKind.LEG_REMINDED: _reminded,
    EventKind.LEG_RESUMED: _resumed,
    EventKind.LEG_DELIVERED: _delivered,
    EventKind.LEG_CONFIRMED: _leg_confirmed,
    EventKind.LEG_REWORK: _rework,
    EventKind.LEG_CANCELLED: _leg_cancelled,
    EventKind.MESSAGE_POSTED: _message,
    EventKind.PARTICIPANT_ADDED: _followed,
    EventKind.PARTICIPANT_REMOVED: _unfollowed,
    EventKind.PRIORITY_CHANGED: _priority,
    EventKind.RESOLVED: _resolved,
    EventKind.CONFIRMED: _confirmed,
    EventKind.REOPENED: _reopened,
    EventKind.CANCELLED: _cancelled,
    **steps.SENTENCES,
    **relations.SENTENCES,
}
