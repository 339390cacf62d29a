"""What can be looked up about requests. `who` is `policies.standing(person, now=now)`."""

from neike.desk.queries.access import legs_visible_to, messages_visible_to, tickets_visible_to
from neike.desk.queries.changes import changes_since, history
from neike.desk.queries.clocks import clocks_of, reopen_until, why
from neike.desk.queries.finding import search_document, search_documents, search_scopes
from neike.desk.queries.queues import (
    COUNT_CAP,
    Counts,
    Cursor,
    Page,
    counts,
    my_legs,
    my_tickets,
    page_of,
    queue_for,
    to_confirm,
    waiting_for_me,
)
from neike.desk.queries.relay import RelayLeg, Stretch, relay_bar

__all__ = [
    "COUNT_CAP",
    "Counts",
    "Cursor",
    "Page",
    "RelayLeg",
    "Stretch",
    "changes_since",
    "clocks_of",
    "counts",
    "history",
    "legs_visible_to",
    "messages_visible_to",
    "my_legs",
    "my_tickets",
    "page_of",
    "queue_for",
    "relay_bar",
    "reopen_until",
    "search_document",
    "search_documents",
    "search_scopes",
    "tickets_visible_to",
    "to_confirm",
    "waiting_for_me",
    "why",
]
