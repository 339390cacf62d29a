"""An uploaded file from its arrival to its report."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from neike.kernel.audit import record
from neike.kernel.policies import require
from neike.org import policies
from neike.org.choices import ImportState
from neike.org.importing import columns, reading
from neike.org.importing.errors import BadFileError
from neike.org.importing.reading import Layout
from neike.org.importing.report import Report
from neike.org.importing.running import Transaction, run_import
from neike.org.models import DirectoryImport, Person

AT_ONCE_BYTES = {ImportState.PREVIEWING: 1_000_000, ImportState.APPLYING: 20_000}
"""Files up to this size are worked on while the sender waits, larger ones by a worker: planning ten thousand rows
takes seconds, writing them minutes."""
SAMPLE_ROWS = 5


class ImportBusyError(BadFileError):
    """The import is not in a state that allows this."""


def imports_visible_to(person: Person, *, now: datetime) -> QuerySet[DirectoryImport]:
    """Return the imports a person may see: all for administrators, none for others."""
    if not policies.may_change_organisation(person, on=policies.day_of(now)):
        return DirectoryImport.objects.none()
    return DirectoryImport.objects.select_related("created_by")


def receive(*, upload: UploadedFile[bytes], by: Person, now: datetime) -> DirectoryImport:
    """Keep an uploaded file for an import and guess its columns.

    Raises:
        BadFileError: it is no table; nothing is kept.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    layout = reading.sniff(upload)  # type: ignore[arg-type]  # an uploaded file reads like any other
    made = DirectoryImport(
        created_by=by,
        created_at=now,
        file_name=_shown_name(upload.name or ""),
        layout={
            "encoding": layout.encoding,
            "delimiter": layout.delimiter,
            "headers": list(layout.headers),
        },
        mapping=columns.guess(layout.headers),
    )
    upload.seek(0)
    made.file.save("upload.csv", upload, save=False)
    made.save()
    return made


def layout_of(held: DirectoryImport) -> Layout:
    """Return how the file is written."""
    stored = held.layout
    return Layout(stored["encoding"], stored["delimiter"], tuple(stored["headers"]))


def sample(held: DirectoryImport) -> list[tuple[str, ...]]:
    """Return the first rows as they stand in the file."""
    found: list[tuple[str, ...]] = []
    try:
        with held.file.open("rb") as file:
            for record_ in reading.records(file.file, layout_of(held)):
                found.append(record_.cells)
                if len(found) == SAMPLE_ROWS:
                    break
    except BadFileError:
        pass
    return found


@transaction.atomic
def choose(
    *,
    held: DirectoryImport,
    mapping: Mapping[str, int],
    end_missing: bool,
    by: Person,
    now: datetime,
) -> DirectoryImport:
    """Say what the columns hold; a preview comes next.

    Raises:
        BadFileError: a needed column is missing, or the import is under way or over.
    """
    require(policies.may_change_organisation(by, on=policies.day_of(now)))
    held = DirectoryImport.objects.select_for_update().get(pk=held.pk)
    if held.state not in (ImportState.UPLOADED, ImportState.PREVIEWED, ImportState.FAILED):
        raise ImportBusyError(_("This import is under way or over."))
    lacking = columns.missing(mapping)
    if lacking:
        raise BadFileError(
            _("These columns are missing: %(names)s.") % {"names": ", ".join(lacking)}
        )
    held.mapping, held.end_missing = dict(mapping), end_missing
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
    held.file.delete(save=False)
    held.state, held.report = ImportState.DISCARDED, None
    held.save()


def is_small(held: DirectoryImport) -> bool:
    """Whether the file is worked on while its sender waits."""
    limit = AT_ONCE_BYTES.get(ImportState(held.state), 0)
    return bool(held.file) and held.file.size <= limit


def work(
    *, held: DirectoryImport, now: datetime, transaction: Transaction = transaction.atomic
) -> DirectoryImport:
    """Preview or apply an import, as its state says; safe to repeat after a crash.

    The report speaks the language of who sent the file. `transaction` opens the one in which each part is written.
    """
    if held.state not in (ImportState.PREVIEWING, ImportState.APPLYING):
        return held
    applying = held.state == ImportState.APPLYING
    with override(held.created_by.language or None):
        try:
            report = _walk(held, apply=applying, now=now, transaction=transaction)
        except BadFileError as error:
            held.state, held.message = ImportState.FAILED, str(error)[:500]
            with transaction():
                held.save(update_fields=["state", "message"])
            return held
    held.report = report.as_json()
    held.state = ImportState.DONE if applying else ImportState.PREVIEWED
    name, storage = held.file.name, held.file.storage
    if applying:
        held.file.name = ""
    with transaction():
        held.save()
    if applying and name:
        storage.delete(name)
    return held


def _walk(held: DirectoryImport, *, apply: bool, now: datetime, transaction: Transaction) -> Report:
    def progress(rows: int) -> None:
        with transaction():
            DirectoryImport.objects.filter(pk=held.pk).update(done_rows=rows)

    with held.file.open("rb") as file:
        return run_import(
            file.file,
            layout=layout_of(held),
            mapping=held.mapping,
            by=held.created_by,
            now=now,
            apply=apply,
            end_missing=held.end_missing,
            progress=progress,
            transaction=transaction,
        )


def _shown_name(name: str) -> str:
    """Return a file name fit to be shown: without folders and control characters."""
    plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    return plain.replace("\\", "/").rsplit("/", 1)[-1].strip()[:120] or "import.csv"
