"""The start-up check: walk every address of the product and refuse one without a policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from neike.kernel.policies import routes


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its pattern, its full name ("desk:queue", may be empty) and the views behind it.

    A page has one view; an API path has one per method.
    """

    pattern: str
    name: str
    views: tuple[Any, ...]


def all_routes() -> list[Route]:
    """Return every address of the product."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, f"{namespace}{entry.name or ''}", operations(entry.callback))


def operations(callback: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a view is any callable
    """Return the functions that carry the policy mark: the view, or the operations of an API path."""
    found = api_operations(callback)
    return tuple(operation.view_func for operation in found) if found else (callback,)


def api_operations(callback: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a view is any callable
    """Return the API operations behind one path, or () when the view is a page.

    The API framework hides its path object in the closure of the view it hands to the resolver.
    """
    for cell in getattr(callback, "__closure__", None) or ():
        found = getattr(cell.cell_contents, "operations", None)
        if isinstance(found, list):
            return tuple(found)
    return ()


def routes_without_policy() -> list[Route]:
    """Return the addresses that no declared policy guards."""
    return [
        route
        for route in all_routes()
        if not all(routes.policy_of(view, route.name) for view in route.views)
    ]


def check_routes(**_options: object) -> list[CheckMessage]:
    """Report each unguarded address to Django's checks."""
    return [
        Error(
            f"the route {route.pattern!r} ({route.name or 'no name'}) declares no policy",
            hint="mark the view with @policy(name) and declare the name in the module's policies.py",
            id="neike.E001",
        )
        for route in routes_without_policy()
    ]


def refuse_unguarded_routes() -> None:
    """Stop start-up when a route has no policy; called by the server before it serves anything.

    Raises:
        ImproperlyConfigured: naming the routes.
    """
    unguarded = routes_without_policy()
    if unguarded:
        names = ", ".join(f"{route.pattern} ({route.name})" for route in unguarded)
        raise ImproperlyConfigured(f"these routes declare no policy: {names}")
