"""The map as an SVG file: drawn here, so that it is exact, the same everywhere, and complete without the product."""

from collections.abc import Iterator
from math import hypot
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.drawing import most_of, size_of, width_of
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.svg_parts import (
    COLORS,
    DASHES,
    LEGEND_COLUMN,
    LEGEND_LINE,
    MUTED,
    PAPER,
    SIDE,
    clean,
    head_of,
    legend_lines,
    text_at,
)
from neike.insights.views.maps.words import (
    MEASURE_NOTES,
    STATE_STYLES,
    bands_legend,
    edge_words,
    states_legend,
    tone_of,
)

WIDTH: Final = 1600
_TOP, _HEIGHT = 118, 1000
_LABELS: Final = 80
"""Of so many departments the busiest are named; more names would cover one another."""
_ARROW: Final = 9
_BEND: Final = 0.12


def svg_of(read: MapReading) -> str:
    """Return the drawing of what is asked for, with title, conditions, legend and source."""
    entries = [
        *bands_legend(read.edges, read.measure),
        *states_legend(read.edges, read.measure),
    ]
    columns = (WIDTH - 2 * SIDE) // LEGEND_COLUMN
    rows = -(-len(entries) // columns)
    height = _TOP + _HEIGHT + rows * LEGEND_LINE + 100
    parts = [
        *head_of(read, WIDTH, height),
        *_edges(read),
        *_nodes(read),
        *legend_lines(entries, columns, _TOP + _HEIGHT + 40),
        text_at(SIDE, height - 40, str(MEASURE_NOTES[read.measure]), 15, color=MUTED),
        text_at(SIDE, height - 16, _source(read), 15, color=MUTED),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


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
    return SIDE + x * (WIDTH - 2 * SIDE), _TOP + 40 + y * (_HEIGHT - 90)


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
    color = COLORS[tone_of(edge, read.measure)]
    dash = DASHES[STATE_STYLES[edge.state]]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    words = _("%(provider)s → %(customer)s: %(words)s") % {
        "provider": read.name(edge.provider),
        "customer": read.name(edge.customer),
        "words": edge_words(edge, read.measure),
    }
    return (
        f'<g fill="{color}" opacity="0.75"><title>{clean(words)}</title>'
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
        color = COLORS["success" if is_focus else "primary"]
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{color}" stroke="{PAPER}" stroke-width="2"><title>{clean(read.name(node))}</title></circle>'
        if place < _LABELS or is_focus:
            yield text_at(x, y + radius + 17, read.name(node), 15, middle=True)
