"""The matrix as an SVG file: providers in rows, customers in columns, with title, conditions, legend and source."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neike.insights.choices import MapState
from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.matrix import MARKS, cell_text, ordered
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.svg_parts import (
    COLORS,
    LEGEND_COLUMN,
    LEGEND_LINE,
    MUTED,
    PAPER,
    SIDE,
    clean,
    fitted,
    head_of,
    legend_lines,
    text_at,
)
from neike.insights.views.maps.words import (
    MEASURE_NOTES,
    bands_legend,
    edge_words,
    states_legend,
    tone_of,
)

MOST: Final = 120
"""Rows and columns of one drawing, the busiest: more are too small to be read on any screen or sheet."""
_CELL: Final = (58, 26)
"""Width and height of a cell."""
_NAMES: Final = 250
_LETTERS: Final = 30
"""Room for the names of rows in pixels, and in letters."""
_SLANT: Final = 190
"""Height of the slanted names of columns."""
_TOP: Final = 118
_NARROWEST: Final = 1000
"""Title and legend need this width."""


def matrix_svg_of(read: MapReading) -> str:
    """Return the drawing of the matrix of what is asked for, the busiest `MOST` providers and customers of it."""
    providers, customers = ordered(read, 0), ordered(read, 1)
    rows, columns = providers[:MOST], customers[:MOST]
    entries = [
        *bands_legend(read.edges, read.measure),
        *(
            replace(entry, words=f"{MARKS[state]} {entry.words}".strip())
            for entry, state in zip(states_legend(read.edges, read.measure), MapState, strict=True)
        ),
    ]
    width = max(_NARROWEST, 2 * SIDE + _NAMES + len(columns) * _CELL[0] + _SLANT // 2)
    across = (width - 2 * SIDE) // LEGEND_COLUMN
    bottom = _TOP + _SLANT + len(rows) * _CELL[1]
    height = bottom + -(-len(entries) // across) * LEGEND_LINE + 120
    parts = [
        *head_of(read, width, height),
        *_heads(read, rows, columns),
        *_cells(read, rows, columns),
        *legend_lines(entries, across, bottom + 50),
        text_at(SIDE, height - 40, str(MEASURE_NOTES[read.measure]), 15, color=MUTED),
        text_at(SIDE, height - 16, _source(read, len(rows), len(columns)), 15, color=MUTED),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _source(read: MapReading, rows: int, columns: int) -> str:
    words = _(
        "Organisation and relations of %(day)s. Rows serve, columns are served: %(rows)s busiest providers, %(columns)s busiest customers."
    )
    return words % {
        "day": date_format(read.organisation.on, "Y-m-d"),
        "rows": rows,
        "columns": columns,
    }


def _heads(read: MapReading, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
    for place, each in enumerate(rows):
        y = _TOP + _SLANT + place * _CELL[1] + 18
        yield _name(read, each, f'x="{SIDE + _NAMES - 10}" y="{y}" text-anchor="end"')
    for place, each in enumerate(columns):
        x = SIDE + _NAMES + place * _CELL[0] + _CELL[0] // 2
        y = _TOP + _SLANT - 8
        yield _name(read, each, f'transform="translate({x} {y}) rotate(-50)"')


def _name(read: MapReading, department_id: int, where: str) -> str:
    name = read.name(department_id)
    return (
        f'<text {where} font-size="15"><title>{clean(name)}</title>'
        f"{clean(fitted(name, _LETTERS))}</text>"
    )


def _cells(read: MapReading, rows: Sequence[int], columns: Sequence[int]) -> Iterator[str]:
    row_of = {each: place for place, each in enumerate(rows)}
    column_of = {each: place for place, each in enumerate(columns)}
    for edge in read.edges:
        if edge.provider in row_of and edge.customer in column_of:
            yield _cell(read, edge, row_of[edge.provider], column_of[edge.customer])


def _cell(read: MapReading, edge: MapEdge, row: int, column: int) -> str:
    x, y = SIDE + _NAMES + column * _CELL[0], _TOP + _SLANT + row * _CELL[1]
    words = _("%(provider)s → %(customer)s: %(words)s") % {
        "provider": read.name(edge.provider),
        "customer": read.name(edge.customer),
        "words": edge_words(edge, read.measure),
    }
    text = f"{cell_text(edge, read.measure)} {MARKS[edge.state]}".strip()
    return (
        f"<g><title>{clean(words)}</title>"
        f'<rect x="{x}" y="{y}" width="{_CELL[0]}" height="{_CELL[1]}" '
        f'fill="{COLORS[tone_of(edge, read.measure)]}" fill-opacity="0.28" stroke="{PAPER}" stroke-width="2"/>'
        f'<text x="{x + _CELL[0] // 2}" y="{y + 18}" font-size="14" text-anchor="middle">{clean(text)}</text></g>'
    )
