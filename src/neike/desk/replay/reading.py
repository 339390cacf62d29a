"""Which event is allowed when; reading a whole log."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from neike.desk.choices import OPEN_TICKET_STATES, EventKind, TicketState
from neike.desk.replay import (
    approvals,
    handover_steps,
    incidents,
    leg_steps,
    relating,
    tasks,
    ticket_steps,
)
from neike.desk.replay.course import Course
from neike.desk.replay.facts import Event, IllegalEventError, Terms, TicketFacts
from neike.desk.replay.legs import ACTIVE, OFFERED_OR_ACTIVE

_OPEN_TICKET: Final = frozenset(state.value for state in OPEN_TICKET_STATES)

_LEG_STATES: Final[Mapping[str, frozenset[str]]] = {
    EventKind.LEG_ACCEPTED: frozenset({"offered"}),
    EventKind.LEG_RETURNED: OFFERED_OR_ACTIVE | {"waiting"},
    EventKind.LEG_ASSIGNED: OFFERED_OR_ACTIVE | {"waiting"},
    EventKind.LEG_STARTED: frozenset({"accepted"}),
    EventKind.LEG_WAITING: ACTIVE,
    EventKind.LEG_REMINDED: frozenset({"waiting"}),
    EventKind.LEG_RESUMED: frozenset({"waiting"}),
    EventKind.LEG_DELIVERED: ACTIVE,
    EventKind.LEG_CONFIRMED: frozenset({"delivered"}),
    EventKind.LEG_REWORK: frozenset({"delivered"}),
    EventKind.LEG_CANCELLED: OFFERED_OR_ACTIVE | {"waiting"},
    EventKind.RESOLVED: ACTIVE,
}
_TICKET_STATES: Final[Mapping[str, frozenset[str]]] = {
    EventKind.LEG_OFFERED: _OPEN_TICKET,
    EventKind.LEG_ACCEPTED: _OPEN_TICKET,
    EventKind.LEG_RETURNED: _OPEN_TICKET,
    EventKind.LEG_WAITING: _OPEN_TICKET,
    EventKind.LEG_RESUMED: _OPEN_TICKET,
    EventKind.LEG_DELIVERED: _OPEN_TICKET,
    EventKind.LEG_REWORK: _OPEN_TICKET,
    EventKind.LEG_CANCELLED: _OPEN_TICKET,
    EventKind.PRIORITY_CHANGED: _OPEN_TICKET,
    EventKind.RESOLVED: _OPEN_TICKET,
    EventKind.CONFIRMED: frozenset({TicketState.RESOLVED.value}),
    EventKind.REOPENED: frozenset({TicketState.RESOLVED.value, TicketState.CLOSED.value}),
    EventKind.CANCELLED: _OPEN_TICKET,
    EventKind.REJECTED: _OPEN_TICKET,
    EventKind.LEG_RELEASED: _OPEN_TICKET,
    EventKind.APPROVAL_ASKED: _OPEN_TICKET,
    EventKind.APPROVAL_GIVEN: _OPEN_TICKET,
    EventKind.APPROVAL_REFUSED: _OPEN_TICKET,
    EventKind.APPROVAL_MOVED: _OPEN_TICKET,
    EventKind.APPROVAL_WITHDRAWN: _OPEN_TICKET,
    EventKind.TASK_OPENED: _OPEN_TICKET,
    EventKind.TASK_ASSIGNED: _OPEN_TICKET,
    EventKind.TASK_TICKED: _OPEN_TICKET,
    EventKind.TASK_DONE: _OPEN_TICKET,
    EventKind.TASK_REOPENED: _OPEN_TICKET,
    EventKind.TASK_DROPPED: _OPEN_TICKET,
    EventKind.STEP_SKIPPED: _OPEN_TICKET,
    EventKind.MERGED: _OPEN_TICKET,
    EventKind.UNMERGED: frozenset({TicketState.MERGED.value}),
    EventKind.INCIDENT_LINKED: _OPEN_TICKET | {TicketState.RESOLVED.value},
}
_STEPS: Final[Mapping[str, Callable[[Course, Event], None]]] = {
    EventKind.SUBMITTED.value: ticket_steps.submitted,
    EventKind.LEG_OFFERED.value: handover_steps.leg_offered,
    EventKind.LEG_ACCEPTED.value: leg_steps.leg_accepted,
    EventKind.LEG_RETURNED.value: handover_steps.leg_returned,
    EventKind.LEG_ASSIGNED.value: leg_steps.leg_assigned,
    EventKind.LEG_STARTED.value: leg_steps.leg_started,
    EventKind.LEG_WAITING.value: leg_steps.leg_waiting,
    EventKind.LEG_REMINDED.value: leg_steps.leg_reminded,
    EventKind.LEG_RESUMED.value: leg_steps.leg_resumed,
    EventKind.LEG_DELIVERED.value: leg_steps.leg_delivered,
    EventKind.LEG_CONFIRMED.value: leg_steps.leg_confirmed,
    EventKind.LEG_REWORK.value: handover_steps.leg_rework,
    EventKind.LEG_CANCELLED.value: handover_steps.leg_cancelled,
    EventKind.MESSAGE_POSTED.value: ticket_steps.message_posted,
    EventKind.PRIORITY_CHANGED.value: ticket_steps.priority_changed,
    EventKind.PARTICIPANT_ADDED.value: ticket_steps.nothing,
    EventKind.PARTICIPANT_REMOVED.value: ticket_steps.nothing,
    EventKind.RESOLVED.value: ticket_steps.resolved,
    EventKind.CONFIRMED.value: ticket_steps.confirmed,
    EventKind.REOPENED.value: ticket_steps.reopened,
    EventKind.CANCELLED.value: ticket_steps.cancelled,
    EventKind.REJECTED.value: ticket_steps.rejected,
    EventKind.LEG_RELEASED.value: approvals.leg_released,
    EventKind.APPROVAL_ASKED.value: approvals.asked,
    EventKind.APPROVAL_GIVEN.value: approvals.given,
    EventKind.APPROVAL_REFUSED.value: approvals.refused,
    EventKind.APPROVAL_MOVED.value: approvals.moved,
    EventKind.APPROVAL_WITHDRAWN.value: approvals.withdrawn,
    EventKind.TASK_OPENED.value: tasks.opened,
    EventKind.TASK_ASSIGNED.value: tasks.assigned,
    EventKind.TASK_TICKED.value: tasks.ticked,
    EventKind.TASK_DONE.value: tasks.done,
    EventKind.TASK_REOPENED.value: tasks.reopened,
    EventKind.TASK_DROPPED.value: tasks.dropped,
    EventKind.STEP_SKIPPED.value: tasks.step_skipped,
    EventKind.LINKED.value: relating.linked,
    EventKind.UNLINKED.value: relating.unlinked,
    EventKind.MERGED.value: relating.merged,
    EventKind.UNMERGED.value: relating.unmerged,
    EventKind.INCIDENT_LINKED.value: incidents.linked,
    EventKind.INCIDENT_UNLINKED.value: incidents.unlinked,
}


def apply(course: Course, event: Event) -> None:
    """Let one event happen.

    Raises:
        IllegalEventError: the states do not allow it, or it is not the next one; `course` is as before.
    """
    _check(course, event)
    _STEPS[event.kind](course, event)
    course.at, course.version = event.at, event.seq
    if event.leg_no is not None:
        course.legs[event.leg_no].version = event.seq
    course.follow_lead(event.at)


def _check(course: Course, event: Event) -> None:
    if event.seq != course.version + 1:
        raise IllegalEventError(event, f"follows event {course.version}")
    if course.at is not None and event.at < course.at:
        raise IllegalEventError(event, f"lies before the event in front of it ({course.at})")
    if (event.kind == EventKind.SUBMITTED) != (course.version == 0):
        raise IllegalEventError(event, "only the first event submits the request")
    if event.kind not in _STEPS:
        raise IllegalEventError(event, "unknown kind")
    allowed = _TICKET_STATES.get(event.kind)
    if allowed is not None and course.state not in allowed:
        raise IllegalEventError(event, f"the request is {course.state}")
    states = _LEG_STATES.get(event.kind)
    if states is not None:
        leg = course.leg(event)
        if leg.state not in states:
            raise IllegalEventError(event, f"the leg is {leg.state}")


def replay(events: Iterable[Event], terms: Mapping[int, Terms]) -> TicketFacts:
    """Read a whole log; `terms[standard_id]` must hold every standard its events name.

    Raises:
        IllegalEventError: an event is not allowed where it stands.
    """
    course = Course(terms)
    for event in events:
        apply(course, event)
    return course.facts()
