"""The settings page, the logo, and what browsers and robots ask every site for."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from neike.kernel.attachments import UploadRefusedError
from neike.kernel.installation import actions, queries
from neike.kernel.installation.context import Shown
from neike.kernel.installation.forms import InstallationForm
from neike.kernel.policies import policy

_HOUR = 3600
_MARK = "neike/icon.svg"


@require_http_methods(["GET", "HEAD", "POST"])
@policy("installation.change")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show the settings, or change them: 422 when something is wrong, 409 when somebody was faster."""
    if request.method != "POST":
        return _page(request, InstallationForm.showing(queries.current()))
    form = InstallationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        actions.change(
            values=form.values(),
            logo=form.cleaned_data["logo"],
            remove_logo=form.cleaned_data["remove_logo"],
            by=request.user,  # type: ignore[arg-type]  # the gate let only people in
            revision=form.cleaned_data["revision"],
            now=timezone.now(),
        )
    except (actions.LogoRefusedError, UploadRefusedError) as refusal:
        form.add_error("logo", str(refusal))
        return _page(request, form, status=422)
    except actions.InstallationChangedError:
        queries.forget()
        return _page(request, InstallationForm.showing(queries.current()), status=409)
    messages.success(request, _("The settings were saved."))
    return HttpResponseRedirect(reverse("installation:settings"))


def _page(request: HttpRequest, form: InstallationForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "found": queries.current(), "stale": status == 409}  # noqa: PLR2004 - HTTP
    return render(request, "installation/settings.html", context, status=status)


@require_safe
@policy("installation.logo")
def logo(_request: HttpRequest, revision: int) -> HttpResponseBase:
    """Show the logo, to visitors too. The address changes with the settings, so it may be kept for a year."""
    found = queries.current().logo
    if found is None or not found.is_picture:
        raise Http404
    del revision  # only makes the address new
    try:
        response = FileResponse(
            default_storage.open(found.preview_key), content_type=found.preview_type
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@cache_control(public=True, max_age=_HOUR)
@policy("installation.signs")
def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead to the installation's logo, else to our mark."""
    return HttpResponseRedirect(Shown().logo_url or static(_MARK))


@require_safe
@cache_control(public=True, max_age=_HOUR)
@policy("installation.signs")
def robots(_request: HttpRequest) -> HttpResponse:
    """Ask robots to stay out: nothing here is for the public."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(private=True, max_age=_HOUR)
@policy("installation.signs")
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say how the product is called and looks when a phone keeps it among its apps."""
    shown = Shown()
    return JsonResponse(
        {
            "name": shown.name,
            "short_name": shown.name,
            "lang": get_language(),
            "start_url": "/",
            "display": "standalone",
            "icons": [{"src": shown.logo_url or static(_MARK), "sizes": "any"}],
        },
        content_type="application/manifest+json",
    )
