"""Doors for the holders of a role. Who holds which role is known above; the organisation tells us at start-up."""

from collections.abc import Callable
from typing import Any

from neike.kernel.policies.decisions import Decision, allow, deny
from neike.kernel.policies.routes import Gate

RoleProvider = Callable[[Any, str], bool]


def _nobody(_person: Any, _role: str) -> bool:  # noqa: ANN401 - the kernel knows no person class
    """Give no role to anybody: the answer until the organisation has registered its own."""
    return False


_provider: RoleProvider = _nobody


def set_role_provider(provider: RoleProvider) -> RoleProvider:
    """Tell the kernel who holds a role today; returns the provider that answered before.

    `provider(person, role)` is asked at every use, so that a revoked role stops working at once.
    """
    global _provider
    before, _provider = _provider, provider
    return before


def holds_role(person: Any, role: str) -> bool:  # noqa: ANN401 - the kernel knows no person class
    """Tell whether `person` holds the role ("AU", "SA") today, anywhere."""
    return bool(getattr(person, "is_authenticated", False)) and _provider(person, role)


def role_gate(*roles: str) -> Gate:
    """Return a gate for the holders of at least one of the roles."""

    def gate(person: Any) -> Decision:  # noqa: ANN401 - the kernel knows no person class
        return allow() if any(holds_role(person, role) for role in roles) else deny("no_role")

    return gate
