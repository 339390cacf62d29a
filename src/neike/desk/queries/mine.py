"""A requester's own side: what they asked for, what they began, what comes back to them."""

from collections.abc import Sequence
from typing import Final

from django.db.models import Prefetch, Q, QuerySet, TextChoices

from neike.catalog.choices import TargetMetric
from neike.catalog.models import Service
from neike.desk.choices import FINAL_TICKET_STATES, OPEN_TICKET_STATES, TicketState
from neike.desk.models import Clock, Leg, Ticket, TicketDraft
from neike.desk.policies import Standing
from neike.desk.queries import queues

LONGEST_SEARCH: Final = 80
_LONGEST_NUMBER: Final = 18


class Tab(TextChoices):
    """The parts of "my requests"."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"


def requests_of(who: Standing, tab: str, text: str = "") -> QuerySet[Ticket]:
    """Return the requests of a tab that fit a text, in no order; what is waiting is open, too."""
    rows = queues.my_tickets(who).order_by()
    if tab == Tab.WAITING:
        rows = queues.waiting_for_me(who).order_by().select_related("requester")
    elif tab == Tab.OPEN:
        rows = rows.filter(state__in=(*OPEN_TICKET_STATES, TicketState.RESOLVED))
    else:
        rows = rows.filter(state__in=FINAL_TICKET_STATES)
    return _fitting(rows, text)


def _fitting(rows: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    text = text.replace("\x00", "").strip()[:LONGEST_SEARCH]
    if not text:
        return rows
    fits = Q(title__icontains=text)
    number = number_in(text)
    if number is not None:
        fits |= Q(number=number)
    return rows.filter(fits)


def number_in(text: str) -> int | None:
    """Return the number of a request that somebody typed ("R-1042", "r1042", "1042"), else None."""
    digits = text.strip().upper().removeprefix("R").removeprefix("-").strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        return None
    return int(digits)


def counts_of_tabs(who: Standing, text: str = "") -> dict[str, int]:
    """Return how many requests each tab holds, each capped at `COUNT_CAP` + 1; three queries."""
    return {tab.value: queues.capped(requests_of(who, tab, text)) for tab in Tab}


def with_progress(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Load what a row shows beside the request: its legs, and the clock of the whole request as `promises`."""
    legs = Leg.objects.select_related("assignee").order_by("no")
    whole = Clock.objects.filter(leg__isnull=True, metric=TargetMetric.END_TO_END)
    return rows.select_related("service", "requester").prefetch_related(
        Prefetch("legs", legs),
        Prefetch(
            "clocks",
            whole.select_related("calendar").prefetch_related("calendar__years").order_by("cycle"),
            to_attr="promises",
        ),
    )


def draft_of(who: Standing, service: Service) -> TicketDraft | None:
    """Return what a person began to ask of a service and did not send."""
    return TicketDraft.objects.filter(person=who.person_id, service=service).first()


def drafts_of(who: Standing, services: QuerySet[Service]) -> Sequence[TicketDraft]:
    """Return a person's drafts for these services, the latest first, at most ten."""
    rows = TicketDraft.objects.filter(person=who.person_id, service__in=services.order_by())
    return list(rows.select_related("service").order_by("-updated_at")[:10])


def similar_open(who: Standing, service: Service) -> Sequence[Ticket]:
    """Return a person's open requests for the same service, the latest three."""
    rows = Ticket.objects.filter(
        requester=who.person_id, service=service, state__in=OPEN_TICKET_STATES
    )
    return list(rows.order_by("-submitted_at", "-pk")[:3])


def was_sent(who: Standing, client_key: str) -> bool:
    """Tell whether the form with this key has become a request already."""
    sent = Ticket.objects.filter(raised_by=who.person_id, client_key=client_key)
    return bool(client_key) and sent.exists()
