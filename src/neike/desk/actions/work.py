"""What every action does first and last: lock, see who asks, refuse what is stale; write, announce."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from neike.desk import policies, projections, queries, ticket_events
from neike.desk.actions.errors import (
    BadTextError,
    LegChangedError,
    NotPossibleError,
    ReasonNeededError,
    TicketChangedError,
)
from neike.desk.choices import EventKind, Visibility
from neike.desk.live import topics_of
from neike.desk.models import Leg, Message, Ticket
from neike.desk.policies import Standing
from neike.desk.replay import APPROVER, REQUESTER, SERVING, Event, IllegalEventError
from neike.desk.ticket_events import TicketLog
from neike.kernel import live, outbox
from neike.org.models import Person

TEXT_LIMIT = 20_000
REASON_LIMIT = 300
UNDO_FOR: Final = timedelta(minutes=10)
"""How long what has an inverse can be undone."""


class Work:
    """One change of one locked ticket. `by` is None where time acts."""

    def __init__(self, log: TicketLog, *, by: Person | None, now: datetime) -> None:
        self.log, self.by, self.now = log, by, now
        self._news: list[Callable[[dict[int, int]], Any]] = []

    @property
    def ticket(self) -> Ticket:
        """The locked ticket; fresh after `finish`."""
        return self.log.ticket

    @cached_property
    def who(self) -> Standing:
        """What the acting person is in the organisation, read anew under the lock."""
        if self.by is None:
            raise TypeError("time has no standing")
        return policies.standing(self.by, now=self.now)

    def lead_leg(self) -> Leg:
        """Return the leg that answers for the request."""
        return self.ticket.legs.get(is_lead=True)

    def refuse_stale(self, version: int) -> None:
        """Go on when `version` is the ticket's present one.

        Raises:
            TicketChangedError: somebody was faster.
        """
        if self.ticket.version != version:
            raise TicketChangedError(self.ticket, queries.changes_since(self.ticket, version))

    def refuse_stale_leg(self, leg: Leg, version: int) -> None:
        """Go on when `version` is the leg's present one.

        Raises:
            LegChangedError: somebody was faster.
        """
        if leg.version != version:
            changes = queries.changes_since(self.ticket, version, leg=leg)
            raise LegChangedError(leg, changes)

    def happen(self, kind: EventKind, leg_no: int | None = None, **data: Any) -> Event:
        """Append an event.

        Raises:
            NotPossibleError: the state does not allow it.
        """
        try:
            return self.log.append(kind, by=self.by, leg_no=leg_no, data=data)
        except IllegalEventError as error:
            raise NotPossibleError(str(error)) from error

    def tell(
        self,
        kind: Callable[..., Any],
        event: Event,
        *,
        leg_no: int | None = None,
        **more: Any,
    ) -> None:
        """Announce upward, once everything is written, what `event` means to others."""

        def build(legs: dict[int, int]) -> Any:  # noqa: ANN401 - one of `events`
            leg = {} if leg_no is None else {"leg_id": legs[leg_no]}
            return kind(
                ticket_id=self.ticket.pk,
                seq=event.seq,
                at=event.at,
                by_id=event.by_id,
                **leg,
                **more,
            )

        self._news.append(build)

    def post(
        self,
        body: str,
        *,
        visibility: Visibility = Visibility.PUBLIC,
        party: str | None = None,
        leg: Leg | None = None,
        client_key: str = "",
        automatic: bool = False,
    ) -> tuple[Message, Event]:
        """Write a message and its event; `party` None: whoever `by` is."""
        if self.by is None:
            raise TypeError("time writes no messages")
        message = Message.objects.create(
            ticket=self.ticket,
            leg=leg,
            author=self.by,
            visibility=visibility,
            automatic=automatic,
            body=body,
            created_at=self.now,
            client_key=client_key,
        )
        event = self.happen(
            EventKind.MESSAGE_POSTED,
            message=message.pk,
            visibility=visibility.value,
            party=party or self.party(),
            automatic=automatic,
        )
        return message, event

    def party(self) -> str:
        """Return on which side the acting person stands: the requester's own posts never answer (R8)."""
        if self.by is None or self.by.pk == self.ticket.requester_id:
            return REQUESTER
        if policies.may_read_internal(self.who, self.ticket):
            return SERVING
        return APPROVER if policies.is_asked(self.who, self.ticket) else REQUESTER

    def finish(self) -> None:
        """Write the events and what follows from them, announce, and let open pages know."""
        happened = list(self.log.new)
        facts = projections.commit(self.log)
        live.changed(*topics_of(self.ticket, facts, happened), now=self.now)
        legs = dict(self.ticket.legs.values_list("no", "pk")) if self._news else {}
        for build in self._news:
            self.announce(build(legs))

    def announce(self, event: Any) -> None:  # noqa: ANN401 - one of `events`
        """Tell upward, in the order of the ticket's events."""
        outbox.announce(event, aggregate=f"ticket:{self.ticket.pk}", now=self.now)

    def finish_leg(self, no: int) -> Leg:
        """Finish and return the fresh leg of that number."""
        self.finish()
        return Leg.objects.select_related("ticket", "supplier", "customer", "assignee").get(
            ticket=self.ticket, no=no
        )


def begin(ticket: Ticket, *, by: Person | None, now: datetime) -> Work:
    """Lock a ticket to change it; to be called inside a transaction."""
    return Work(ticket_events.lock(ticket.pk, now=now), by=by, now=now)


def begin_both(
    ticket: Ticket, other: Ticket, *, by: Person | None, now: datetime
) -> tuple[Work, Work]:
    """Lock two requests, always in the same order, so that two people who take them crosswise wait for each other."""
    first, second = sorted((ticket, other), key=lambda each: each.pk)
    works = {each.pk: begin(each, by=by, now=now) for each in (first, second)}
    return works[ticket.pk], works[other.pk]


def begin_leg(leg: Leg, *, by: Person | None, now: datetime) -> tuple[Work, Leg]:
    """Lock a leg's ticket and read the leg anew."""
    work = Work(ticket_events.lock(leg.ticket_id, now=now), by=by, now=now)
    return work, work.ticket.legs.get(pk=leg.pk)


def text(given: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return what somebody wrote, stripped.

    Raises:
        BadTextError: nothing is left, or it is too long.
    """
    kept = given.replace("\x00", "").strip()
    if not kept or len(kept) > limit:
        raise BadTextError(limit)
    return kept


def reason(given: str) -> str:
    """Return a reason, stripped, at most 300 characters.

    Raises:
        ReasonNeededError: nothing is left.
        BadTextError: it is too long.
    """
    if not given.strip():
        raise ReasonNeededError
    return text(given, limit=REASON_LIMIT)
