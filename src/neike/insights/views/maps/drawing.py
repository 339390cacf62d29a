"""The map as a graph for the browser: the same numbers as the list beside it."""

from collections.abc import Iterable
from math import sqrt
from typing import Final

from django.utils.translation import gettext as _

from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.words import STATE_STYLES, edge_words, measured_words, tone_of
from neike.kernel.ui.charts import Chart, Edge, Node
from neike.kernel.ui.charts import graph as graph_chart

_SMALLEST, _GREATEST = 14.0, 44.0
_THINNEST, _THICKEST = 1.0, 7.0
MANY: Final = 600
"""From so many edges on a line's words are short: the drawing must stay quick."""


def width_of(legs: int | None, most: int) -> float:
    """Return the width of a line in pixels: its area grows with the hand-overs."""
    return round(_THINNEST + (_THICKEST - _THINNEST) * sqrt((legs or 0) / most), 1)


def size_of(legs: int, most: int) -> float:
    """Return the diameter of a department in pixels."""
    return round(_SMALLEST + (_GREATEST - _SMALLEST) * sqrt(legs / most), 1)


def most_of(numbers: Iterable[int | None]) -> int:
    """Return the greatest of the numbers, at least 1."""
    return max((one or 0 for one in numbers), default=1) or 1


def drawing(read: MapReading) -> Chart:
    """Return the graph of what is asked for."""
    busiest = most_of(read.nodes.values())
    most = most_of(edge.legs for edge in read.edges)
    words = measured_words if len(read.edges) > MANY else edge_words
    number = {each: str(place) for place, each in enumerate(read.nodes)}
    nodes = [
        Node(
            id=number[each],
            name=read.name(each),
            x=read.places[each][0],
            y=read.places[each][1],
            size=size_of(volume, busiest),
            tone="success" if read.focus and read.focus.id == each else "primary",
            href=read.url("insights:map", focus=read.public_id(each)),
            key=read.public_id(each),
        )
        for each, volume in read.nodes.items()
    ]
    edges = [
        Edge(
            source=number[edge.provider],
            target=number[edge.customer],
            text=words(edge, read.measure),
            width=width_of(edge.legs, most),
            href=None if edge.legs is not None else read.list_of(edge),
            tone=tone_of(edge, read.measure),
            style=STATE_STYLES[edge.state],
        )
        for edge in _lightest_first(read.edges)
    ]
    head = (_("Provider"), _("Customer"), str(read.measure.label))
    return graph_chart(nodes, edges, head=head, edge_href=read.list_pattern)


def _lightest_first(edges: Iterable[MapEdge]) -> Iterable[MapEdge]:
    """Put the greatest last, so that it is drawn on top."""
    return reversed(list(edges))
