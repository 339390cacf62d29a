"""How requests hang together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from neike.desk.choices import LinkKind


class TicketLink(models.Model):
    """One request as related to another, seen from `ticket`; projected from its log.

    The other request's log says the same the other way round (`choices.MIRROR`). A request is part of at most one
    other, and is merged into at most one.
    """

    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=LinkKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "other", "kind"], name="desk_link_once_per_kind"
            ),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="desk_link_to_another"),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(kind=LinkKind.CHILD_OF),
                name="desk_link_one_parent",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(kind=LinkKind.MERGED_INTO),
                name="desk_link_merged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
