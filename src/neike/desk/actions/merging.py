"""Making one of two requests that are about the same, and taking that back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from neike.desk import events, policies
from neike.desk.actions.errors import NotPossibleError, UndoOverError
from neike.desk.actions.linking import require_readable
from neike.desk.actions.related_errors import (
    ConfidentialMergeError,
    HasPartsError,
    NotYoursToRelateError,
    SameRequestError,
    SurvivorClosedError,
)
from neike.desk.actions.work import REASON_LIMIT, UNDO_FOR, Work, begin_both
from neike.desk.choices import OPEN_TICKET_STATES, EventKind, LinkKind
from neike.desk.models import Participant, Ticket, TicketLink
from neike.kernel.policies import require
from neike.org.models import Person


@transaction.atomic
def merge(
    *, ticket: Ticket, into: Ticket, by: Person, version: int, now: datetime, why: str = ""
) -> Ticket:
    """Let `ticket` go on in `into`: it ends, its clocks are void, its people follow the other one.

    Its conversation stays where it is. Within ten minutes `unmerge` takes it back. Returns the fresh `ticket`.

    Raises:
        PermissionDenied: `by` does not work for the department that leads `ticket`.
        TicketChangedError: somebody was faster.
        UnknownRequestError: `by` may not read the other.
        NotYoursToRelateError, SameRequestError, SurvivorClosedError, ConfidentialMergeError, HasPartsError: see there.
        NotPossibleError: `ticket` is not open.
    """
    if ticket.pk == into.pk:
        raise SameRequestError
    own, survivor = begin_both(ticket, into, by=by, now=now)
    _require_both(own, survivor)
    own.refuse_stale(version)
    _require_mergeable(own, survivor)
    added = [person.pk for person in _followers(own.ticket, survivor.ticket)]
    event = own.happen(
        EventKind.MERGED, other=survivor.ticket.pk, reason=why.strip()[:REASON_LIMIT]
    )
    survivor.happen(
        EventKind.LINKED, link=LinkKind.MERGED_FROM.value, other=own.ticket.pk, followers=added
    )
    _let_follow(survivor, added, by=by, now=now)
    own.tell(events.TicketMerged, event, into_id=survivor.ticket.pk)
    own.finish()
    survivor.finish()
    return own.ticket


def _require_both(own: Work, survivor: Work) -> None:
    require(policies.may_merge(own.who, own.ticket, own.lead_leg()))
    require_readable(own, survivor.ticket)
    if not policies.may_merge(own.who, survivor.ticket, survivor.lead_leg()):
        raise NotYoursToRelateError(survivor.ticket)


def _require_mergeable(own: Work, survivor: Work) -> None:
    """Go on when the states and confidentiality of the two let one go on in the other."""
    if survivor.ticket.state not in OPEN_TICKET_STATES:
        raise SurvivorClosedError(survivor.ticket)
    if own.ticket.state not in OPEN_TICKET_STATES:
        raise NotPossibleError("the request is not open")
    if any(kind == LinkKind.PARENT_OF for kind, _other in own.log.course.links):
        raise HasPartsError
    if own.ticket.confidential and not survivor.ticket.confidential:
        raise ConfidentialMergeError(survivor.ticket)
    if survivor.ticket.confidential:
        for person in (own.ticket.requester, own.ticket.raised_by):
            if not policies.may_read(policies.standing(person, now=own.now), survivor.ticket):
                raise ConfidentialMergeError(survivor.ticket)


def _followers(ticket: Ticket, into: Ticket) -> list[Person]:
    """Return who follows the other request from now on: all of this one who do not yet.

    Nobody new is let into a confidential request.
    """
    if into.confidential:
        return []
    there = {into.requester_id, into.raised_by_id}
    there |= set(into.participants.values_list("person_id", flat=True))
    people = [ticket.requester, ticket.raised_by]
    people += [each.person for each in ticket.participants.select_related("person").order_by("pk")]
    return [
        person for person in {each.pk: each for each in people}.values() if person.pk not in there
    ]


def _let_follow(survivor: Work, people: Iterable[int], *, by: Person, now: datetime) -> None:
    for pk in people:
        Participant.objects.create(ticket=survivor.ticket, person_id=pk, added_by=by, added_at=now)
        survivor.happen(EventKind.PARTICIPANT_ADDED, person=pk)


@transaction.atomic
def unmerge(*, ticket: Ticket, by: Person, version: int, now: datetime) -> Ticket:
    """Take a merge back within ten minutes: `ticket` goes on as though it had not been, its clocks, too.

    Raises:
        PermissionDenied: `by` does not work for the departments that lead the two.
        TicketChangedError: somebody was faster.
        UndoOverError: it was longer ago.
        NotPossibleError: it was not merged.
    """
    found = TicketLink.objects.filter(ticket=ticket, kind=LinkKind.MERGED_INTO)
    link = found.select_related("other").first()
    if link is None:
        raise NotPossibleError("the request was not merged")
    own, survivor = begin_both(ticket, link.other, by=by, now=now)
    _require_both(own, survivor)
    own.refuse_stale(version)
    if now > link.at + UNDO_FOR:
        raise UndoOverError
    event = own.happen(EventKind.UNMERGED, other=survivor.ticket.pk)
    _unfollow(survivor, own.ticket.pk)
    survivor.happen(EventKind.UNLINKED, link=LinkKind.MERGED_FROM.value, other=own.ticket.pk)
    own.tell(events.TicketUnmerged, event, into_id=survivor.ticket.pk)
    own.finish()
    survivor.finish()
    return own.ticket


def _unfollow(survivor: Work, merged_id: int) -> None:
    """Take back the followers that merging brought, those who still follow."""
    came: list[int] = next(
        event.data.get("followers", [])
        for event in reversed(survivor.log.events)
        if event.kind == EventKind.LINKED
        and (event.data["link"], event.data["other"]) == (LinkKind.MERGED_FROM, merged_id)
    )
    for pk in came:
        gone, _rows = Participant.objects.filter(ticket=survivor.ticket, person_id=pk).delete()
        if gone:
            survivor.happen(EventKind.PARTICIPANT_REMOVED, person=pk)
