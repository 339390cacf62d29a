"""Language, theme, error pages and the live style page."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.policies import policy
from neike.kernel.ui import preferences, style
from neike.kernel.ui.context import Shell
from neike.kernel.ui.errors import TEXTS


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page the form stood on; never to another site."""
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else "/")


@require_POST
@policy("ui.preferences")
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme."""
    choice = request.POST.get("theme", "")
    if choice not in preferences.THEMES:
        return HttpResponseBadRequest()
    response = _back(request)
    preferences.remember(
        request, response, name="theme", value=choice, cookie=preferences.THEME_COOKIE
    )
    return response


@require_POST
@policy("ui.preferences")
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language."""
    choice = request.POST.get("language", "")
    if choice not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    response = _back(request)
    preferences.remember(
        request, response, name="language", value=choice, cookie=settings.LANGUAGE_COOKIE_NAME
    )
    return response


@require_safe
@policy("ui.counts")
def counts(request: HttpRequest) -> HttpResponse:
    """Answer with the numbers beside the links of the page, as they are now."""
    return render(request, "kernel/_counts.html")


@require_safe
@policy("ui.style")
def style_page(request: HttpRequest) -> HttpResponse:
    """Show every component of the kit in all its states."""
    return render(request, "ui/style.html", style.samples(now=timezone.now()))


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page, or for htmx the toast, that explains an error in the reader's language.

    Needs neither database nor session, so that it also works when those are the trouble.
    """
    context = {
        "status": status,
        "error": TEXTS[status],
        "shell": Shell(request),
        "request": request,
    }
    if request.headers.get("HX-Request") != "true":
        return HttpResponse(render_to_string("kernel/error.html", context), status=status)
    headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
    body = render_to_string("kernel/_error_toast.html", context)
    return HttpResponse(body, status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 when what was sent is too large."""
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    del exception
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what is hidden and what does not exist."""
    del exception
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old."""
    del reason
    return error_page(request, 400)
