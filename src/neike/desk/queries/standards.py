"""What another version of a standard would mean for the requests that are open now. They keep theirs (R16)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from neike.catalog.choices import TargetMetric
from neike.catalog.models import ServiceStandard
from neike.desk.choices import OPEN_TICKET_STATES, ClockState
from neike.desk.models import Clock, Ticket
from neike.desk.queries.backtests import replayed

MOST: Final = 1000
"""So many open requests are looked at; more are said to be more."""


@dataclass(frozen=True, slots=True)
class OpenUnder:
    """Open requests of a service, how many are late by what they were promised, and how many would be by the draft."""

    open: int
    late: int
    would_be_late: int
    is_part: bool


def open_under(draft: ServiceStandard, *, now: datetime) -> OpenUnder:
    """Compare the end-to-end promise of a service's open requests with a draft's; a fixed number of queries."""
    tickets = Ticket.objects.filter(service=draft.service_id, state__in=OPEN_TICKET_STATES)
    ids = sorted(tickets.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    looked_at = ids[-MOST:]
    clocks = Clock.objects.filter(
        ticket__in=looked_at, metric=TargetMetric.END_TO_END, leg__isnull=True
    )
    late = clocks.filter(state=ClockState.RUNNING, due_at__lt=now) | clocks.filter(
        state=ClockState.PAUSED, remaining_seconds=0
    )
    would = {
        each.ticket_id
        for each in replayed(draft, looked_at, now=now)
        if each.metric == TargetMetric.END_TO_END and each.leg_no is None and each.kept is False
    }
    return OpenUnder(
        open=len(looked_at), late=late.count(), would_be_late=len(would), is_part=len(ids) > MOST
    )
