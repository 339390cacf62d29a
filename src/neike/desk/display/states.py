"""The tone and icon of each state."""

from typing import Final

from django.utils.translation import gettext as _

from neike.desk.choices import LegState, TicketState, WaitingOn
from neike.desk.models import Ticket


def ticket_state_words(ticket: Ticket, *, reader_id: int) -> str:
    """Return the word for a request's state: "you" is only said to those whose move it is."""
    if reader_id not in {ticket.requester_id, ticket.raised_by_id}:
        if ticket.state == TicketState.WAITING:
            return _("waiting for the requester")
        if ticket.state == TicketState.RESOLVED:
            return _("resolved, to be confirmed")
    return str(TicketState(ticket.state).label)


TICKET_TONES: Final[dict[str, str]] = {
    TicketState.SUBMITTED: "primary",
    TicketState.IN_APPROVAL: "info",
    TicketState.IN_PROGRESS: "info",
    TicketState.WAITING: "warning",
    TicketState.RESOLVED: "success",
    TicketState.CLOSED: "neutral",
    TicketState.REJECTED: "error",
    TicketState.CANCELLED: "neutral",
    TicketState.MERGED: "neutral",
}
LEG_TONES: Final[dict[str, str]] = {
    LegState.OFFERED: "primary",
    LegState.ACCEPTED: "info",
    LegState.WORKING: "info",
    LegState.WAITING: "warning",
    LegState.REWORK: "error",
    LegState.DELIVERED: "success",
    LegState.CONFIRMED: "success",
    LegState.RETURNED: "neutral",
    LegState.TRANSFERRED: "neutral",
    LegState.CANCELLED: "neutral",
}
PRIORITY_TONES: Final[dict[str, str]] = {
    "1": "error",
    "2": "warning",
    "3": "neutral",
    "4": "neutral",
}
WAITING_TONES: Final[dict[str, str]] = {
    WaitingOn.SUPPLIER: "primary",
    WaitingOn.REQUESTER: "warning",
    WaitingOn.APPROVER: "info",
    WaitingOn.THIRD_PARTY: "info",
    WaitingOn.OTHER_LEG: "neutral",
    WaitingOn.NONE: "success",
}
"""The colour of a stretch of a leg's life by whose move it was."""
