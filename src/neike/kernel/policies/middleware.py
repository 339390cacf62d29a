"""Enforce the policy of every route before its view runs: pages and API operations alike."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from neike.kernel.policies import checks, routes


class enforce:  # noqa: N801 - named in settings like the function it stands for
    """Refuse what the route's policy refuses: anonymous people sign in first, others get 403."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the refusing happens in `process_view`."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: tuple[Any, ...],
        _kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Return None to go on, or the answer that refuses."""
        operations = checks.api_operations(view)
        if operations:
            return _api_answer(request, operations)
        match = request.resolver_match
        found = routes.policy_of(view, match.view_name if match else "")
        if found is None:
            raise PermissionDenied("no_policy")
        if found.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not found.gate(request.user):
            raise PermissionDenied("policy")
        return None


def _api_answer(request: HttpRequest, operations: tuple[Any, ...]) -> HttpResponse | None:
    """Return the refusal of an API call as JSON, or None to go on (also for a method nobody serves)."""
    for operation in operations:
        if request.method not in operation.methods:
            continue
        found = routes.policy_of(operation.view_func, "")
        if found is None:
            return JsonResponse({"code": "no_policy"}, status=403)
        if found.public:
            return None
        if not request.user.is_authenticated:
            return JsonResponse({"code": "not_signed_in"}, status=401)
        if not found.gate(request.user):
            return JsonResponse({"code": "policy"}, status=403)
    return None
