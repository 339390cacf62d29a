"""Roles: dated grants with a scope, and the proposals that wait for a second person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from neike.kernel.ids import new_public_id
from neike.org.choices import ProposalState, Role


class RoleGrant(models.Model):
    """A role given to a person, half-open in dates, for everything, a department's tree, or one service.

    A row is in force on its dates, whatever else is true: what waits for a second person is no grant yet but a
    `RoleProposal`, so that no reader can mistake one for the other. A grant by the installation itself (set-up,
    import, demo) names nobody as its giver.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants"
    )
    role = models.CharField(_("role"), max_length=2, choices=Role)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The catalogue stands above this module: a service is named by its public id.
    service_public_id = models.UUIDField(null=True, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="org_grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=True) | Q(service_public_id__isnull=True),
                name="org_grant_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("person")),
                name="org_grant_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (
                    Q(granted_by__isnull=False)
                    & ~Q(confirmed_by=F("granted_by"))
                    & ~Q(confirmed_by=F("person"))
                ),
                name="org_grant_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["person", "role"], name="org_grant_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class RoleProposal(models.Model):
    """A role that somebody wants a person to have and that waits for a second person. It grants nothing."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_proposals"
    )
    role = models.CharField(_("role"), max_length=2, choices=Role)
    department = models.ForeignKey(
        "org.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    service_public_id = models.UUIDField(null=True, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
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
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="org_proposal_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=True) | Q(service_public_id__isnull=True),
                name="org_proposal_one_scope",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")), name="org_proposal_not_for_oneself"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.CONFIRMED)
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_by=F("person"))
                ),
                name="org_proposal_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_at__isnull=True)
                | (~Q(state=ProposalState.WAITING) & Q(decided_at__isnull=False)),
                name="org_proposal_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="org_proposal_waiting")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.state}"
