"""The demo's mailbox."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from neike.kernel.mail import queries
from neike.kernel.paging import address_before, before_of, newest_first
from neike.kernel.policies import policy

_LENGTH = 50
# A document of its own without scripts, forms, plug-ins, remote content or a way to leave its frame.
_SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


@require_safe
@policy("mail.catcher")
def catcher(request: HttpRequest) -> HttpResponse:
    """List what the demo would have sent, newest first."""
    mails, further = newest_first(
        queries.caught_visible_to(request.user).defer("text", "html", "headers"),
        before=before_of(request),
        length=_LENGTH,
    )
    return render(
        request, "mail/catcher.html", {"mails": mails, "older": address_before(request, further)}
    )


@require_safe
@policy("mail.catcher")
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # its types know no address arguments
def caught(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one caught mail: headers, text, and its HTML in a sandboxed frame."""
    mail = get_object_or_404(queries.caught_visible_to(request.user), pk=pk)
    return render(request, "mail/caught.html", {"mail": mail})


@require_safe
@policy("mail.catcher")
@xframe_options_sameorigin
def caught_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out a caught mail's HTML for that frame."""
    mail = get_object_or_404(queries.caught_visible_to(request.user), pk=pk)
    response = HttpResponse(mail.html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = _SANDBOX
    return response
