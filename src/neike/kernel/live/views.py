"""The address at which a browser listens."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from neike.kernel.live import grants
from neike.kernel.live.streams import HANDED
from neike.kernel.policies import policy


@require_GET
@policy("live.listen")
def listen(request: HttpRequest) -> HttpResponse:
    """Say what changed since `since`, and hand the connection to `streams.LiveStreams`, which keeps it open.

    `t` names topics. A server that cannot keep connections open ends it here, and the browser asks again.
    """
    now = timezone.now()
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    found = grants.grant(
        request.user,
        asked=request.GET.getlist("t"),
        session=request.session.session_key or "",
        since=grants.moment_of(since),
        now=now,
    )
    handed: list[grants.Grant] | None = getattr(request, "scope", {}).get(HANDED)
    if handed is not None:
        handed.append(found)
    response = HttpResponse(
        grants.event(now, found.first, streams=handed is not None), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store, no-transform, private"
    response["X-Accel-Buffering"] = "no"  # a proxy that collects would deliver in lumps
    return response
