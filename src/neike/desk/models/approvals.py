"""Who is asked to approve something of a request, and what they said."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.desk.choices import ApprovalState, Vote
from neike.kernel.ids import new_public_id
from neike.kernel.texts import LocalizedTextField


class Approval(models.Model):
    """One question to approvers. Projected from the ticket's events.

    `no` counts 0, 1, 2 … within the ticket and is the cycle of its clock. `leg_no` is the leg that waits for it,
    or None where the plan asks. `step` is the key of the plan's step, "" for one asked by hand. `needed` of those
    asked must agree.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    ticket = models.ForeignKey("desk.Ticket", on_delete=models.PROTECT, related_name="approvals")
    no = models.PositiveSmallIntegerField()
    leg_no = models.PositiveSmallIntegerField(null=True, blank=True)
    step = models.CharField(max_length=40, blank=True)
    title = LocalizedTextField(_("what is to be approved"))
    needed = models.PositiveSmallIntegerField(_("how many must approve"))
    state = models.CharField(_("state"), max_length=9, choices=ApprovalState)
    asked_at = models.DateTimeField(_("asked at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        ordering = ["ticket", "no"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "no"], name="desk_approval_no_unique"),
            models.CheckConstraint(
                condition=models.Q(needed__gt=0), name="desk_approval_needs_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)


class ApprovalVote(models.Model):
    """One of those asked. `decided_by` is the person, or who stands in for them."""

    approval = models.ForeignKey(
        Approval, on_delete=models.CASCADE, related_name="votes", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    vote = models.CharField(_("decision"), max_length=4, choices=Vote)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["approval", "id"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "person"], name="desk_vote_unique"),
            models.CheckConstraint(
                condition=models.Q(vote=Vote.OPEN) | models.Q(decided_at__isnull=False),
                name="desk_vote_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["person", "vote", "approval"], name="desk_vote_of_person")]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.person_id} {self.vote}"
