"""`@limited(...)` on a view: over the limit answers 429 with Retry-After, in the reader's language."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from neike.kernel.limits.counting import Verdict, take
from neike.kernel.limits.networks import client_network
from neike.kernel.limits.windows import Rate

View = Callable[..., HttpResponse]
By = Literal["person", "network", "both"]


def limited(
    scope: str,
    rate: str,
    *,
    by: By = "both",
    methods: tuple[str, ...] = ("POST", "PUT", "PATCH", "DELETE"),
) -> Callable[[View], View]:
    """Allow `rate` ("30/m") per person, per network, or per each of both; other methods are not counted.

    A visitor without an account counts by network only. Put it under `@policy`, so that refused visitors
    do not use up anybody's allowance.
    """
    allowed = Rate.parse(rate)

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methods:
                refused = _first_refusal(request, scope, allowed, by, timezone.now())  # noqa: TID251 - a view's clock
                if refused is not None:
                    return too_many(request, refused)
            return view(request, *args, **kwargs)

        return answer

    return mark


def _first_refusal(
    request: HttpRequest, scope: str, rate: Rate, by: By, now: datetime
) -> Verdict | None:
    for who in _counted(request, by):
        verdict = take(scope=scope, who=who, rate=rate, now=now)
        if not verdict:
            return verdict
    return None


def _counted(request: HttpRequest, by: By) -> list[str]:
    """Return whose allowances this request takes from."""
    person = getattr(request, "user", None)
    number = person.pk if person is not None and person.is_authenticated else None
    found = [f"person:{number}"] if number is not None and by in {"person", "both"} else []
    if by in {"network", "both"} or number is None:
        found.append(f"network:{client_network(request)}")
    return found


def too_many(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    """Answer 429: a page, or JSON for the API."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse(
            {"code": "too_many_requests", "retry_after": verdict.retry_after}, status=429
        )
    else:
        context = {"minutes": -(-verdict.retry_after // 60), "seconds": verdict.retry_after}
        response = render(request, "limits/too_many.html", context, status=429)
    response["Retry-After"] = str(verdict.retry_after)
    return response
