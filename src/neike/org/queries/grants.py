"""Looking up the roles people hold, and what waits for a second person."""

from datetime import date

from django.db.models import Q, QuerySet

from neike.org.choices import ProposalState, Role
from neike.org.models import Person, RoleGrant, RoleProposal
from neike.org.standing import departments_led_by, holds_role, on_day


def grants_of(person: Person, *, viewer: Person, on: date) -> list[RoleGrant]:
    """Return what the viewer may see of the roles a person holds on a day, in the order the roles are listed."""
    rows = grants_visible_to(viewer, on=on).filter(on_day(on), person=person)
    return sorted(rows, key=_order)


def grants_visible_to(viewer: Person, *, on: date) -> QuerySet[RoleGrant]:
    """Return the grants a person may look through: administrators and auditors all; others those they can end."""
    rows = RoleGrant.objects.select_related("person", "granted_by", "confirmed_by")
    if any(holds_role(viewer, role, on=on) for role in (Role.ADMINISTRATOR, Role.AUDITOR)):
        return rows
    own = RoleGrant.objects.filter(on_day(on), person=viewer)
    services = own.filter(role=Role.SERVICE_OWNER).values("service_public_id")
    departments = own.filter(role__in=(Role.LEAD, Role.SERVICE_OWNER)).values("department")
    return rows.filter(
        Q(person=viewer)
        | Q(role=Role.AGENT, service_public_id__in=services)
        | Q(role=Role.AGENT, department__in=departments)
        | Q(role=Role.AGENT, department__in=departments_led_by(viewer, on=on))
    )


def current_grants(viewer: Person, *, on: date) -> list[RoleGrant]:
    """Return the visible grants in force on a day or later, by role and Latin name."""
    rows = grants_visible_to(viewer, on=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return sorted(
        rows, key=lambda grant: (_order(grant), grant.person.name_latin, grant.person_id, grant.pk)
    )


def waiting_proposals(viewer: Person, *, on: date) -> QuerySet[RoleProposal]:
    """Return proposals that wait: all for administrators and auditors, one's own for others; oldest first."""
    rows = RoleProposal.objects.filter(state=ProposalState.WAITING).select_related(
        "person", "proposed_by"
    )
    if not any(holds_role(viewer, role, on=on) for role in (Role.ADMINISTRATOR, Role.AUDITOR)):
        rows = rows.filter(proposed_by=viewer)
    return rows.order_by("proposed_at", "pk")


def proposals_to_decide(viewer: Person, *, on: date) -> int:
    """Return how many proposals wait for this person's agreement."""
    if not holds_role(viewer, Role.ADMINISTRATOR, on=on):
        return 0
    rows = RoleProposal.objects.filter(state=ProposalState.WAITING)
    return rows.exclude(Q(proposed_by=viewer) | Q(person=viewer)).count()


def _order(grant: RoleGrant) -> int:
    return list(Role).index(Role(grant.role))
