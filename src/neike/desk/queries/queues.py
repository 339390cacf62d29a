"""Lists of work and of requests: what waits, for whom, in which order; pages by keyset."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, Self, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from neike.desk import policies
from neike.desk.choices import (
    OPEN_TICKET_STATES,
    LegState,
    TicketState,
    WaitingOn,
)
from neike.desk.models import OPEN_LEGS, Leg, Ticket
from neike.desk.policies import Standing
from neike.org.models import Department

COUNT_CAP: Final = 999
"""Counts stop here; pages write "999+"."""

_BESIDE_LEG: Final = ("ticket__requester", "ticket__service", "supplier", "customer", "assignee")

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list ended: what the row is ordered by (a time, a word; None sorts last) and its id."""

    at: datetime | str | None
    pk: int

    def __str__(self) -> str:
        at = f"={self.at}" if isinstance(self.at, str) else self.at.isoformat() if self.at else ""
        text = f"{at}|{self.pk}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what an address carries; None for nothing or nonsense, which begins at the front."""
        try:
            padded = text.encode() + b"=" * (-len(text) % 4)
            at, pk = urlsafe_b64decode(padded).decode().split("|")
            if "\x00" in at or abs(int(pk)) >= 2**63:
                return None
            if at.startswith("="):
                return cls(at[1:], int(pk))
            moment = datetime.fromisoformat(at) if at else None
            if moment is not None and moment.tzinfo is None:
                return None
            return cls(moment.astimezone(UTC) if moment else None, int(pk))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A part of a list; `following` is None on the last page."""

    rows: Sequence[Row]
    following: Cursor | None


def page_of(
    rows: QuerySet[Row],
    *,
    field: str = "next_due_at",
    after: Cursor | None = None,
    size: int = 50,
    newest_first: bool = False,
    words: bool = False,
) -> Page[Row]:
    """Return one page ordered by (field, id): earliest first with None last, or newest first. One query.

    `words`: the field holds text, not a time. A cursor of another kind of order begins at the front.
    """
    if after is not None and after.at is not None and isinstance(after.at, str) != words:
        after = None
    if newest_first:
        ordered = rows.order_by(F(field).desc(nulls_last=True), "-pk")
    else:
        ordered = rows.order_by(F(field).asc(nulls_last=True), "pk")
    if after is not None:
        ordered = ordered.filter(_behind(field, after, newest_first=newest_first))
    found = list(ordered[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    return Page(found[:size], Cursor(getattr(last, field), last.pk))


def _behind(field: str, after: Cursor, *, newest_first: bool) -> Q:
    compare = "lt" if newest_first else "gt"
    same = Q(**{f"pk__{compare}": after.pk})
    if after.at is None:
        return Q(**{f"{field}__isnull": True}) & same
    return (
        Q(**{f"{field}__{compare}": after.at})
        | Q(**{f"{field}__isnull": True})
        | (Q(**{field: after.at}) & same)
    )


def queue_for(who: Standing, department: Department) -> QuerySet[Leg]:
    """Return the open legs a department serves, for somebody who works its queue (nothing for others).

    A row whose `redacted` is true is confidential and not theirs to read: pages show that it is there,
    since when and how urgent, never its title, requester or answers.
    """
    if not who.serves_in(department.pk):
        return Leg.objects.none()
    return _with_redaction(who, Leg.objects.filter(OPEN_LEGS, supplier=department))


def _with_redaction(who: Standing, legs: QuerySet[Leg]) -> QuerySet[Leg]:
    readable = Ticket.objects.filter(policies.readable_by(who), pk=OuterRef("ticket_id"))
    return legs.annotate(redacted=Q(ticket__confidential=True) & ~Exists(readable)).select_related(
        "ticket__requester", "ticket__service", "supplier", "customer", "assignee"
    )


def my_legs(who: Standing) -> QuerySet[Leg]:
    """Return the open legs assigned to a person, or to whom they stand in for."""
    return Leg.objects.filter(OPEN_LEGS, assignee__in=who.acting_for).select_related(*_BESIDE_LEG)


def my_tickets(who: Standing) -> QuerySet[Ticket]:
    """Return what a person asked for or raised for others, newest activity first."""
    return (
        Ticket.objects.filter(Q(requester=who.person_id) | Q(raised_by=who.person_id))
        .select_related("service", "supplier", "requester")
        .order_by("-last_activity_at", "-pk")
    )


def waiting_for_me(who: Standing) -> QuerySet[Ticket]:
    """Return the requests whose next move is the person's as requester: an answer or a confirmation."""
    return (
        Ticket.objects.filter(requester=who.person_id)
        .filter(
            Q(state=TicketState.RESOLVED)
            | Q(state__in=OPEN_TICKET_STATES, waiting_on=WaitingOn.REQUESTER)
        )
        .select_related("service", "supplier")
        .order_by("last_activity_at", "pk")
    )


def to_confirm(who: Standing) -> QuerySet[Leg]:
    """Return what was delivered to the person's departments and waits for their confirmation."""
    legs = Leg.objects.filter(
        customer__in=who.serves | who.leads,
        state=LegState.DELIVERED,
        ended_at__isnull=True,  # follows from the state; see OPEN_LEGS
        is_lead=False,
    ).exclude(assignee__in=who.acting_for)
    return _with_redaction(who, legs).order_by("delivered_at", "pk")


@dataclass(frozen=True, slots=True)
class Counts:
    """Live numbers beside the saved views, each capped at `COUNT_CAP` + 1."""

    mine: int
    offered: int
    overdue: int
    to_confirm: int
    waiting_for_me: int


def counts(who: Standing, *, now: datetime) -> Counts:
    """Return the numbers of a person's lists; five capped queries."""
    served = Leg.objects.filter(supplier__in=who.serves | who.leads)
    return Counts(
        mine=capped(my_legs(who)),
        offered=capped(served.filter(state=LegState.OFFERED)),
        overdue=capped(served.filter(OPEN_LEGS, next_due_at__lt=now)),
        to_confirm=capped(to_confirm(who)),
        waiting_for_me=capped(waiting_for_me(who)),
    )


def capped(rows: QuerySet[Row]) -> int:
    """Count rows, but not beyond `COUNT_CAP` + 1."""
    return rows.order_by()[: COUNT_CAP + 1].count()
