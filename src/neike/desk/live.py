"""Which open pages a change of a request concerns: said as topics of `kernel.live`, which carry nothing but that.

`ticket:<id>` is the request's page, `notes:<id>` the same for those who read internal notes, `queue:<department>` the
queue of a department, `person:<id>` somebody's own lists and numbers, `presence:<id>` who has the request open,
`notices:<department>` what a department tells its customers (0: what is told to everybody).
"""

from collections.abc import Iterable
from typing import Final

from neike.desk.choices import EventKind, Visibility
from neike.desk.models import DepartmentNotice, Ticket, TicketEvent
from neike.desk.replay import TicketFacts

TICKET: Final = "ticket"
NOTES: Final = "notes"
QUEUE: Final = "queue"
PERSON: Final = "person"
PRESENCE: Final = "presence"
NOTICES: Final = "notices"
EVERYBODY: Final = 0
"""The id of `NOTICES` that everybody hears."""


def topics_of(ticket: Ticket, facts: TicketFacts, happened: Iterable[TicketEvent]) -> list[str]:
    """Return whom what has just happened to a request concerns.

    An internal note moves nothing that its requester could notice; no event at all means that its hours changed.
    """
    found = [f"{NOTES}:{ticket.pk}", *_queues(facts)]
    kinds = [_is_internal(event) for event in happened]
    if kinds and all(kinds):
        return found
    people = {ticket.requester_id, ticket.raised_by_id, *_workers(facts)}
    return [f"{TICKET}:{ticket.pk}", *found, *(f"{PERSON}:{pk}" for pk in sorted(people))]


def _workers(facts: TicketFacts) -> set[int]:
    """Return who works on it or was asked to decide."""
    found = {leg.assignee_id for leg in facts.legs} | {task.assignee_id for task in facts.tasks}
    found |= {vote.person_id for each in facts.approvals for vote in each.votes}
    return {pk for pk in found if pk is not None}


def _queues(facts: TicketFacts) -> list[str]:
    """Return the queues of those who serve, and of those to whom another department delivers."""
    serving = {leg.supplier_id for leg in facts.legs}
    serving |= {task.department_id for task in facts.tasks}
    asking = {leg.customer_id for leg in facts.legs if not leg.is_lead}
    return [f"{QUEUE}:{pk}" for pk in sorted(serving | asking)]


def _is_internal(event: TicketEvent) -> bool:
    posted = event.kind == EventKind.MESSAGE_POSTED
    return posted and event.data.get("visibility") == Visibility.INTERNAL


def topics_of_notice(notice: DepartmentNotice, *, audience: Iterable[int]) -> list[str]:
    """Return whom a change of a notice concerns: its department, and those it is or was meant for (none: all)."""
    meant = list(audience) or [EVERYBODY]
    return [f"{NOTICES}:{pk}" for pk in dict.fromkeys([notice.department_id, *meant])]


def notices_heard(departments: Iterable[int]) -> str:
    """Return what a page with notices follows, for somebody who hears of these departments."""
    return " ".join(f"{NOTICES}:{pk}" for pk in (EVERYBODY, *departments))
