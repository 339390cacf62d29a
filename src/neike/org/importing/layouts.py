"""How a file is written, and one row of it: what every kind of file is turned into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MAX_COLUMNS: Final = 200
MAX_BYTES: Final = 100 * 1024 * 1024
"""Of the file itself and of what comes out of a compressed one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and its first row.

    `kind` is csv, xlsx or ldif; `sheet` the chosen one of the `sheets` of a workbook. `gaps` names the headers that
    some entries of a directory lack. `left_out` counts what is no row: entries of a directory by their kind.
    """

    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    kind: str = "csv"
    packed: bool = False
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    gaps: frozenset[str] = frozenset()
    left_out: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the layout as it is stored."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "headers": list(self.headers),
            "kind": self.kind,
            "packed": self.packed,
            "sheet": self.sheet,
            "sheets": list(self.sheets),
            "gaps": sorted(self.gaps),
            "left_out": dict(self.left_out),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Layout":
        """Read a stored layout."""
        return cls(
            encoding=stored["encoding"],
            delimiter=stored["delimiter"],
            headers=tuple(stored["headers"]),
            kind=stored.get("kind", "csv"),
            packed=stored.get("packed", False),
            sheet=stored.get("sheet", ""),
            sheets=tuple(stored.get("sheets", ())),
            gaps=frozenset(stored.get("gaps", ())),
            left_out=stored.get("left_out", {}),
        )


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the line of the file on which it begins (the header is line 1) and its cells.

    `merged` tells of cells inside a merged area of a sheet whose value stands elsewhere: column -> the area ("A2:A4").
    """

    line: int
    cells: tuple[str, ...]
    merged: Mapping[int, str] = field(default_factory=dict)
