"""Agreements: a version of a service standard that two departments have signed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.relations.choices import AgreementState, EndCause
from neike.relations.models.relations import ServiceRelation


class Agreement(models.Model):
    """The provider of a relation promises its customer a published standard; in force once both signed.

    `previous` is what it replaces. Dates are days in the organisation's zone, half-open. What was signed is kept by
    a trigger; only its end and its review date may still be written. `version` refuses stale writes.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    relation = models.ForeignKey(
        ServiceRelation, on_delete=models.PROTECT, related_name="agreements"
    )
    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="+")
    standard = models.ForeignKey(
        "catalog.ServiceStandard", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=AgreementState, default=AgreementState.PROPOSED
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    provider_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider_signed_at = models.DateTimeField(null=True, blank=True)
    customer_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    customer_signed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    ended_reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_cause = models.CharField(max_length=8, choices=EndCause, blank=True)
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followers"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("service agreement")
        ordering = ["relation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["relation", "service"],
                condition=models.Q(state=AgreementState.IN_FORCE),
                name="relations_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["relation", "service"],
                condition=models.Q(state=AgreementState.PROPOSED),
                name="relations_one_to_sign",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(AgreementState.IN_FORCE, AgreementState.SUPERSEDED))
                | models.Q(
                    provider_signed_at__isnull=False,
                    customer_signed_at__isnull=False,
                    valid_from__isnull=False,
                ),
                name="relations_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="relations_agreement_ends_after",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_on"],
                condition=models.Q(state=AgreementState.IN_FORCE),
                name="relations_agreement_review",
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation_id} {self.service_id} {self.state}"

    @property
    def path(self) -> str:
        """Where the agreement's page is."""
        return f"/relations/agreements/{self.public_id}/"

    @property
    def why_ended(self) -> str:
        """The reason of the end in people's words, else the cause in the reader's language; "" while it lasts."""
        return self.ended_reason or (
            str(self.get_ended_cause_display()) if self.ended_cause else ""
        )

    def signed_by_side(self, side: str) -> bool:
        """Whether the side has signed."""
        return getattr(self, f"{side}_signed_at") is not None
