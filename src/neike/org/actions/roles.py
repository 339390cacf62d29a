"""Giving, agreeing to and ending roles."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from neike.kernel.audit.actions import record
from neike.kernel.policies import require
from neike.org import policies, standing
from neike.org.actions.administrators import require_another_administrator
from neike.org.actions.errors import DatesError, OrganisationError
from neike.org.choices import ProposalState, Role
from neike.org.models import Person, RoleGrant, RoleProposal


class DecidedError(OrganisationError):
    """Somebody decided the proposal in the meantime."""


@dataclass(frozen=True, slots=True)
class Term:
    """When a role holds, half-open, and why it is given."""

    valid_from: date
    valid_to: date | None = None
    reason: str = ""


@transaction.atomic
def grant_role(
    *, asked: policies.Asked, term: Term, by: Person | None, now: datetime
) -> RoleGrant | RoleProposal:
    """Give a role or, where a second person must agree, propose it.

    Raises:
        PermissionDenied: `by` may not give this role to this person; its argument is the reason code.
        DatesError: the dates are reversed or over.
        OrganisationError: no reason was given.
    """
    on = policies.day_of(now)
    require(policies.may_grant(by, asked, on=on))
    _check(term, by, on)
    if by is not None and policies.needs_second_person(by, asked, on=on):
        return _propose(asked, term, by, now)
    return _grant(asked, term, by=by, confirmed_by=None, now=now)


@transaction.atomic
def confirm_proposal(*, proposal: RoleProposal, by: Person, now: datetime) -> RoleGrant:
    """Agree to a proposed role: it is in force from its first day on, or from today.

    Raises:
        PermissionDenied: `by` is not the second person, or the proposer has lost the right meanwhile.
        DecidedError: somebody was faster.
    """
    proposal = _waiting(proposal)
    on = policies.day_of(now)
    require(
        policies.may_decide(by, person=proposal.person, proposed_by=proposal.proposed_by, on=on)
    )
    asked = _asked(proposal)
    require(policies.may_grant(proposal.proposed_by, asked, on=on))
    term = Term(max(proposal.valid_from, on), proposal.valid_to, proposal.reason)
    _check(term, by, on)
    _close(proposal, ProposalState.CONFIRMED, by, now)
    return _grant(asked, term, by=proposal.proposed_by, confirmed_by=by, now=now)


@transaction.atomic
def decline_proposal(*, proposal: RoleProposal, by: Person, now: datetime) -> None:
    """Refuse a proposed role; whoever proposed it withdraws it in the same way.

    Raises:
        PermissionDenied: `by` neither proposed it nor may decide it.
        DecidedError: somebody was faster.
    """
    proposal = _waiting(proposal)
    if by.pk == proposal.proposed_by_id:
        state = ProposalState.WITHDRAWN
    else:
        on = policies.day_of(now)
        require(
            policies.may_decide(by, person=proposal.person, proposed_by=proposal.proposed_by, on=on)
        )
        state = ProposalState.DECLINED
    _close(proposal, state, by, now)
    record(
        action=f"org.role_{state.value}",
        subject=proposal,
        by=by,
        after=_shown(_asked(proposal), Term(proposal.valid_from, proposal.valid_to)),
        about=proposal.person,
        now=now,
    )


@transaction.atomic
def revoke_role(*, grant: RoleGrant, reason: str, by: Person | None, now: datetime) -> None:
    """End a role at once: it does not hold today any more. The record keeps what it was.

    Raises:
        PermissionDenied: `by` may not end this role.
        LastAdministratorError: nobody would be left to administer the installation.
    """
    on = policies.day_of(now)
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("person").get(pk=grant.pk)
    )
    require(policies.may_revoke(by, grant, on=on))
    if grant.valid_to is not None and grant.valid_to <= on:
        return
    if grant.role == Role.ADMINISTRATOR:
        require_another_administrator(grant.person, on=on)
    asked = policies.Asked(
        grant.person, Role(grant.role), grant.department, grant.service_public_id
    )
    record(
        action="org.role_revoked",
        subject=grant,
        by=by,
        before=_shown(asked, Term(grant.valid_from, grant.valid_to)),
        after=_shown(asked, Term(grant.valid_from, on)),
        reason=reason,
        about=grant.person,
        now=now,
    )
    standing.forget()
    if grant.valid_from >= on:
        grant.delete()
    else:
        grant.valid_to = on
        grant.save(update_fields=["valid_to"])


def _check(term: Term, by: Person | None, on: date) -> None:
    if term.valid_to is not None and term.valid_to <= max(term.valid_from, on):
        raise DatesError(
            _("The end must lie after the beginning and after today."), code="reversed"
        )
    if by is not None and not term.reason.strip():
        raise OrganisationError(_("Please say why."), code="reason")


def _propose(asked: policies.Asked, term: Term, by: Person, now: datetime) -> RoleProposal:
    made = RoleProposal.objects.create(
        person=asked.person,
        role=asked.role,
        department=asked.department,
        service_public_id=asked.service,
        valid_from=term.valid_from,
        valid_to=term.valid_to,
        reason=term.reason.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    _record("org.role_proposed", made, asked, term, by, now)
    return made


def _grant(
    asked: policies.Asked,
    term: Term,
    *,
    by: Person | None,
    confirmed_by: Person | None,
    now: datetime,
) -> RoleGrant:
    standing.forget()
    made = RoleGrant.objects.create(
        person=asked.person,
        role=asked.role,
        department=asked.department,
        service_public_id=asked.service,
        valid_from=term.valid_from,
        valid_to=term.valid_to,
        reason=term.reason.strip(),
        granted_by=by,
        confirmed_by=confirmed_by,
    )
    _record("org.role_granted", made, asked, term, confirmed_by or by, now)
    return made


def _record(
    action: str,
    subject: RoleGrant | RoleProposal,
    asked: policies.Asked,
    term: Term,
    by: Person | None,
    now: datetime,
) -> None:
    record(
        action=action,
        subject=subject,
        by=by,
        after=_shown(asked, term),
        reason=term.reason,
        about=asked.person,
        now=now,
    )


def _waiting(proposal: RoleProposal) -> RoleProposal:
    found = (
        RoleProposal.objects.select_for_update(of=("self",))
        .select_related("person", "proposed_by")
        .get(pk=proposal.pk)
    )
    if found.state != ProposalState.WAITING:
        raise DecidedError(_("Somebody has decided this already."), code="decided")
    return found


def _close(proposal: RoleProposal, state: ProposalState, by: Person, now: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, now
    proposal.save(update_fields=["state", "decided_by", "decided_at"])


def _asked(proposal: RoleProposal) -> policies.Asked:
    return policies.Asked(
        proposal.person, Role(proposal.role), proposal.department, proposal.service_public_id
    )


def _shown(asked: policies.Asked, term: Term) -> dict[str, object]:
    return {
        "person": asked.person.public_id,
        "role": asked.role,
        "department": asked.department.code if asked.department else None,
        "service": asked.service,
        "valid_from": term.valid_from,
        "valid_to": term.valid_to,
    }
