"""Reading a service from a file: first what it would change, then, once agreed, the change itself."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.catalog import exchange, service_file
from neike.catalog.actions import CatalogError
from neike.catalog.display.changes import Change, compare
from neike.catalog.models import Service
from neike.catalog.service_file import ServiceFileError
from neike.catalog.views.days import moment, reader
from neike.catalog.views.versions import snapshot
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Person

_PARTS: Final = ("texts", "form", "promise", "plan")


@require_http_methods(["GET", "HEAD", "POST"])
@policy("catalog.manage")
def import_file(request: HttpRequest) -> HttpResponse:
    """Show what a file would change; with `do=apply` change it. The standard waits as a draft.

    Whoever loads the preview anew has no file any more and chooses it again.
    """
    if request.method != "POST":
        return redirect("catalog:manage")
    now, _today = moment()
    text, name = _sent(request)
    if not text:
        messages.error(request, _("Please choose a file."))
        return redirect("catalog:manage")
    try:
        if request.POST.get("do") == "apply":
            service = _import(text, name, reader(request), now)
        else:
            return _preview(request, text, name, now)
    except ServiceFileError as error:
        messages.error(request, str(error))
    except CatalogError as error:
        messages.error(request, f"{name}: {' '.join(error.messages)}")
    except PermissionDenied:
        messages.error(request, _("%(file)s: you may not edit this service.") % {"file": name})
    else:
        messages.success(request, _("Read. Check the draft of the standard and publish it."))
        return redirect("catalog:edit", service.key)
    return redirect("catalog:manage")


def _sent(request: HttpRequest) -> tuple[bytes, str]:
    """Return the file's bytes and name: uploaded, or sent along from the preview."""
    upload = request.FILES.get("file")
    if upload is not None and not isinstance(upload, list):
        return upload.read(service_file.MOST_BYTES + 1), str(upload.name)[:100]
    return request.POST.get("text", "").encode(), request.POST.get("name", "")[:100]


def _import(text: bytes, name: str, by: Person, now: datetime) -> Service:
    return exchange.import_service(
        text, file=name, calendar=org_queries.default_calendar(), by=by, now=now
    )


def _preview(request: HttpRequest, text: bytes, name: str, now: datetime) -> HttpResponse:
    """Read the file as if for good, compare, and take everything back."""
    today = org_queries.organisation_day(now)
    key = service_file.read(text, file=name).key
    before = Service.objects.filter(key=key).select_related("form").first()
    was = snapshot(before, today) if before else {}
    with transaction.atomic():
        after = _import(text, name, reader(request), now)
        will_be = snapshot(after, today)
        transaction.set_rollback(True)
    groups = _groups(was, will_be)
    context: dict[str, Any] = {
        "name": name,
        "text": text.decode(),
        "service": after,
        "is_new": before is None,
        "groups": groups,
        "changes_nothing": before is not None and not any(changes for _label, changes in groups),
    }
    return render(request, "catalog/import_preview.html", context)


def _groups(was: dict[str, Any], will_be: dict[str, Any]) -> list[tuple[str, list[Change]]]:
    labels = {
        "texts": _("Texts"),
        "form": _("Request form"),
        "promise": _("Standard"),
        "plan": _("Plan"),
    }
    return [
        (labels[part], compare(was.get(part, {}), will_be.get(part, {})))
        for part in _PARTS
        if part in will_be
    ]
