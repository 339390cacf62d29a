"""The map as a graph for the browser: the same numbers as the list beside it."""

from collections.abc import Hashable, Iterable
from math import sqrt
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from neike.insights.choices import Measure
from neike.insights.queries.map_edges import MapEdge
from neike.insights.views.maps.reading import MapReading
from neike.insights.views.maps.words import STATE_STYLES, edge_words, measured_words, tone_of
from neike.kernel.ui.charts import Chart, Edge, Node
from neike.kernel.ui.charts import graph as graph_chart
from neike.kernel.ui.dense import DenseEdges, DenseNodes, dense_graph

_SMALLEST, _GREATEST = 14.0, 44.0
_THINNEST, _THICKEST = 1.0, 7.0
K = TypeVar("K", bound=Hashable)
MANY: Final = 600
"""From so many edges on the drawing is painted from columns and a line's words are short: it must stay quick."""


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
    """Return the graph of what is asked for; of very many edges in columns, which the browser paints at once."""
    return _dense(read) if len(read.edges) > MANY else _small(read)


def _small(read: MapReading) -> Chart:
    busiest = most_of(read.nodes.values())
    most = most_of(edge.legs for edge in read.edges)
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
            text=edge_words(edge, read.measure),
            width=width_of(edge.legs, most),
            href=None if edge.legs is not None else read.list_of(edge),
            tone=tone_of(edge, read.measure),
            style=STATE_STYLES[edge.state],
        )
        for edge in _lightest_first(read.edges)
    ]
    head = (_("Provider"), _("Customer"), str(read.measure.label))
    return graph_chart(nodes, edges, head=head, edge_href=read.list_pattern)


def _dense(read: MapReading) -> Chart:
    looks: _Numbers[tuple[str, str]] = _Numbers()
    words: _Numbers[str] = _Numbers()
    number = {each: place for place, each in enumerate(read.nodes)}
    busiest, most = most_of(read.nodes.values()), most_of(edge.legs for edge in read.edges)
    widths = _Widths(most)
    text = _Words(read.measure)
    columns = DenseEdges()
    for place, edge in enumerate(_lightest_first(read.edges)):
        columns.source.append(number[edge.provider])
        columns.target.append(number[edge.customer])
        columns.look.append(looks[tone_of(edge, read.measure), STATE_STYLES[edge.state]])
        columns.words.append(words[text[edge]])
        columns.width.append(widths[edge.legs or 0])
        if edge.legs is None:
            columns.hrefs[place] = read.relation_pattern if edge.relations else ""
    return dense_graph(
        DenseNodes(
            name=[read.name(each) for each in read.nodes],
            key=[read.public_id(each) for each in read.nodes],
            x=[read.places[each][0] for each in read.nodes],
            y=[read.places[each][1] for each in read.nodes],
            size=[size_of(volume, busiest) for volume in read.nodes.values()],
        ),
        columns,
        looks=[{"tone": tone, "style": style} for tone, style in looks],
        words=list(words),
        node_href=read.url("insights:map", focus="{key}").replace("%7Bkey%7D", "{key}"),
        edge_href=read.list_pattern,
        marked=number[read.focus.id] if read.focus else None,
    )


class _Numbers(dict[K, int]):
    """Each different thing with its number, in the order they come."""

    def __missing__(self, key: K) -> int:
        self[key] = number = len(self)
        return number


class _Widths(dict[int, int]):
    """The width of a line in tenths of a pixel by its hand-overs."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __missing__(self, legs: int) -> int:
        self[legs] = width = round(width_of(legs, self.most) * 10)
        return width


class _Words:
    """What an edge says, written once for all edges that say the same."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.written: dict[Hashable, str] = {}

    def __getitem__(self, edge: MapEdge) -> str:
        is_volume = self.measure == Measure.VOLUME
        key = (edge.legs, edge.is_quiet, edge.state) if is_volume else edge.figure
        if key not in self.written:
            self.written[key] = measured_words(edge, self.measure)
        return self.written[key]


def _lightest_first(edges: Iterable[MapEdge]) -> Iterable[MapEdge]:
    """Put the greatest last, so that it is drawn on top."""
    return reversed(list(edges))
