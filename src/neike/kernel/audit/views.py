"""The auditor's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from neike.kernel.audit import queries, sealing
from neike.kernel.audit.forms import FilterForm
from neike.kernel.policies import policy

_LENGTH = 50


@require_safe
@policy("audit.read")
def entries(request: HttpRequest) -> HttpResponse:
    """Show the record, newest first, filtered, a page at a time."""
    form = FilterForm(request.GET)
    start = request.GET.get("before", "")
    lines: list[queries.Line] = []
    further = None
    if form.is_valid():
        visible = queries.narrowed(queries.entries_visible_to(request.user), form.wanted())  # type: ignore[arg-type]  # the gate let only people in
        before = int(start) if start.isdecimal() and len(start) < 19 else None  # noqa: PLR2004 - fits 64 bits
        lines, further = queries.page(visible, before_id=before, length=_LENGTH)
    context = {
        "form": form,
        "lines": lines,
        "older": _address(request, before=further) if further else "",
        "newest": _address(request, before=None) if start else "",
        "head": sealing.head(),
    }
    return render(request, "audit/entries.html", context, status=200 if form.is_valid() else 422)


def _address(request: HttpRequest, *, before: int | None) -> str:
    """Return this page with the same filter, starting below the entry `before`."""
    query = request.GET.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"?{query.urlencode()}"


@require_safe
@policy("audit.read")
def head(_request: HttpRequest) -> HttpResponse:
    """Hand out the end of the chain as a small text file, to be kept elsewhere."""
    found = sealing.head()
    moment = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    response = HttpResponse(f"{found or ''}\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-head-{moment}.txt"'
    return response
