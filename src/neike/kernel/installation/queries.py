"""The settings as they are now."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from neike.kernel.installation.models import Installation

# Filled only inside a request, so that a long-lived worker never works with yesterday's settings.
_of_request: ContextVar[dict[str, Installation] | None] = ContextVar("installation", default=None)
_KEY = "current"


def current() -> Installation:
    """Return the settings; the product's defaults, unsaved, before anybody changed one. Do not change the row.

    One small query, and within one request only one.
    """
    kept = _of_request.get()
    if kept is not None and _KEY in kept:
        return kept[_KEY]
    found = Installation.objects.select_related("logo").first() or Installation()
    if kept is not None:
        kept[_KEY] = found
    return found


def forget() -> None:
    """Make the next `current()` of this request look again."""
    kept = _of_request.get()
    if kept is not None:
        kept.clear()


def remembered_per_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: within one request the settings are looked up once, and they do not change half-way."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _of_request.set({})
        try:
            return get_response(request)
        finally:
            _of_request.reset(token)

    return answer
