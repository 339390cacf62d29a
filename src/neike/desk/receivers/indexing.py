"""Keep requests findable."""

from datetime import datetime

from neike.desk import events, queries
from neike.desk.receivers.finding import ticket_of
from neike.kernel import search
from neike.kernel.outbox import receives


def _index(event: events.TicketSubmitted, *, now: datetime) -> None:
    """Let the search index follow."""
    search.index(queries.search_document(ticket_of(event.ticket_id)))


for _kind in (
    events.TicketSubmitted,
    events.LegOffered,
    events.LegAccepted,
    events.LegAssigned,
    events.MessagePosted,
    events.ParticipantAdded,
    events.ApprovalAsked,
    events.TaskOpened,
    events.TaskAssigned,
):
    receives(_kind, name=f"desk.index_after.{_kind.name}")(_index)
