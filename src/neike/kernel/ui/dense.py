"""A graph of very many arrows as columns, so that the page stays small and the browser paints it at once.

frontend/src/dense_graph.js paints it; its table is the page's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from neike.kernel.ui.charts import Chart, Table
from neike.kernel.ui.tones import tone_class


@dataclass(frozen=True, slots=True)
class DenseNodes:
    """Points, the most important first: a list of the same length for each of what `charts.Node` says."""

    name: list[str]
    key: list[str]
    x: list[float]
    y: list[float]
    size: list[float]


@dataclass(frozen=True, slots=True)
class DenseEdges:
    """Arrows, the most important last, by columns.

    `source` and `target` are places among the nodes, `look` and `words` places in the lists beside them, `width` is
    in tenths of a pixel. `hrefs` holds by place what does not open the graph's `edge_href`: an address with {source}
    and {target} for the keys of its ends, or "", which opens nothing.
    """

    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    look: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    width: list[int] = field(default_factory=list)
    hrefs: dict[int, str] = field(default_factory=dict)


def dense_graph(
    nodes: DenseNodes,
    edges: DenseEdges,
    *,
    looks: Sequence[Mapping[str, str]],
    words: Sequence[str],
    node_href: str,
    edge_href: str,
    marked: int | None = None,
) -> Chart:
    """Return a graph whose arrows have one of a few `looks` (tone and style) and of the `words`.

    `node_href` is what a point opens, with {key} for its key; `edge_href` as in `charts.graph`. `marked` is the
    place of a point that stands out.

    Raises:
        ValueError: a column is shorter than the others, or an arrow ends nowhere.
    """
    columns = (edges.source, edges.target, edges.look, edges.words, edges.width)
    if len({len(column) for column in columns}) > 1:
        raise ValueError("every column needs an entry for every arrow")
    if max((*edges.source, *edges.target), default=-1) >= len(nodes.name):
        raise ValueError("an arrow has an unknown end")
    for look in looks:
        tone_class(look["tone"])
    data = {
        "nodes": asdict(nodes),
        "edges": dict(zip(_COLUMNS, columns, strict=True)),
        "hrefs": _by_address(edges.hrefs),
        "looks": list(looks),
        "words": list(words),
        "nodeHref": node_href,
        "edgeHref": edge_href,
        "marked": marked,
    }
    return Chart("dense", data, Table([], []))


def _by_address(hrefs: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the places of every address, so that each stands on the page once."""
    found: dict[str, list[int]] = {}
    for place, href in hrefs.items():
        found.setdefault(href, []).append(place)
    return found


_COLUMNS = ("source", "target", "look", "words", "width")
