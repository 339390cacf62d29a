"""Importing the organisation: send a file, say what its columns hold, look at the preview, apply."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.kernel.jobs import enqueue
from neike.kernel.policies import policy
from neike.org import jobs
from neike.org.choices import ImportState
from neike.org.forms.imports import ColumnsForm, UploadForm
from neike.org.importing import uploads
from neike.org.importing.columns import FIELDS
from neike.org.importing.errors import BadFileError, RowNote
from neike.org.importing.report import Report, notes_csv
from neike.org.models import DirectoryImport
from neike.org.views.days import reader

SHOWN_IMPORTS = 20
SHOWN_NOTES = 50
_UNDER_WAY = (ImportState.PREVIEWING, ImportState.APPLYING)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.import")
def imports(request: HttpRequest) -> HttpResponse:
    """List the latest imports and take a new file."""
    now = timezone.now()
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                held = uploads.receive(
                    upload=form.cleaned_data["file"], by=reader(request), now=now
                )
            except BadFileError as error:
                form.add_error("file", str(error))
            else:
                return redirect("org:import_show", held.public_id)
    latest = uploads.imports_visible_to(reader(request), now=now)[:SHOWN_IMPORTS]
    return render(request, "org/imports.html", {"form": form, "imports": latest}, status=status)


@require_safe
@policy("org.import")
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one import as it stands: its columns, its progress, or its report."""
    held = _held(request, public_id, timezone.now())
    return _page(request, held)


@require_POST
@policy("org.import")
def choose_columns(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the column mapping and preview the file."""
    now = timezone.now()
    held = _held(request, public_id, now)
    form = ColumnsForm(request.POST, headers=held.layout["headers"])
    if form.is_valid():
        try:
            held = uploads.choose(
                held=held,
                mapping=form.mapping(),
                end_missing=form.cleaned_data["end_missing"],
                by=reader(request),
                now=now,
            )
        except BadFileError as error:
            form.add_error(None, str(error))
        else:
            return _go_on(held, now)
    return _page(request, held, form=form, status=422)


@require_POST
@policy("org.import")
def apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Apply a previewed import."""
    now = timezone.now()
    held = _held(request, public_id, now)
    try:
        held = uploads.start(held=held, by=reader(request), now=now)
    except BadFileError as error:
        messages.error(request, str(error))
        return redirect("org:import_show", public_id)
    return _go_on(held, now)


@require_POST
@policy("org.import")
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Throw an import away."""
    now = timezone.now()
    try:
        uploads.discard(held=_held(request, public_id, now), by=reader(request), now=now)
    except BadFileError as error:
        messages.error(request, str(error))
    return redirect("org:import")


@require_safe
@policy("org.import")
def notes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Download what is said of single rows as CSV."""
    held = _held(request, public_id, timezone.now())
    if held.report is None:
        raise Http404
    return HttpResponse(
        "".join(notes_csv(Report.from_json(held.report).notes)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rows-not-taken.csv"'},
    )


def _held(request: HttpRequest, public_id: UUID, now: datetime) -> DirectoryImport:
    return get_object_or_404(
        uploads.imports_visible_to(reader(request), now=now), public_id=public_id
    )


def _go_on(held: DirectoryImport, now: datetime) -> HttpResponse:
    """Work on a small file at once, queue a large one, and show the import."""
    if uploads.is_small(held):
        uploads.work(held=held, now=now)
    else:
        enqueue(
            jobs.work_on_import,
            now=now,
            key=f"{held.public_id}:{now.isoformat()}",
            import_id=held.pk,
        )
    return redirect("org:import_show", held.public_id)


def _page(
    request: HttpRequest,
    held: DirectoryImport,
    *,
    form: ColumnsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    report = Report.from_json(held.report) if held.report else None
    choosing = held.state in (ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED)
    if form is None and choosing and held.file:
        initial = {**held.mapping, "end_missing": held.end_missing}
        form = ColumnsForm(headers=held.layout["headers"], initial=initial)
    context = {
        "held": held,
        "report": report,
        "kinds": [each for each in report.kinds() if each[1]] if report else [],
        "notes": _shown(report.notes[:SHOWN_NOTES]) if report else [],
        "form": form,
        "headers": held.layout["headers"],
        "sample": uploads.sample(held) if form is not None and held.file else [],
        "under_way": held.state in _UNDER_WAY,
    }
    return render(request, "org/import.html", context, status=status)


def _shown(found: list[RowNote]) -> list[dict[str, object]]:
    return [
        {
            "line": each.line,
            "label": FIELDS.get(each.field, ""),
            "value": each.value,
            "message": each.message,
        }
        for each in found
    ]
