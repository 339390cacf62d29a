"""Erasing a person in two steps: one administrator proposes, another one agrees."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.kernel.audit import record
from neike.kernel.notices.actions import notify
from neike.kernel.policies import require
from neike.org import policies
from neike.org.actions.administrators import require_another_administrator
from neike.org.actions.errors import OrganisationError
from neike.org.actions.people import erase_person
from neike.org.actions.roles import DecidedError
from neike.org.choices import ProposalState, Role
from neike.org.models import ErasureProposal, Person
from neike.org.standing import on_day

# The notice outlives the person's name, so it does not say it.
WAITS = gettext_lazy("Erasing a person waits for a second administrator.")


@transaction.atomic
def propose_erasure(*, person: Person, reason: str, by: Person, now: datetime) -> ErasureProposal:
    """Ask for a person to be erased; the other administrators are told. Erases nothing.

    Raises:
        PermissionDenied: `by` is no administrator, or the person themselves.
        OrganisationError: no reason was given, or somebody has asked already.
        LastAdministratorError: nobody would be left to administer the installation.
    """
    on = policies.day_of(now)
    require(policies.may_propose_erasure(by, person, on=on))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not reason.strip():
        raise OrganisationError(_("Please say why."), code="reason")
    if person.erased_at is not None:
        raise OrganisationError(_("This person was erased."), code="erased")
    if ErasureProposal.objects.filter(person=person, state=ProposalState.WAITING).exists():
        raise OrganisationError(_("This waits for a second administrator already."), code="waiting")
    require_another_administrator(person, on=on)
    made = ErasureProposal.objects.create(
        person=person, reason=reason.strip(), proposed_by=by, proposed_at=now
    )
    record(
        action="org.erasure_proposed", subject=person, by=by, reason=reason, about=person, now=now
    )
    holders = Person.objects.filter(
        on_day(on, "role_grants__"), role_grants__role__in=(Role.ADMINISTRATOR, Role.HR)
    )
    for each in holders.exclude(pk__in=(by.pk, person.pk)).distinct():
        notify(
            person=each,
            kind="org.erasure_proposed",
            url=reverse("org:erase_person", args=[person.public_id]),
            title=WAITS,
            now=now,
            key=f"org.erasure:{made.pk}",
        )
    return made


@transaction.atomic
def confirm_erasure(*, proposal: ErasureProposal, by: Person, now: datetime) -> None:
    """Agree, and erase the person at once. What was written as the reason stays only in the record.

    Raises:
        PermissionDenied: `by` is not the second person, or the proposer has lost the right meanwhile.
        DecidedError: somebody was faster.
        LastAdministratorError: nobody would be left to administer the installation.
    """
    proposal = _waiting(proposal)
    erase_person(
        person=proposal.person, by=by, second=proposal.proposed_by, reason=proposal.reason, now=now
    )
    _close(proposal, ProposalState.CONFIRMED, by, now)


@transaction.atomic
def decline_erasure(*, proposal: ErasureProposal, by: Person, now: datetime) -> None:
    """Refuse; whoever proposed it withdraws it in the same way.

    Raises:
        PermissionDenied: `by` neither proposed it nor may decide it.
        DecidedError: somebody was faster.
    """
    proposal = _waiting(proposal)
    own = by.pk == proposal.proposed_by_id
    if not own:
        on = policies.day_of(now)
        require(policies.may_propose_erasure(by, proposal.person, on=on))
    state = ProposalState.WITHDRAWN if own else ProposalState.DECLINED
    _close(proposal, state, by, now)
    record(action=f"org.erasure_{state.value}", subject=proposal.person, by=by, now=now)


def _waiting(proposal: ErasureProposal) -> ErasureProposal:
    found = (
        ErasureProposal.objects.select_for_update(of=("self",))
        .select_related("person", "proposed_by")
        .get(pk=proposal.pk)
    )
    if found.state != ProposalState.WAITING:
        raise DecidedError(_("Somebody decided this meanwhile."), code="decided")
    return found


def _close(proposal: ErasureProposal, state: ProposalState, by: Person, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, now
    proposal.reason = ""
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
