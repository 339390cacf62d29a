"""Importing the organisation: send a file, say what its columns hold, look at the preview, apply."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.kernel.jobs import enqueue
from neike.kernel.policies import policy
from neike.org import jobs
from neike.org.choices import ImportState
from neike.org.forms.imports import ColumnsForm, SheetForm, UploadForm
from neike.org.importing import uploads
from neike.org.importing.columns import FIELDS
from neike.org.importing.errors import BadFileError, RowNote
from neike.org.importing.report import Report, notes_csv
from neike.org.importing.summary import summary
from neike.org.models import DirectoryImport
from neike.org.views.days import reader

SHOWN_IMPORTS = 20
SHOWN_NOTES = 20
SHOWN_DEPARTMENTS = 100
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
                held = uploads.receive_all(
                    files=form.cleaned_data["file"], by=reader(request), now=now
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
    first, *further = _forms(uploads.files_of(held), request.POST)
    if all([each.is_valid() for each in (first, *further)]):  # noqa: C419 - each form is to show its own errors
        try:
            held = uploads.choose(
                held=held,
                mapping=first.mapping(),
                further=[each.mapping() for each in further],
                end_missing=first.cleaned_data["end_missing"],
                holds_from=first.cleaned_data["holds_from"],
                by=reader(request),
                now=now,
            )
        except BadFileError as error:
            first.add_error(None, str(error))
        else:
            return _go_on(held, now)
    return _page(request, held, forms=[first, *further], status=422)


@require_POST
@policy("org.import")
def choose_sheet(request: HttpRequest, public_id: UUID, part: int) -> HttpResponse:
    """Take another sheet of a workbook."""
    now = timezone.now()
    held = _held(request, public_id, now)
    try:
        uploads.choose_sheet(
            held=held, part=part, sheet=request.POST.get("sheet", ""), by=reader(request), now=now
        )
    except BadFileError as error:
        messages.error(request, str(error))
    return redirect("org:import_show", public_id)


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
        "".join(notes_csv(Report.from_json(held.report).ordered())),
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


def _forms(files: Sequence[DirectoryImport], data: QueryDict | None = None) -> list[ColumnsForm]:
    """Return the form of the columns of each file; the fields of the first have no prefix."""
    return [
        ColumnsForm(
            data,
            headers=each.layout["headers"],
            first=number == 0,
            prefix=f"file{number}" if number else None,
            initial={
                **each.mapping,
                "end_missing": each.end_missing,
                "holds_from": each.holds_from,
            },
        )
        for number, each in enumerate(files)
    ]


def _page(
    request: HttpRequest,
    held: DirectoryImport,
    *,
    forms: list[ColumnsForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    report = Report.from_json(held.report) if held.report else None
    files = uploads.files_of(held)
    choosing = held.state in (ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED)
    if forms is None:
        forms = _forms(files) if choosing and held.file else []
    context = {
        "held": held,
        "files": files,
        "more_files": len(files) - 1,
        "report": report,
        "kinds": [each for each in report.kinds() if each[1]] if report else [],
        "by_department": report.by_department()[:SHOWN_DEPARTMENTS] if report else [],
        "more_departments": max(0, len(report.departments) - SHOWN_DEPARTMENTS) if report else 0,
        "notes": _shown([each for each in report.ordered() if each.line][:SHOWN_NOTES])
        if report
        else [],
        "more_notes": max(0, sum(1 for each in report.notes if each.line) - SHOWN_NOTES)
        if report
        else 0,
        "remarks": [each for each in report.notes if not each.line] if report else [],
        "parts": [_part(each, form) for each, form in zip(files, forms, strict=False)],
        "under_way": held.state in _UNDER_WAY,
        "refused_form": status != HTTPStatus.OK,
        **_progress(held),
    }
    return render(request, "org/import.html", context, status=status)


def _progress(held: DirectoryImport) -> dict[str, int]:
    """Return how far the work is; the end is about known, so it is never overrun."""
    to_do = uploads.steps_to_do(held) if held.state in _UNDER_WAY else 0
    return {"steps_to_do": to_do, "done": min(held.done_rows, to_do)}


def _part(held: DirectoryImport, form: ColumnsForm) -> dict[str, object]:
    """Return what the page shows of one file: its columns, its sheets, its first rows."""
    sheets = held.layout.get("sheets", [])
    sample = uploads.sample(held) if held.file else []
    told = summary(held.layout["headers"], form.chosen(), sample)
    chosen = {"sheet": held.layout.get("sheet", "")}
    return {
        "name": held.file_name,
        "form": form,
        "sheet_form": SheetForm(sheets=sheets, initial=chosen, auto_id=f"{held.public_id}-%s")
        if len(sheets) > 1
        else None,
        "headers": held.layout["headers"],
        "sample": sample,
        "told": told,
        "asked": form.column_fields(told.missing) if told.missing else [],
        "others": form.column_fields(but=told.missing),
    }


def _shown(found: list[RowNote]) -> list[dict[str, object]]:
    return [
        {
            "file": each.file,
            "line": each.line,
            "label": FIELDS.get(each.field, ""),
            "value": each.value,
            "message": each.message,
            "refused": each.refused,
        }
        for each in found
    ]
