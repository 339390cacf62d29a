"""Reading a CSV file of unknown encoding and delimiter, streaming."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from neike.org.importing.errors import BadFileError
from neike.org.importing.layouts import MAX_COLUMNS, Layout, Record
from neike.org.importing.wording import _

DELIMITERS: Final = (",", ";", "\t", "|")
_CHUNK: Final = 1 << 20
_HEAD: Final = 64 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def sniff(file: BinaryIO) -> Layout:
    """Find out how a file is written: UTF-8, UTF-16 with a mark, or GBK; comma, semicolon, tab or bar.

    Raises:
        BadFileError: it is no text, or has no header row.
    """
    encoding = encoding_of(file)
    head = _head(file, encoding)
    delimiter = max(DELIMITERS, key=lambda sign: len(_first(head, sign)))
    headers = tuple(cell.strip() for cell in _first(head, delimiter))
    if not any(headers):
        raise BadFileError(_("The first row must name the columns."))
    if len(headers) > MAX_COLUMNS:
        raise BadFileError(
            _("The file has %(count)s columns; at most %(limit)s are taken.")
            % {"count": len(headers), "limit": MAX_COLUMNS}
        )
    return Layout(encoding, delimiter, headers)


def records(file: BinaryIO, layout: Layout) -> Iterator[Record]:
    """Yield the rows after the header, without those that are blank.

    Raises:
        BadFileError: a quote is never closed; names the line.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, layout.encoding, newline="")
    reader = csv.reader(text, delimiter=layout.delimiter)
    begins = 1
    try:
        for number, cells in enumerate(reader):
            if number and any(cell.strip() for cell in cells):
                yield Record(begins, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadFileError(
            _("The row that begins on line %(line)s cannot be read: a quotation mark may be open.")
            % {"line": begins}
        ) from error
    finally:
        text.detach()


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding that reads the whole file.

    Raises:
        BadFileError: none does.
    """
    file.seek(0)
    head = file.read(_HEAD)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return _whole(file, (encoding,))
    if b"\x00" in head:
        raise BadFileError(_("This is no text file. Send a CSV file."))
    return _whole(file, ("utf-8", "gb18030"))


def _whole(file: BinaryIO, encodings: tuple[str, ...]) -> str:
    line = 1
    for encoding in encodings:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        line = 1
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if "\x00" in text:
                    raise BadFileError(_("This is no text file. Send a CSV file."))
                line += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadFileError(
        _(
            "The file is neither UTF-8 nor GBK (trouble after line %(line)s). "
            "Save it as “CSV UTF-8” and send that."
        )
        % {"line": line}
    )


def _head(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    return codecs.getincrementaldecoder(encoding)().decode(file.read(_HEAD))


def _first(head: str, delimiter: str) -> list[str]:
    """Return the first row under a delimiter; [] when it cannot be read."""
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []
