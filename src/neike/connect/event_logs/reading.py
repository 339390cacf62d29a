"""Rows of a log file: CSV or XES, plain or gzipped, streamed."""

import csv
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _

CASE_PREFIX: Final = "case:"
"""How an attribute of an XES trace is called as a column."""
_GZIP: Final = b"\x1f\x8b"

Progress = Callable[[float], None]


class LogFileError(ValueError):
    """A file that is no readable log; says which file, where, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands (line of a CSV, number of the event in an XES) and its cells by column."""

    place: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that has not the shape of the others."""

    place: int
    cells: list[str]


class LogFile:
    """A log that can be read once from beginning to end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: tuple[str, ...] = ()

    def rows(self, progress: Progress) -> Iterator[Row | BrokenRow]:
        """Yield the rows in the order of the file; `progress` hears the share read so far, 0 to 1.

        Raises:
            LogFileError: the file cannot be read, or breaks off being a CSV or an XES.
        """
        try:
            size = max(self.path.stat().st_size, 1)
            with self.path.open("rb") as raw:
                packed = raw.read(2) == _GZIP
                raw.seek(0)
                stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
                for count, row in enumerate(self._rows_of(stream)):
                    if count % 2000 == 0:
                        progress(raw.tell() / size)
                    yield row
        except (OSError, EOFError) as error:
            raise LogFileError(
                _("%(file)s cannot be read: %(why)s") % {"file": self.path.name, "why": error}
            ) from error

    def _rows_of(self, stream: IO[bytes]) -> Iterator[Row | BrokenRow]:
        name = self.path.name.removesuffix(".gz").lower()
        return self._xes(stream) if name.endswith((".xes", ".xml")) else self._csv(stream)

    def _csv(self, stream: IO[bytes]) -> Iterator[Row | BrokenRow]:
        lines = csv.reader(_decoded(stream, self.path.name), delimiter=",")
        try:
            self.columns = tuple(cell.strip() for cell in next(lines, []))
            if len(self.columns) < 2:  # noqa: PLR2004 - a log needs a case and a time
                raise LogFileError(
                    _("%(file)s has no header with columns separated by commas.")
                    % {"file": self.path.name}
                )
            for cells in lines:
                if len(cells) == len(self.columns):
                    yield Row(lines.line_num, dict(zip(self.columns, cells, strict=True)))
                elif cells:
                    yield BrokenRow(lines.line_num, cells)
        except csv.Error as error:
            raise LogFileError(
                _("%(file)s, line %(line)s: %(why)s")
                % {"file": self.path.name, "line": lines.line_num, "why": error}
            ) from error

    def _xes(self, stream: IO[bytes]) -> Iterator[Row]:
        """Yield one row per event; the trace's own attributes are its columns with the prefix `case:`."""
        trace: dict[str, str] = {}
        event: dict[str, str] | None = None
        place = 0
        depth: list[str] = []
        root: Any = None
        try:
            for moment, element in iterparse(stream, events=("start", "end")):
                tag = element.tag.rpartition("}")[2]
                if moment == "start":
                    root = element if root is None else root
                    depth.append(tag)
                    if tag == "trace":
                        trace = {}
                    elif tag == "event":
                        event = {}
                    continue
                depth.pop()
                parent = depth[-1] if depth else ""
                if "key" in element.attrib and parent in {"trace", "event"}:
                    value = element.attrib.get("value", "")
                    target = event if parent == "event" and event is not None else trace
                    name = element.attrib["key"]
                    target[name if parent == "event" else CASE_PREFIX + name] = value
                elif tag == "event":
                    place += 1
                    yield Row(place, {**trace, **(event or {})})
                    event = None
                if tag == "event":
                    element.clear()
                elif tag == "trace":
                    root.clear()  # else every trace ever read would stay
        except (ParseError, DefusedXmlException) as error:
            raise LogFileError(
                _("%(file)s is no readable XES: %(why)s") % {"file": self.path.name, "why": error}
            ) from error


def _decoded(stream: IO[bytes], name: str) -> Iterator[str]:
    """Yield lines of text.

    Raises:
        LogFileError: a line is not UTF-8, or holds a NUL.
    """
    for number, line in enumerate(stream, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise LogFileError(
                _("%(file)s, line %(line)s is not UTF-8 text; save the file as UTF-8.")
                % {"file": name, "line": number}
            ) from error
        if "\x00" in text:
            raise LogFileError(
                _("%(file)s, line %(line)s holds binary data; this is no CSV.")
                % {"file": name, "line": number}
            )
        yield text
