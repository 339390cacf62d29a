"""Who may do what: decisions, route policies, and the rule that a route without a policy stops start-up."""

from neike.kernel.policies.decisions import Decision, allow, deny, require
from neike.kernel.policies.gates import holds_role, role_gate, set_role_provider
from neike.kernel.policies.routes import (
    PUBLIC,
    SIGNED_IN,
    RoutePolicy,
    declare,
    declare_route,
    policy,
)

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "Decision",
    "RoutePolicy",
    "allow",
    "declare",
    "declare_route",
    "deny",
    "holds_role",
    "policy",
    "require",
    "role_gate",
    "set_role_provider",
]
