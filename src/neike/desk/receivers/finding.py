"""What events are about."""

from neike.desk.choices import LegState
from neike.desk.models import (
    Leg,
    Ticket,
)
from neike.org.models import Person


def leg_of(leg_id: int) -> Leg:
    """Return a leg with its request and people."""
    return Leg.objects.select_related(
        "ticket__requester", "supplier", "customer", "assignee", "offered_by"
    ).get(pk=leg_id)


def ticket_of(ticket_id: int) -> Ticket:
    """Return a request with its people."""
    return Ticket.objects.select_related("requester", "raised_by").get(pk=ticket_id)


def senders(leg: Leg) -> list[Person]:
    """Return who looks at what comes back from a leg: the sending leg's assignee, else who handed it over."""
    parent = (
        Leg.objects.filter(ticket=leg.ticket_id, no=leg.parent_no or 0)
        .exclude(state=LegState.TRANSFERRED)
        .select_related("assignee")
        .first()
    )
    if parent is not None and parent.assignee is not None:
        return [parent.assignee]
    return [leg.offered_by] if leg.offered_by else []
