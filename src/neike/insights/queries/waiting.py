"""Requests that the numbers do not contain yet."""

from django.db.models import Exists, OuterRef, QuerySet

from neike.desk.models import Ticket
from neike.insights.models import ProjectedTicket
from neike.kernel import installation


def not_taken_in() -> QuerySet[Ticket]:
    """Return requests that changed since they were taken in, never were, or were in another zone."""
    projected = ProjectedTicket.objects.filter(
        ticket=OuterRef("pk"), version=OuterRef("version"), zone=installation.current().zone
    )
    return Ticket.objects.filter(~Exists(projected))
