"""Reading a file of any kind that is taken: CSV, XLSX, LDIF, each also packed with gzip."""

import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO, Final, cast

from neike.org.importing import csv_file, ldif, xlsx_file
from neike.org.importing.errors import BadFileError
from neike.org.importing.layouts import MAX_BYTES, Layout, Record
from neike.org.importing.wording import _

__all__ = ["MAX_BYTES", "Layout", "Record", "records", "sniff"]
_CHUNK: Final = 1 << 20
_IN_MEMORY: Final = 4 << 20
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"


def sniff(file: BinaryIO, *, limit: int = MAX_BYTES, sheet: str = "") -> Layout:
    """Find out how a file is written; of a workbook the named sheet, else the one that looks most like a list.

    Raises:
        BadFileError: it is empty, larger than `limit` bytes (packed or unpacked), of no kind that is taken, or has no
            header row.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise BadFileError(_("The file is empty."))
    if size > limit:
        raise _too_large(size, limit)
    packed = file.read(2) == _GZIP
    with _plain(file, packed=packed, limit=limit) as source:
        return replace(_sniffed(source, sheet), packed=packed)


def _sniffed(source: BinaryIO, sheet: str) -> Layout:
    source.seek(0)
    start = source.read(4)
    if start == _ZIP:
        return xlsx_file.sniff(source, sheet=sheet)
    if start == _OLD_WORKBOOK:
        raise BadFileError(
            _(
                "This is an old spreadsheet (XLS) or a protected one. Save it as XLSX without password."
            )
        )
    return ldif.sniff(source) if ldif.is_ldif(source) else csv_file.sniff(source)


def records(file: BinaryIO, layout: Layout) -> Iterator[Record]:
    """Yield the rows after the header, without those that are blank.

    Raises:
        BadFileError: it cannot be read to its end; names the line where it can.
    """
    with _plain(file, packed=layout.packed, limit=MAX_BYTES) as source:
        if layout.kind == "xlsx":
            yield from xlsx_file.records(source, layout)
        elif layout.kind == "ldif":
            yield from ldif.records(source, layout)
        else:
            yield from csv_file.records(source, layout)


@contextmanager
def _plain(file: BinaryIO, *, packed: bool, limit: int) -> Iterator[BinaryIO]:
    """Give the file itself, or for a while what a packed one holds."""
    if not packed:
        yield file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as unpacked:
        source = cast("BinaryIO", unpacked)
        _unpack(file, source, limit)
        yield source


def _unpack(file: BinaryIO, into: BinaryIO, limit: int) -> None:
    """Write what a gzip file holds, at most `limit` bytes of it.

    Raises:
        BadFileError: it holds more, or is damaged.
    """
    file.seek(0)
    size = 0
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise _too_large(size, limit)
                into.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise BadFileError(_("The packed file is damaged. Pack it again.")) from error
    if size == 0:
        raise BadFileError(_("The file is empty."))
    into.seek(0)


def _too_large(size: int, limit: int) -> BadFileError:
    return BadFileError(
        _("The file has %(size)s MB; at most %(limit)s MB are taken. Split it into parts.")
        % {"size": size >> 20, "limit": limit >> 20}
    )
