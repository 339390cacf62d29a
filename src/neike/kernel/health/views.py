"""The probes of whoever watches over the process."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from neike.kernel.health import probes
from neike.kernel.policies import policy


@never_cache
@require_safe
@policy("health.ask")
def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process does."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
@policy("health.ask")
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can be served, else 503; what is wrong stands in the log only."""
    if probes.is_ready():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "fail"}, status=503)
