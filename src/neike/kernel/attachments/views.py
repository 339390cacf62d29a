"""Sending and fetching files."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.attachments import actions, names, queries
from neike.kernel.attachments.models import Attachment
from neike.kernel.limits import limited
from neike.kernel.policies import policy

_SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _readable(request: HttpRequest, public_id: UUID) -> Attachment:
    """Return the file, or 404 whether it is hidden or absent."""
    found = get_object_or_404(Attachment, public_id=public_id)
    if not queries.may_read(request.user, found):
        raise Http404
    return found


def _guarded(response: FileResponse) -> FileResponse:
    """Add what keeps a browser from making anything of the bytes."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Rights may be withdrawn: every showing asks again.
    response["Cache-Control"] = "private, no-cache"
    return response


def _open(key: str) -> FileResponse:
    try:
        return FileResponse(default_storage.open(key))
    except FileNotFoundError as error:
        raise Http404 from error


@require_safe
@policy("attachments.read")
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Hand out a file as a download, never to be shown, whatever it claims to be."""
    found = _readable(request, public_id)
    response = _open(found.storage_key)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = names.content_disposition(found.name)
    return _guarded(response)


@require_safe
@policy("attachments.read")
def preview(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Show the re-encoded picture of a safe raster; everything else has none."""
    found = _readable(request, public_id)
    if not found.is_picture:
        raise Http404
    response = _open(found.preview_key)
    response["Content-Type"] = found.preview_type
    response["Content-Disposition"] = "inline"
    return _guarded(response)


@require_POST
@policy("attachments.upload")
@limited("attachments.upload", "60/m", by="person")
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file (`file`) that waits for a text not yet sent; answer how the text refers to it."""
    sent = request.FILES.get("file")
    if sent is None:
        return JsonResponse({"code": "no_file", "message": _("No file was sent.")}, status=422)
    try:
        kept = actions.attach(owner=None, upload=sent, by=request.user, now=timezone.now())  # type: ignore[arg-type]  # the gate let only people in
    except actions.UploadRefusedError as refusal:
        return JsonResponse({"code": "refused", "message": str(refusal)}, status=422)
    shown = reverse(
        "attachments:preview" if kept.is_picture else "attachments:download", args=[kept.public_id]
    )
    mark = "!" if kept.is_picture else ""
    label = kept.name.replace("[", "(").replace("]", ")")
    answer = {
        "id": str(kept.public_id),
        "name": kept.name,
        "size": kept.size,
        "url": shown,
        "markdown": f"{mark}[{label}](attachment:{kept.public_id})",
    }
    return JsonResponse(answer, status=201)
