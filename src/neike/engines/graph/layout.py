"""Where to draw the nodes of a map: the same picture every time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt
from typing import Final

import numpy as np
import rustworkx as rx
from numpy.typing import NDArray

from neike.engines.graph.edges import Pair, distinct
from neike.engines.graph.errors import UnknownNodeError

_ROUNDS: Final = 60
"""Rounds of the spring model; more moves nothing that one sees."""
_SEEDS: Final = 2**64
_MARGIN: Final = 0.02
_MOST_MARGIN: Final = 0.25
"""A margin takes at most so much of a box."""
_ROW: Final = 0.05
"""Height of a row of nodes without edges."""
_PER_ROW: Final = 40
_MOST_ROWS: Final = 0.4
"""Nodes without edges take at most so much of the height."""
_DIGITS: Final = 4
"""A ten-thousandth of the picture is finer than a pixel."""

_Points = NDArray[np.float64]
_Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Box:
    """A part of the picture; y grows downward."""

    left: float
    top: float
    right: float
    bottom: float

    def cut(self, share: float) -> tuple["_Box", "_Box"]:
        """Cut across the longer side, so that the first part has `share` of it."""
        if self.right - self.left >= self.bottom - self.top:
            x = self.left + share * (self.right - self.left)
            return replace(self, right=x), replace(self, left=x)
        y = self.top + share * (self.bottom - self.top)
        return replace(self, bottom=y), replace(self, top=y)

    def fit(self, points: _Points) -> list[_Place]:
        """Fit points of 0 to 1 into the box, a margin away from its edges."""
        corner = np.array([self.left, self.top])
        size = np.array([self.right, self.bottom]) - corner
        margin = np.minimum(_MARGIN, _MOST_MARGIN * size)
        places = np.round(corner + margin + points * (size - 2 * margin), _DIGITS)
        return [(float(x), float(y)) for x, y in places]


def layout(nodes: Iterable[int], pairs: Iterable[Pair], *, seed: int = 1) -> dict[int, _Place]:
    """Return a place (x, y) for each node, both 0 to 1, y growing downward; in order of the nodes' numbers.

    Nodes that serve one another lie close (a spring model; direction and volume do not matter). Groups without any
    edge between them have a box each, by the root of their size; nodes without edges stand in rows at the bottom.
    The same nodes, pairs and seed always give the same places, in whatever order they come. Another seed gives
    another, equally good picture.

    Raises:
        SelfEdgeError: a pair of a node with itself.
        UnknownNodeError: the end of a pair is not among the nodes.
        ValueError: not 0 <= seed < 2^64.

    Source: Fruchterman and Reingold (1991), Graph drawing by force-directed placement, Software: Practice and
    Experience 21(11).
    """
    if not 0 <= seed < _SEEDS:
        raise ValueError(f"the seed must lie between 0 and 2^64 - 1, got {seed}")
    every = sorted(set(nodes))
    links = distinct((min(pair), max(pair)) for pair in pairs)
    linked = {node for pair in links for node in pair}
    for node in linked.difference(every):
        raise UnknownNodeError(node)
    alone = [node for node in every if node not in linked]
    rows = ceil(len(alone) / _PER_ROW)
    height = (min(_MOST_ROWS, rows * _ROW) if linked else 1.0) if alone else 0.0
    places = dict(zip(alone, _rows(len(alone), rows, height), strict=True))
    for group, box in _boxes(_groups(links), _Box(0, 0, 1, 1 - height)):
        within = set(group)
        ours = [pair for pair in links if pair[0] in within] if len(group) < len(linked) else links
        places.update(zip(group, box.fit(_sprung(group, ours, seed)), strict=True))
    return {node: places[node] for node in every}


def _groups(links: Sequence[Pair]) -> list[list[int]]:
    """Return the nodes that hang together, each group in order; the largest first."""
    nodes = sorted({node for pair in links for node in pair})
    graph = _graph(nodes, links)
    groups = [sorted(nodes[index] for index in part) for part in rx.connected_components(graph)]
    return sorted(groups, key=lambda group: (-len(group), group))


def _boxes(groups: Sequence[list[int]], box: _Box) -> Iterator[tuple[list[int], _Box]]:
    """Share the box out among the groups by the root of their size, halving it again and again."""
    if len(groups) <= 1:
        yield from ((group, box) for group in groups)
        return
    weights = np.cumsum([sqrt(len(group)) for group in groups])
    half = min(int(np.searchsorted(weights, weights[-1] / 2)) + 1, len(groups) - 1)
    first, second = box.cut(float(weights[half - 1] / weights[-1]))
    yield from _boxes(groups[:half], first)
    yield from _boxes(groups[half:], second)


def _graph(nodes: Sequence[int], links: Sequence[Pair]) -> "rx.PyGraph[None, None]":
    place = {node: index for index, node in enumerate(nodes)}
    graph: rx.PyGraph[None, None] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * len(nodes))
    graph.add_edges_from_no_data([(place[one], place[other]) for one, other in links])
    return graph


def _sprung(nodes: Sequence[int], links: Sequence[Pair], seed: int) -> _Points:
    """Place nodes that hang together by springs, and stretch the picture to 0 to 1 both ways."""
    # pos, fixed, k, repulsive_exponent, adaptive_cooling, num_iter, tol, weight_fn,
    # default_weight, scale, center, seed
    found = rx.graph_spring_layout(
        _graph(nodes, links),
        None,
        None,
        None,
        2,
        True,  # noqa: FBT003 - positional only
        _ROUNDS,
        1e-6,
        None,
        1.0,
        1.0,
        None,
        seed,
    )
    points = np.asarray([found[index] for index in range(len(nodes))], dtype=np.float64)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    stretched: _Points = (points - low) / np.where(size > 0, size, 1.0)
    return stretched


def _rows(count: int, rows: int, height: float) -> list[_Place]:
    """Place nodes without edges from left to right in `rows` rows over the lowest `height`."""
    if not count:
        return []
    index = np.arange(count)
    columns = ceil(count / rows)
    points = np.column_stack(((index % columns + 0.5) / columns, (index // columns + 0.5) / rows))
    return _Box(0, 1 - height, 1, 1).fit(points)
