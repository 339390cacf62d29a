"""Where the departments stand on the drawn map: both coordinates 0 to 1, y growing downward."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from neike.engines.graph import Pair, layout
from neike.insights.queries.computed import Work, result_of
from neike.insights.queries.map_edges import MapEdge, Whole, reach

Places = Mapping[int, tuple[float, float]]
_EVENLY: Final = 0.6
"""How far departments are spread evenly: springs alone crowd the busy ones around one that hangs far out."""


def places(nodes: Collection[int], whole: Whole) -> Places:
    """Return a place for each department; the same for the same departments and map."""
    known = frozenset(nodes)
    return whole.kept(("places", known), lambda: _read(result_of(places_work(known, whole))))


def _read(values: Mapping[str, Sequence[float]]) -> Places:
    return {int(node): (x, y) for node, (x, y) in values.items()}


def places_work(nodes: frozenset[int], whole: Whole) -> Work:
    """Return the work of placing departments; its values are the places by number."""
    pairs = sorted(edge.pair for edge in whole.edges if nodes.issuperset(edge.pair))
    return Work(
        "places",
        (sorted(nodes), pairs),
        len(pairs),
        lambda: {str(node): place for node, place in _placed(nodes, pairs).items()},
    )


def _placed(nodes: frozenset[int], pairs: Collection[Pair]) -> Places:
    sprung = layout(nodes, pairs)
    across = _spread({node: place[0] for node, place in sprung.items()})
    down = _spread({node: place[1] for node, place in sprung.items()})
    return {node: (across[node], down[node]) for node in sprung}


def _spread(values: Mapping[int, float]) -> dict[int, float]:
    """Move each value towards its rank among all, both 0 to 1."""
    ordered = sorted(values, key=lambda node: (values[node], node))
    last = max(len(ordered) - 1, 1)
    return {
        node: _EVENLY * rank / last + (1 - _EVENLY) * values[node]
        for rank, node in enumerate(ordered)
    }


def chain_places(edges: Collection[MapEdge], focus: int, steps: int) -> Places:
    """Return columns: who works for the focus left of it, for whom it works right of it, by hand-overs away.

    Who is on both sides stands where it is nearer, on the left when equally near.
    """
    up, down = reach(edges, focus, steps)
    column = dict(down)
    column |= {node: -away for node, away in up.items() if away <= down.get(node, away)}
    column[focus] = 0
    volume: dict[int, int] = defaultdict(int)
    for edge in edges:
        for end in edge.pair:
            volume[end] += edge.legs or 0
    columns: dict[int, list[int]] = defaultdict(list)
    for node in sorted(column, key=lambda each: (-volume[each], each)):
        columns[column[node]].append(node)
    first, last = min(columns), max(columns)
    found = {}
    for number, members in columns.items():
        x = (number - first) / (last - first) if last > first else 0.5
        for row, node in enumerate(members):
            found[node] = (x, (row + 0.5) / len(members))
    return found
