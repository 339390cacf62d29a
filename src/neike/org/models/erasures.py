"""Erasures of people that wait for a second administrator."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.org.choices import ProposalState


class ErasureProposal(models.Model):
    """Somebody wants a person erased. It erases nothing before a second person agrees; then its reason goes too."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasure_proposals"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    state = models.CharField(
        _("state"), max_length=9, choices=ProposalState, default=ProposalState.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="org_erasure_one_waiting"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")), name="org_erasure_not_of_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("person"))
                ),
                name="org_erasure_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="org_erasure_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
