"""Roles: who may give which, and when a second person must agree (sec 5)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from neike.kernel.policies import Decision, allow, declare, deny
from neike.org.choices import PersonKind, Role
from neike.org.models import Department, Person, RoleGrant
from neike.org.policies.structure import day_of
from neike.org.standing import holds_role, holds_role_anywhere, leads


class Scope(StrEnum):
    """What a grant covers."""

    ALL = "all"
    DEPARTMENT = "department"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Asked:
    """The role somebody wants a person to have. At most one of `department` and `service` is given."""

    person: Person
    role: Role
    department: Department | None = None
    service: UUID | None = None

    @property
    def scope(self) -> Scope:
        """Return what it would cover."""
        if self.service is not None:
            return Scope.SERVICE
        return Scope.DEPARTMENT if self.department is not None else Scope.ALL


SCOPES: Final[dict[Role, frozenset[Scope]]] = {
    Role.AGENT: frozenset({Scope.DEPARTMENT, Scope.SERVICE}),
    Role.LEAD: frozenset({Scope.DEPARTMENT}),
    Role.SERVICE_OWNER: frozenset({Scope.DEPARTMENT, Scope.SERVICE}),
    Role.QUALITY_OFFICER: frozenset({Scope.ALL, Scope.DEPARTMENT}),
    Role.HR: frozenset({Scope.ALL, Scope.DEPARTMENT}),
    Role.ADMINISTRATOR: frozenset({Scope.ALL}),
    Role.AUDITOR: frozenset({Scope.ALL}),
    Role.INTEGRATION: frozenset({Scope.ALL, Scope.SERVICE}),
}
"""What each role can cover. The employee's role needs no grant."""

_READERS: Final = (Role.ADMINISTRATOR, Role.AUDITOR, Role.SERVICE_OWNER, Role.LEAD)
NEEDS_SECOND_PERSON: Final = frozenset(
    {Role.ADMINISTRATOR, Role.AUDITOR, Role.HR, Role.QUALITY_OFFICER, Role.INTEGRATION}
)
"""Roles that reach across departments: given by one administrator, in force when another agrees."""


def may_open_roles(person: Any) -> Decision:  # noqa: ANN401 - a gate asks any visitor
    """Let in who gives, proposes or reads roles: administrators, auditors, service owners, leads."""
    if not person.is_authenticated:
        return deny("anonymous")
    today = day_of(timezone.now())  # noqa: TID251 - a gate has no clock of its own
    return allow() if holds_role_anywhere(person, *_READERS, on=today) else deny("no_role")


ROLES = declare("org.roles", may_open_roles)


def may_grant(by: Person | None, asked: Asked, *, on: date) -> Decision:
    """Whether `by` may give this role at once or propose it: never to oneself, never more than one's own right.

    Administrators give every role. Service owners give agents of their own service or department; leads propose
    agents of their own departments. None is the system itself.
    """
    refused = _impossible(asked)
    if refused is not None:
        return refused
    if by is None:
        return allow()
    if by.pk == asked.person.pk:
        return deny("own_role")
    if holds_role(by, Role.ADMINISTRATOR, on=on) or _is_own_agent(by, asked, on=on):
        return allow()
    return deny("beyond_own_rights")


def may_give_any(by: Person, *, on: date) -> Decision:
    """Whether there is any role at all this person may give or propose."""
    givers = (Role.ADMINISTRATOR, Role.LEAD, Role.SERVICE_OWNER)
    return allow() if holds_role_anywhere(by, *givers, on=on) else deny("beyond_own_rights")


def _impossible(asked: Asked) -> Decision | None:
    if asked.role not in SCOPES:
        return deny("no_grant_needed")
    if asked.scope not in SCOPES[asked.role]:
        return deny("wrong_scope")
    if (asked.role == Role.INTEGRATION) != (asked.person.kind == PersonKind.SERVICE):
        return deny("wrong_kind")
    if not asked.person.is_active:
        return deny("cannot_sign_in")
    return None


def _is_own_agent(by: Person, asked: Asked, *, on: date) -> bool:
    if asked.role != Role.AGENT:
        return False
    if asked.service is not None:
        return holds_role(by, Role.SERVICE_OWNER, on=on, service=asked.service)
    if asked.department is None:
        return False
    return leads(by, asked.department, on=on) or any(
        holds_role(by, role, asked.department, on=on) for role in (Role.LEAD, Role.SERVICE_OWNER)
    )


def needs_second_person(by: Person | None, asked: Asked, *, on: date) -> bool:
    """Whether somebody else must agree before the role is in force.

    The very first administrator names the second one alone: nobody else could agree. As soon as there ever was a
    second one, that door is closed for good.
    """
    if by is None:
        return False
    if not holds_role(by, Role.ADMINISTRATOR, on=on):
        return not (
            asked.role == Role.AGENT
            and asked.service is not None
            and holds_role(by, Role.SERVICE_OWNER, on=on, service=asked.service)
        )
    if asked.role == Role.ADMINISTRATOR and _is_the_only_one_ever(by):
        return False
    return asked.role in NEEDS_SECOND_PERSON


def _is_the_only_one_ever(by: Person) -> bool:
    grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR)
    return not grants.exclude(person=by).exists()


def may_decide(by: Person, *, person: Person, proposed_by: Person, on: date) -> Decision:
    """Whether `by` may agree to a proposal: an administrator, neither who proposed it nor who would get it."""
    if by.pk in {person.pk, proposed_by.pk}:
        return deny("needs_second_person")
    return allow() if holds_role(by, Role.ADMINISTRATOR, on=on) else deny("not_administrator")


def may_revoke(by: Person | None, grant: RoleGrant, *, on: date) -> Decision:
    """Whether `by` may end a grant: who could give it, and everybody their own."""
    if by is None or by.pk == grant.person_id or holds_role(by, Role.ADMINISTRATOR, on=on):
        return allow()
    asked = Asked(grant.person, Role(grant.role), grant.department, grant.service_public_id)
    return allow() if _is_own_agent(by, asked, on=on) else deny("beyond_own_rights")
