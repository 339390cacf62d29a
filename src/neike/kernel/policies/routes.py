"""Route policies: every address of the product names the rule that guards its door.

The door is the coarse half (who may use this page at all). The object behind it is looked up through
`visible_to(person)` querysets and asked by the module's policy functions, so that page, API, search,
export and mail obey the same rule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from neike.kernel.policies.decisions import Decision, allow, deny

Gate = Callable[[Any], Decision]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """A named door: `gate(person)` decides for a signed-in person; `public` also lets anonymous visitors in."""

    name: str
    gate: Gate
    public: bool = False


def PUBLIC(_person: Any) -> Decision:  # noqa: N802, ANN401 - reads as a constant where it is declared
    """Let everybody in, signed in or not."""
    return allow()


def SIGNED_IN(person: Any) -> Decision:  # noqa: N802, ANN401 - reads as a constant where it is declared
    """Let every signed-in person in; what they see there is decided object by object."""
    return allow() if person.is_authenticated else deny("anonymous")


_policies: dict[str, RoutePolicy] = {}
_third_party_routes: dict[str, str] = {}


def declare(name: str, gate: Gate) -> str:
    """Declare the policy `name` ("desk.deliver_leg") and return the name.

    Raises:
        ValueError: the name is taken by another gate.
    """
    known = _policies.get(name)
    if known is not None and known.gate is not gate:
        raise ValueError(f"the policy {name} is declared twice")
    _policies[name] = RoutePolicy(name=name, gate=gate, public=gate is PUBLIC)
    return name


def declare_route(route_name: str, policy_name: str) -> None:
    """Give a third-party view, known by its full route name, a declared policy."""
    _third_party_routes[route_name] = policy_name


def policy(name: str) -> Callable[[View], View]:
    """Mark a view or API operation with its policy; the middleware and the API enforce the gate."""

    def mark(view: View) -> View:
        view.policy_name = name  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return mark


def find(name: str) -> RoutePolicy | None:
    """Return a declared policy, or None."""
    return _policies.get(name)


def policy_of(view: Callable[..., Any], route_name: str) -> RoutePolicy | None:
    """Return the policy of a view by its mark or, for third-party views, by its route name."""
    name = getattr(view, "policy_name", None) or _third_party_routes.get(route_name)
    return _policies.get(name) if name else None


def declared_policies() -> list[RoutePolicy]:
    """Return all policies, sorted by name."""
    return [_policies[name] for name in sorted(_policies)]
