"""Reading a sheet of an XLSX workbook row by row: values only, no formulas, no links, no macros."""

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import IO, BinaryIO, Final, cast

from defusedxml.ElementTree import ParseError, iterparse
from openpyxl import load_workbook
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook

from neike.org.importing.columns import guess
from neike.org.importing.errors import BadFileError
from neike.org.importing.layouts import MAX_BYTES, MAX_COLUMNS, Layout, Record
from neike.org.importing.wording import _

MAX_ROWS: Final = 200_000
MAX_MERGED: Final = 20_000
MAX_PARTS: Final = 2_000
_BLANK_ROWS: Final = 2_000
"""So many blank rows in a row end a sheet: formats reach down to the last row there is."""
_CHUNK: Final = 1 << 20
_SHEET_NS: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT_NS: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_CELL_CHARS: Final = 32_767
Merged = Mapping[int, Mapping[int, str]]
"""Row -> column (from 0) -> area, for all cells of merged areas but the first."""


def sniff(file: BinaryIO, *, sheet: str = "") -> Layout:
    """Find the header row of a sheet: the named one, else the one whose headers say most.

    Raises:
        BadFileError: it is no workbook, unpacks to too much, has no such sheet or no sheet with a header.
    """
    _require_safe(file)
    with _opened(file) as book:
        names = tuple(each.title for each in book.worksheets)
        if sheet and sheet not in names:
            raise BadFileError(_("There is no sheet “%(name)s” in this file.") % {"name": sheet})
        found = {name: _headers(book, name) for name in ((sheet,) if sheet else names)}
    best = max(found, key=lambda name: (len(guess(found[name])), len(found[name])), default="")
    if not best or not any(found[best]):
        raise BadFileError(_("The first row must name the columns."))
    if len(found[best]) > MAX_COLUMNS:
        raise BadFileError(
            _("The file has %(count)s columns; at most %(limit)s are taken.")
            % {"count": len(found[best]), "limit": MAX_COLUMNS}
        )
    return Layout("", "", found[best], kind="xlsx", sheet=best, sheets=names)


def records(file: BinaryIO, layout: Layout) -> Iterator[Record]:
    """Yield the rows below the header; the line is the row's number in the sheet. Dates read as 2026-03-31.

    Raises:
        BadFileError: the sheet is gone, has too many rows, or cannot be read.
    """
    _require_safe(file)
    with _opened(file) as book:
        if layout.sheet not in book.sheetnames:
            raise BadFileError(
                _("There is no sheet “%(name)s” in this file.") % {"name": layout.sheet}
            )
        merged = _merged(file, book, layout.sheet)
        started, count = False, 0
        for line, cells in _rows(book, layout.sheet):
            if not started:
                started = True
                continue
            count += 1
            if count > MAX_ROWS:
                raise BadFileError(
                    _("The sheet has more than %(limit)s rows. Split it into parts.")
                    % {"limit": MAX_ROWS}
                )
            yield Record(line, cells, merged.get(line, {}))


def _rows(book: Workbook, sheet: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (row number, cells) of the rows that are not blank."""
    blank = 0
    rows = book[sheet].iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    for line, values in enumerate(rows, start=1):
        cells = tuple(_text(value) for value in values)
        while cells and not cells[-1].strip():
            cells = cells[:-1]
        blank = 0 if cells else blank + 1
        if blank > _BLANK_ROWS:
            return
        if cells:
            yield line, cells


def _headers(book: Workbook, sheet: str) -> tuple[str, ...]:
    first = next(_rows(book, sheet), None)
    return tuple(" ".join(cell.split()) for cell in first[1]) if first else ()


def _text(value: object) -> str:
    """Return a cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[:_CELL_CHARS]


@contextmanager
def _opened(file: BinaryIO) -> Iterator[Workbook]:
    """Open a workbook for reading; whatever its reader stumbles over is a bad file."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(
                cast("IO[bytes]", file), read_only=True, data_only=True, keep_links=False
            )
            try:
                for each in book.worksheets:
                    # The size a sheet claims is not to be trusted: read what is there.
                    each.reset_dimensions()
                yield book
            finally:
                book.close()
    except (BadFileError, GeneratorExit):
        raise
    except Exception as error:
        # Entities and declarations are among it: the reader parses by defusedxml.
        # The reader raises whatever its parts raise on damaged files: KeyError, ValueError, ParseError and more.
        raise BadFileError(_("The spreadsheet cannot be read. Save it again as XLSX.")) from error


def _require_safe(file: BinaryIO) -> None:
    """Unpack once without keeping anything: sizes that the archive claims may lie.

    Raises:
        BadFileError: it is no workbook, is locked, or unpacks to more than `MAX_BYTES`.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise BadFileError(_("This is no spreadsheet. Send CSV, XLSX or LDIF."))
            total = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS or total > MAX_BYTES:
                raise _too_much()
            read = 0
            for part in parts:
                with packed.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        read += len(chunk)
                        if read > MAX_BYTES:
                            raise _too_much()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise BadFileError(_("The spreadsheet cannot be read. Save it again as XLSX.")) from error


def _too_much() -> BadFileError:
    return BadFileError(
        _("Unpacked, the file has more than %(limit)s MB. Split it into parts.")
        % {"limit": MAX_BYTES >> 20}
    )


def _merged(file: BinaryIO, book: Workbook, sheet: str) -> Merged:
    """Return the cells covered by merged areas; the reader of values leaves these out."""
    path = str(book[sheet]._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001 - of read-only sheets
    found: dict[int, dict[int, str]] = {}
    cells = 0
    with zipfile.ZipFile(file) as packed, packed.open(path) as part:
        for area in _areas(part):
            left, top, right, bottom = range_boundaries(area)
            if None in (left, top, right, bottom):
                continue
            right = min(right or 0, MAX_COLUMNS)
            bottom = min(bottom or 0, MAX_ROWS)
            for row in range(top or 1, bottom + 1):
                for column in range(left or 1, right + 1):
                    cells += 1
                    if cells > MAX_MERGED * 10:
                        return found
                    if (row, column) != (top, left):
                        found.setdefault(row, {})[column - 1] = area
    return found


def _areas(part: IO[bytes]) -> Iterator[str]:
    """Yield the merged areas of a sheet's XML."""
    count = 0
    try:
        for _event, element in iterparse(part, events=("end",), forbid_dtd=True):
            if element.tag in (f"{_SHEET_NS}mergeCell", f"{_STRICT_NS}mergeCell"):
                count += 1
                if count > MAX_MERGED:
                    return
                yield str(element.get("ref", ""))
            if element.tag.endswith("}row"):
                element.clear()
    except ParseError as error:
        raise BadFileError(_("The spreadsheet cannot be read. Save it again as XLSX.")) from error


def first_cell(area: str) -> str:
    """Return the first cell of an area: "A2" of "A2:C4"."""
    left, top, _right, _bottom = range_boundaries(area)
    return f"{get_column_letter(left or 1)}{top}"
