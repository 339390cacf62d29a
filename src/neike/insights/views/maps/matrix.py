"""The map as a matrix: a page of rows and columns, so that large houses stay readable and quick."""

from dataclasses import dataclass
from typing import Final

from neike.insights.choices import Measure
from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.words import edge_words, short_figure, tone_of
from neike.kernel.ui.formatting import number
from neike.kernel.ui.tones import tone_class

SIDE: Final = 40
"""Rows and columns of one page."""
MARKS: Final = {"aligned": "", "hidden": "?", "paper": "○", "seen": "·"}
"""What stands beside a number, so that colour is not needed to tell the states apart."""
UNTOLD: Final = {"aligned": "–", "hidden": "–", "paper": "", "seen": "–"}
"""What stands for a value that is not there or may not be told."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair: `text` in the cell, `words` for those who want all of it."""

    text: str
    mark: str
    words: str
    url: str
    tone: str


@dataclass(frozen=True, slots=True)
class Head:
    """A department beside a row or above a column; its address puts it into focus."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows (or columns) of how many are shown, and where those before and after are."""

    first: int
    last: int
    total: int
    previous: str
    next: str

    @property
    def is_all(self) -> bool:
        """Whether nothing is left for another page."""
        return not self.previous and not self.next


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells, None where nothing may be said; `rows` and `columns` say which part it is."""

    heads: list[Head]
    lines: list[tuple[Head, list[Cell | None]]]
    rows: Part
    columns: Part


def matrix_of(read: MapReading, row: int, column: int) -> Matrix:
    """Return a page of the matrix, the busiest providers and customers first."""
    cells = {edge.pair: edge for edge in read.edges}
    providers = ordered(read, 0)
    customers = ordered(read, 1)
    shown_rows, shown_columns = providers[row : row + SIDE], customers[column : column + SIDE]
    heads = {each: _head(read, each) for each in {*shown_rows, *shown_columns}}
    lines = [
        (heads[one], [_cell(read, cells.get((one, other))) for other in shown_columns])
        for one in shown_rows
    ]
    return Matrix(
        [heads[each] for each in shown_columns],
        lines,
        _part(read, "row", row, len(shown_rows), len(providers)),
        _part(read, "column", column, len(shown_columns), len(customers)),
    )


def ordered(read: MapReading, end: int) -> list[int]:
    """Return the departments at one end of the edges, most hand-overs first."""
    volume: dict[int, int] = {}
    for edge in read.edges:
        one = edge.customer if end else edge.provider
        volume[one] = volume.get(one, 0) + (edge.legs or 0)
    return sorted(volume, key=lambda each: (-volume[each], read.name(each), each))


def _head(read: MapReading, department_id: int) -> Head:
    focus = read.public_id(department_id)
    return Head(read.name(department_id), read.url("insights:map_matrix", focus=focus))


def _cell(read: MapReading, edge: MapEdge | None) -> Cell | None:
    if edge is None:
        return None
    return Cell(
        text=cell_text(edge, read.measure),
        mark=MARKS[edge.state],
        words=edge_words(edge, read.measure),
        url=read.list_of(edge),
        tone=tone_class(tone_of(edge, read.measure)),
    )


def cell_text(edge: MapEdge, measure: Measure) -> str:
    """Write what stands in a cell; "" where only the mark tells something."""
    if measure == Measure.VOLUME:
        return number(edge.legs) if edge.legs is not None else UNTOLD[edge.state]
    return short_figure(edge.figure, measure) if edge.figure else UNTOLD[edge.state]


def _part(read: MapReading, name: str, start: int, count: int, total: int) -> Part:
    return Part(
        start + 1,
        start + count,
        total,
        _at(read, name, start - SIDE) if start else "",
        _at(read, name, start + SIDE) if start + SIDE < total else "",
    )


def _at(read: MapReading, name: str, start: int) -> str:
    return read.url("insights:map_matrix", **{name: str(max(start, 0) or "")})
