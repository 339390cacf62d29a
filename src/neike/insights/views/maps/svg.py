"""The map as an SVG file: drawn here, so that it is exact, the same everywhere, and complete without the product."""

from collections.abc import Iterator
from html import escape
from math import hypot
from typing import Final
from unicodedata import east_asian_width

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.drawing import most_of, size_of, width_of
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.words import (
    MEASURE_NOTES,
    STATE_STYLES,
    bands_legend,
    edge_words,
    kind_words,
    states_legend,
    tone_of,
)
from neike.insights.views.maps.words import LegendEntry as Entry
from neike.kernel import installation

WIDTH: Final = 1600
_TOP, _HEIGHT, _SIDE = 118, 1000, 90
_LABELS: Final = 80
"""Of so many departments the busiest are named; more names would cover one another."""
_COLORS: Final = {
    "primary": "#2f6bf2",
    "info": "#2196d8",
    "success": "#17a673",
    "warning": "#d98a06",
    "error": "#e5475f",
    "neutral": "#93a0b8",
}
_DASHES: Final = {"solid": "", "dashed": "9 5", "dotted": "2 5", "dashdot": "9 4 2 4"}
_TEXT, _MUTED, _PAPER = "#141d30", "#55617a", "#ffffff"
_FONT: Final = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"
_ARROW: Final = 9
_BEND: Final = 0.12
_LEGEND_COLUMN: Final = 390
_LEGEND_LINE: Final = 26


def svg_of(read: MapReading) -> str:
    """Return the drawing of what is asked for, with title, conditions, legend and source."""
    entries = [
        *bands_legend(read.edges, read.measure),
        *states_legend(read.edges, read.measure),
    ]
    columns = (WIDTH - 2 * _SIDE) // _LEGEND_COLUMN
    rows = -(-len(entries) // columns)
    height = _TOP + _HEIGHT + rows * _LEGEND_LINE + 100
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="{_FONT}" role="img">',
        f"<title>{_clean(_title(read))}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>',
        _words(_SIDE, 58, _title(read), 32, weight=700),
        _words(_SIDE, 92, _conditions(read), 18, color=_MUTED),
        *_edges(read),
        *_nodes(read),
        *_legend(entries, columns, _TOP + _HEIGHT + 40),
        _words(_SIDE, height - 40, str(MEASURE_NOTES[read.measure]), 15, color=_MUTED),
        _words(_SIDE, height - 16, _source(read), 15, color=_MUTED),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(read: MapReading) -> str:
    return _("Who serves whom: %(measure)s, %(quarter)s") % {
        "measure": read.measure.label,
        "quarter": read.period,
    }


def _conditions(read: MapReading) -> str:
    words = [str(installation.current().name)]
    if read.within:
        words.append(_("within %(name)s") % {"name": read.within.name})
    if read.focus:
        words.append(_("chain of %(name)s") % {"name": read.focus.name})
    if read.kind:
        words.append(kind_words(read.kind))
    words.append(
        _("%(nodes)s departments, %(edges)s edges")
        % {"nodes": len(read.nodes), "edges": len(read.edges)}
    )
    return " · ".join(words)


def _source(read: MapReading) -> str:
    return _(
        "Organisation and relations of %(day)s. An arrow leads from who serves to who is served."
    ) % {"day": date_format(read.organisation.on, "Y-m-d")}


def _edges(read: MapReading) -> Iterator[str]:
    most = most_of(edge.legs for edge in read.edges)
    busiest = most_of(read.nodes.values())
    for edge in reversed(read.edges):
        width = width_of(edge.legs, most)
        yield _arrow(read, edge, width, size_of(read.nodes[edge.customer], busiest) / 2)


def _at(read: MapReading, node: int) -> tuple[float, float]:
    x, y = read.places[node]
    return _SIDE + x * (WIDTH - 2 * _SIDE), _TOP + 40 + y * (_HEIGHT - 90)


def _arrow(read: MapReading, edge: MapEdge, width: float, radius: float) -> str:
    """Draw a bent line with its head just outside the customer."""
    (x1, y1), (x2, y2) = _at(read, edge.provider), _at(read, edge.customer)
    bend_x = (x1 + x2) / 2 + (y2 - y1) * _BEND
    bend_y = (y1 + y2) / 2 - (x2 - x1) * _BEND
    length = hypot(x2 - bend_x, y2 - bend_y) or 1
    ux, uy = (x2 - bend_x) / length, (y2 - bend_y) / length
    tip_x, tip_y = x2 - ux * (radius + 2), y2 - uy * (radius + 2)
    size = _ARROW + width
    base_x, base_y = tip_x - ux * size, tip_y - uy * size
    across_x, across_y = -uy * size * 0.42, ux * size * 0.42
    color = _COLORS[tone_of(edge, read.measure)]
    dash = _DASHES[STATE_STYLES[edge.state]]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    words = _("%(provider)s → %(customer)s: %(words)s") % {
        "provider": read.name(edge.provider),
        "customer": read.name(edge.customer),
        "words": edge_words(edge, read.measure),
    }
    return (
        f'<g fill="{color}" opacity="0.75"><title>{_clean(words)}</title>'
        f'<path d="M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {base_x:.1f} {base_y:.1f}" '
        f'fill="none" stroke="{color}" stroke-width="{width}"{dashes}/>'
        f'<path d="M{tip_x:.1f} {tip_y:.1f}L{base_x + across_x:.1f} {base_y + across_y:.1f}'
        f'L{base_x - across_x:.1f} {base_y - across_y:.1f}Z"/></g>'
    )


def _nodes(read: MapReading) -> Iterator[str]:
    busiest = most_of(read.nodes.values())
    for place, (node, volume) in enumerate(read.nodes.items()):
        x, y = _at(read, node)
        radius = size_of(volume, busiest) / 2
        is_focus = read.focus is not None and read.focus.id == node
        color = _COLORS["success" if is_focus else "primary"]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{color}" stroke="{_PAPER}" stroke-width="2"><title>{_clean(read.name(node))}</title></circle>'
        if place < _LABELS or is_focus:
            yield _words(x, y + radius + 17, read.name(node), 15, middle=True)


def _legend(entries: list[Entry], columns: int, top: float) -> Iterator[str]:
    for place, entry in enumerate(entries):
        x = _SIDE + place % columns * _LEGEND_COLUMN
        y = top + place // columns * _LEGEND_LINE
        dash = _DASHES[entry.style]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<line x1="{x}" y1="{y - 5}" x2="{x + 44}" y2="{y - 5}" stroke="{_COLORS[entry.tone]}" stroke-width="4"{dashes}/>'
        yield _words(x + 54, y, f"{entry.words} ({entry.count})", 16)


def _words(
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    color: str = _TEXT,
    weight: int = 400,
    middle: bool = False,
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    fitted = _fitted(text, 24) if middle else text
    halo = f' paint-order="stroke" stroke="{_PAPER}" stroke-width="4"' if middle else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""  # noqa: PLR2004 - the usual weight
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}"{bold}{anchor}{halo}>{_clean(fitted)}</text>'


def _fitted(text: str, most: int) -> str:
    """Cut a text to about `most` Latin letters, of which a Chinese one takes two."""
    room = most
    for place, letter in enumerate(text):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return text[:place].rstrip() + "…"
    return text


def _clean(text: str) -> str:
    """Escape a text for XML and leave out what XML cannot hold."""
    return escape("".join(each for each in text if each >= " "))
