"""What a person may see: one queryset per kind of thing, for lists, counts, search and exports alike."""

from django.db.models import QuerySet

from neike.desk import policies
from neike.desk.choices import Visibility
from neike.desk.models import Leg, Message, Ticket
from neike.desk.policies import Standing


def tickets_visible_to(who: Standing) -> QuerySet[Ticket]:
    """Return the requests a person may read."""
    return Ticket.objects.filter(policies.readable_by(who))


def legs_visible_to(who: Standing) -> QuerySet[Leg]:
    """Return the legs of the requests a person may read."""
    return Leg.objects.filter(ticket__in=tickets_visible_to(who)).select_related("ticket")


def messages_visible_to(who: Standing, ticket: Ticket) -> QuerySet[Message]:
    """Return the conversation of a request as a person may read it, oldest first."""
    if not policies.may_read(who, ticket):
        return Message.objects.none()
    found = ticket.messages.select_related("author").order_by("created_at", "pk")
    if policies.may_read_internal(who, ticket):
        return found
    return found.filter(visibility=Visibility.PUBLIC)
