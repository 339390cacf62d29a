"""Around every page: the reader's language and time zone, and no copies of what only they may see."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language_from_request

from neike.kernel import installation
from neike.org import standing

View = Callable[[HttpRequest], HttpResponse]


def reader(get_response: View) -> View:
    """Activate the reader's language (their own choice, else the cookie, else the browser's wish) and zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or get_language_from_request(request)
        with translation.override(chosen), timezone.override(_zone_of(request)):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response

    return answer


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """Return the reader's own zone, else the organisation's; a visitor's page costs no query for it."""
    if not request.user.is_authenticated:
        return None
    name = getattr(request.user, "zone", "") or installation.current().zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def rights(get_response: View) -> View:
    """Read the roles of the people a request is about once, and forget them with it."""

    def answer(request: HttpRequest) -> HttpResponse:
        with standing.remembered():
            return get_response(request)

    return answer


def privacy(get_response: View) -> View:
    """Keep the pages of signed-in people out of every cache, also the browser's after signing out."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return answer
