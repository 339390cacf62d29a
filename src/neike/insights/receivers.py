"""What happens to a request reaches the numbers."""

from datetime import datetime
from typing import Any, Final

from neike.desk import events
from neike.insights import actions
from neike.kernel.outbox import receives

HEARD: Final = (
    events.TicketSubmitted,
    events.LegOffered,
    events.LegAccepted,
    events.LegWaiting,
    events.LegReturned,
    events.LegDelivered,
    events.LegConfirmed,
    events.LegReworked,
    events.MessagePosted,
    events.TicketResolved,
    events.TicketConfirmed,
    events.TicketReopened,
    events.TicketCancelled,
    events.TicketMerged,
    events.TicketUnmerged,
)


def take_in(event: Any, *, now: datetime) -> None:  # noqa: ANN401 - any event of a request
    """Take the request into the numbers again."""
    actions.take_in([event.ticket_id])


for _kind in HEARD:
    receives(_kind, name=f"insights.take_in.{_kind.name}")(take_in)
