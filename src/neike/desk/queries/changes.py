"""What happened to a request."""

from django.db.models import Q, QuerySet

from neike.desk import policies
from neike.desk.choices import EventKind, Visibility
from neike.desk.models import Leg, Ticket, TicketEvent
from neike.desk.policies import Standing


def changes_since(ticket: Ticket, version: int, *, leg: Leg | None = None) -> list[TicketEvent]:
    """Return what happened after `version`, oldest first; with a leg: to it or to the request as a whole."""
    found = TicketEvent.objects.filter(ticket=ticket, seq__gt=version).order_by("seq")
    if leg is not None:
        found = found.filter(Q(leg_no=leg.no) | Q(leg_no__isnull=True))
    return list(found.select_related("by"))


def history(who: Standing, ticket: Ticket) -> QuerySet[TicketEvent]:
    """Return the log of a request as a person may read it, oldest first.

    Internal messages leave no trace for those who may not read them.
    """
    if not policies.may_read(who, ticket):
        return TicketEvent.objects.none()
    found = TicketEvent.objects.filter(ticket=ticket).order_by("seq").select_related("by")
    if policies.may_read_internal(who, ticket):
        return found
    return found.exclude(kind=EventKind.MESSAGE_POSTED, data__visibility=Visibility.INTERNAL.value)
