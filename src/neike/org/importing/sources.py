"""Several files taken over together: who stands in two of them, and what the later one says, holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from neike.org.importing.errors import RowNote, RowRefusedError
from neike.org.importing.layouts import Layout
from neike.org.importing.matching import plain
from neike.org.importing.reading import records
from neike.org.importing.rows import Row, read_row
from neike.org.importing.wording import _

_COMPARED: Final = ("name", "email", "department_code", "path", "parent", "title", "manager", "valid_from")  # fmt: skip
_FIELDS: Final = {"path": "department"}


@dataclass(frozen=True, slots=True)
class Source:
    """One file with the column of each field; `name` is shown where several files are taken over together."""

    file: BinaryIO
    layout: Layout
    mapping: Mapping[str, int]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Overruled:
    """A row whose person stands in a later file too."""

    row: Row


Item = Row | RowNote | Overruled


def rows_of(source: Source) -> Iterator[Row | RowNote]:
    """Yield the checked rows of one file, and what is wrong with the others."""
    for record in records(source.file, source.layout):
        try:
            row = read_row(record, source.mapping)
        except RowRefusedError as error:
            yield RowNote(record.line, error.field, error.value, error.message, file=source.name)
        else:
            yield _named(row, source.name) if source.name else row


def _named(row: Row, file: str) -> Row:
    """Return a row and its remarks with the name of their file."""
    remarks = tuple(replace(each, file=file) for each in row.remarks)
    return replace(row, file=file, remarks=remarks)


def joined(sources: Sequence[Source]) -> Iterator[Item]:
    """Yield the rows of all files; of a person who stands in several, those of the last file.

    What that file leaves blank is filled from the one before; where both say something else, the row has a remark.
    """
    if len(sources) == 1:
        yield from rows_of(sources[0])
        return
    read = [list(rows_of(source)) for source in sources]
    last = {
        row.key: number for number, rows in enumerate(read) for row in rows if isinstance(row, Row)
    }
    said: dict[str, Row] = {}
    for number, rows in enumerate(read):
        fresh: set[str] = set()
        for row in rows:
            if isinstance(row, RowNote):
                yield row
            elif last[row.key] != number:
                said[row.key] = _over(row, said.get(row.key))
                yield Overruled(row)
            else:
                before = said.get(row.key) if row.key not in fresh else None
                fresh.add(row.key)
                yield _over(row, before)


def _over(row: Row, before: Row | None) -> Row:
    """Return the later row, filled from the one before, with a remark for each contradiction."""
    if before is None:
        return row
    filled = {name: getattr(before, name) for name in _COMPARED if not getattr(row, name)}
    return replace(row, **filled, remarks=(*row.remarks, *_conflicts(row, before)))


def _conflicts(row: Row, before: Row) -> Iterable[RowNote]:
    for name in _COMPARED:
        ours, theirs = getattr(row, name), getattr(before, name)
        if ours and theirs and not _same(ours, theirs):
            words = _("“%(file)s”, line %(line)s, says “%(value)s”. The later file holds.") % {
                "file": before.file,
                "line": before.line,
                "value": _shown(theirs),
            }
            yield RowNote(
                row.line, _FIELDS.get(name, name), _shown(ours), words, refused=False, file=row.file
            )


def _same(ours: object, theirs: object) -> bool:
    return plain(_shown(ours)) == plain(_shown(theirs))


def _shown(value: object) -> str:
    return "/".join(value) if isinstance(value, tuple) else str(value)
