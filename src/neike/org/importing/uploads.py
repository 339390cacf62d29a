"""An uploaded file from its arrival to its report."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.org import policies
from neike.org.choices import ImportState
from neike.org.importing import columns, reading
from neike.org.importing.errors import BadFileError, NoPeopleError
from neike.org.importing.layouts import Layout
from neike.org.importing.matching import plain
from neike.org.importing.report import Report
from neike.org.importing.running import run_import
from neike.org.importing.sources import Source
from neike.org.importing.walking import Transaction
from neike.org.models import DirectoryImport, Person

AT_ONCE_BYTES = {ImportState.PREVIEWING: 1_000_000, ImportState.APPLYING: 20_000}
"""Files up to this size are worked on while the sender waits, larger ones by a worker: planning ten thousand rows
takes seconds, writing them minutes."""
SAMPLE_ROWS = 5
_EMPTY_WORKBOOK = 5_000
_UNPACKS = 8
"""How many times its packed size a table has, about."""


class ImportBusyError(BadFileError):
    """The import is not in a state that allows this."""


def imports_visible_to(person: Person, *, now: datetime) -> QuerySet[DirectoryImport]:
    """Return the imports a person may see: all for administrators, none for others."""
    if not policies.may_change_organisation(person, on=policies.day_of(now)):
        return DirectoryImport.objects.none()
    return DirectoryImport.objects.filter(joins__isnull=True).select_related("created_by")


def receive(*, upload: UploadedFile[bytes], by: Person, now: datetime) -> DirectoryImport:
    """Keep an uploaded file for an import and guess its columns, or take those chosen last for such a header.

    Raises:
        BadFileError: it is of no kind that is taken; nothing is kept.
    """
    return receive_all(files=[upload], by=by, now=now)


def receive_all(
    *, files: Sequence[UploadedFile[bytes]], by: Person, now: datetime
) -> DirectoryImport:
    """Keep files that are taken over together, in their order: what a later one says holds.

    Files of a directory without people are left out where another file has some; the first layout names them.

    Raises:
        BadFileError: one of them is of no kind that is taken; nothing is kept.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    kept, empty = _sniffed_all(files)
    with transaction.atomic():
        first: DirectoryImport | None = None
        for upload, layout in kept:
            made = _kept(upload, layout, first, by, now)
            first = first or made
    if first is None:
        raise BadFileError(_("The file is empty."))
    if empty:
        first.layout["without_people"] = empty
        first.save(update_fields=["layout"])
    return first


def _sniffed_all(
    files: Sequence[UploadedFile[bytes]],
) -> tuple[list[tuple[UploadedFile[bytes], Layout]], list[str]]:
    """Return the files with their layouts, and the names of those without people.

    Raises:
        BadFileError: one of them is of no kind that is taken, or there are people in none.
    """
    kept: list[tuple[UploadedFile[bytes], Layout]] = []
    empty: list[str] = []
    nobody: NoPeopleError | None = None
    for upload in files:
        try:
            kept.append((upload, _sniffed(upload)))
        except NoPeopleError as error:
            nobody = error
            empty.append(_shown_name(upload.name or ""))
    if nobody is not None and not kept:
        raise nobody
    return kept, empty


def _sniffed(upload: UploadedFile[bytes]) -> Layout:
    try:
        return reading.sniff(upload)  # type: ignore[arg-type]  # an uploaded file reads like any other
    except BadFileError as error:
        raise type(error)(f"{_shown_name(upload.name or '')}: {error}") from error


def _kept(
    upload: UploadedFile[bytes],
    layout: Layout,
    first: DirectoryImport | None,
    by: Person,
    now: datetime,
) -> DirectoryImport:
    made = DirectoryImport(
        created_by=by,
        created_at=now,
        file_name=_shown_name(upload.name or ""),
        joins=first,
    )
    _lay_out(made, layout)
    upload.seek(0)
    made.file.save("upload", upload, save=False)
    made.save()
    return made


def _lay_out(held: DirectoryImport, layout: Layout) -> None:
    held.layout = layout.as_json()
    held.headers_key = _headers_key(layout)
    held.mapping = _remembered(held.headers_key) or columns.guess(layout.headers, layout.gaps)


def _headers_key(layout: Layout) -> str:
    told = "\x1f".join((layout.kind, *(plain(header) for header in layout.headers)))
    return hashlib.sha256(told.encode()).hexdigest()


def _remembered(key: str) -> dict[str, int] | None:
    """Return the columns that were last chosen for such a header and led to a preview."""
    chosen = DirectoryImport.objects.filter(
        headers_key=key, state__in=(ImportState.PREVIEWED, ImportState.APPLYING, ImportState.DONE)
    )
    found = chosen.order_by("-created_at", "-pk").values_list("mapping", flat=True).first()
    return dict(found) if found else None


def layout_of(held: DirectoryImport) -> Layout:
    """Return how the file is written."""
    return Layout.from_json(held.layout)


def files_of(held: DirectoryImport) -> list[DirectoryImport]:
    """Return the files that are taken over together, the first one first."""
    return [held, *held.parts.order_by("pk")]


def sample(held: DirectoryImport) -> list[tuple[str, ...]]:
    """Return the first rows as they stand in the file."""
    found: list[tuple[str, ...]] = []
    width = len(held.layout["headers"])
    try:
        with held.file.open("rb") as file:
            for record_ in reading.records(file.file, layout_of(held)):
                found.append((*record_.cells, *("",) * width)[:width])
                if len(found) == SAMPLE_ROWS:
                    break
    except BadFileError:
        pass
    return found


@transaction.atomic
def choose_sheet(
    *, held: DirectoryImport, part: int, sheet: str, by: Person, now: datetime
) -> None:
    """Take another sheet of a workbook; its columns are guessed anew. `part` counts the files from 0.

    Raises:
        BadFileError: there is no such file or sheet, or the import is under way or over.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    held = _changeable(held)
    files = files_of(held)
    if not 0 <= part < len(files):
        raise BadFileError(_("There is no sheet “%(name)s” in this file.") % {"name": sheet[:60]})
    chosen = files[part]
    with chosen.file.open("rb") as file:
        _lay_out(chosen, reading.sniff(file.file, sheet=sheet))
    chosen.save(update_fields=["layout", "headers_key", "mapping"])
    held.state, held.report, held.message = ImportState.UPLOADED, None, ""
    DirectoryImport.objects.filter(pk=held.pk).update(
        state=held.state, report=held.report, message=held.message
    )


def _changeable(held: DirectoryImport) -> DirectoryImport:
    held = DirectoryImport.objects.select_for_update(of=("self",)).get(pk=held.pk)
    if held.state not in (ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED):
        raise ImportBusyError(_("This import is under way or over."))
    return held


@transaction.atomic
def choose(
    *,
    held: DirectoryImport,
    mapping: Mapping[str, int],
    end_missing: bool,
    by: Person,
    now: datetime,
    further: Sequence[Mapping[str, int]] = (),
    holds_from: date | None = None,
) -> DirectoryImport:
    """Say what the columns hold, of the first file and of the `further` ones; a preview comes next.

    Raises:
        BadFileError: a needed column is missing, or the import is under way or over.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    held = _changeable(held)
    files = files_of(held)
    for each, chosen in zip(files, (mapping, *further), strict=True):
        lacking = columns.missing(chosen)
        if lacking:
            raise BadFileError(
                f"{each.file_name}: "
                + _("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)}
            )
        each.mapping = dict(chosen)
    for each in files[1:]:
        each.state = ImportState.PREVIEWED
        each.save(update_fields=["mapping", "state"])
    held.mapping, held.end_missing, held.holds_from = dict(mapping), end_missing, holds_from
    held.state, held.report, held.message, held.done_rows = ImportState.PREVIEWING, None, "", 0
    held.save()
    return held


@transaction.atomic
def start(*, held: DirectoryImport, by: Person, now: datetime) -> DirectoryImport:
    """Begin to apply a previewed import.

    Raises:
        ImportBusyError: it was not previewed, or is being applied already.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    held = DirectoryImport.objects.select_for_update().get(pk=held.pk)
    if held.state != ImportState.PREVIEWED:
        raise ImportBusyError(_("This import is under way or over."))
    held.state, held.done_rows = ImportState.APPLYING, 0
    held.save(update_fields=["state", "done_rows"])
    record(
        action="org.import_started",
        subject=held,
        by=by,
        after={"file": held.file_name, "end_missing": held.end_missing},
        now=now,
    )
    return held


def discard(*, held: DirectoryImport, by: Person, now: datetime) -> None:
    """Throw an import away that is not under way; its file goes, what was applied stays.

    Raises:
        ImportBusyError: it is being applied.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    if held.state == ImportState.APPLYING:
        raise ImportBusyError(_("This import is under way or over."))
    for each in files_of(held):
        each.file.delete(save=False)
        each.state, each.report = ImportState.DISCARDED, None
        each.save()


def is_small(held: DirectoryImport) -> bool:
    """Whether the file is worked on while its sender waits."""
    limit = AT_ONCE_BYTES.get(ImportState(held.state), 0)
    files = files_of(held)
    weight = sum(_weight(each) for each in files)
    return all(each.file for each in files) and weight <= limit


def _weight(held: DirectoryImport) -> int:
    """Return about how many bytes of plain text a file holds."""
    layout = layout_of(held)
    size = int(held.file.size) if held.file else 0
    if layout.kind == "xlsx":
        return max(0, size - _EMPTY_WORKBOOK) * _UNPACKS
    return size * _UNPACKS if layout.packed else size


def steps_to_do(held: DirectoryImport) -> int:
    """Return how far `done_rows` will go, about: the rows, and the changes when they are written; 0 while not known."""
    if held.state != ImportState.APPLYING or held.report is None:
        return int(held.layout.get("rows", 0))
    report = Report.from_json(held.report)
    return report.rows + report.changes


def work(
    *, held: DirectoryImport, now: datetime, transaction: Transaction = transaction.atomic
) -> DirectoryImport:
    """Preview or apply an import, as its state says; safe to repeat after a crash.

    The report speaks the language of who sent the file. `transaction` opens the one in which each part is written.
    """
    if held.state not in (ImportState.PREVIEWING, ImportState.APPLYING):
        return held
    applying = held.state == ImportState.APPLYING
    with override(held.created_by.language or get_language()):
        try:
            report = _walk(held, apply=applying, now=now, transaction=transaction)
        except BadFileError as error:
            held.state, held.message = ImportState.FAILED, str(error)[:500]
            with transaction():
                held.save(update_fields=["state", "message"])
            return held
    held.report = report.as_json()
    held.state = ImportState.DONE if applying else ImportState.PREVIEWED
    files = files_of(held) if applying else []
    stored = [(each.file.storage, each.file.name) for each in files if each.file.name]
    with transaction():
        for each in files[1:]:
            each.file.name, each.state = "", ImportState.DONE
            each.save(update_fields=["file", "state"])
        if applying:
            held.file.name = ""
        # `done_rows` was written as the work went on.
        held.save(update_fields=["report", "state", "file"])
    for storage, name in stored:
        storage.delete(str(name))
    return held


def _walk(held: DirectoryImport, *, apply: bool, now: datetime, transaction: Transaction) -> Report:
    def progress(report: Report) -> None:
        done = report.rows + (report.changes if apply else 0)
        with transaction():
            DirectoryImport.objects.filter(pk=held.pk).update(done_rows=done)

    files = files_of(held)
    with ExitStack() as opened:
        sources = [
            Source(
                opened.enter_context(each.file.open("rb")).file,
                layout_of(each),
                each.mapping,
                each.file_name if len(files) > 1 else "",
            )
            for each in files
        ]
        if not apply:
            _count_rows(held, sources, transaction)
        return run_import(
            sources,
            by=held.created_by,
            now=now,
            apply=apply,
            end_missing=held.end_missing,
            holds_from=held.holds_from,
            progress=progress,
            transaction=transaction,
        )


def _count_rows(held: DirectoryImport, sources: Sequence[Source], transaction: Transaction) -> None:
    """Keep how many rows the files have, so that a page can say how far the work is; small files are done at once."""
    if is_small(held):
        return
    held.layout["rows"] = sum(
        1 for each in sources for _row in reading.records(each.file, each.layout)
    )
    with transaction():
        held.save(update_fields=["layout"])


def _shown_name(name: str) -> str:
    """Return a file name fit to be shown: without folders and control characters."""
    plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    return plain.replace("\\", "/").rsplit("/", 1)[-1].strip()[:120] or "import.csv"
