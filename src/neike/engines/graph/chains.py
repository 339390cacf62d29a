"""Chains of services: who works before and after a node, and the longest ways through the house."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import rustworkx as rx

from neike.engines.graph.edges import Pair, distinct

LONG_CHAIN: Final = 3
"""A chain with more hand-overs than this is called long."""
MAX_LENGTH: Final = 12
"""No chain is followed over more hand-overs than this: nobody could read it."""
MAX_STEPS: Final = 200_000
"""So many edges a search for chains looks at, in all, unless there are very many starts."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Nodes in the order of the work: each serves the next; none comes twice."""

    nodes: tuple[int, ...]

    @property
    def length(self) -> int:
        """Hand-overs along it: one less than nodes."""
        return len(self.nodes) - 1


@dataclass(frozen=True, slots=True)
class Chains:
    """Long chains, the longest first, then by their nodes.

    `is_complete` says that from each start no longer chain (up to `max_length`) exists than the one found; False
    when the search ran out of steps somewhere, and chains may be longer than said.
    """

    found: tuple[Chain, ...]
    is_complete: bool


def upstream(pairs: Iterable[Pair], node: int, *, depth: int | None = None) -> dict[int, int]:
    """Return who serves `node`, directly or through others: {node: hand-overs away}, the nearest first.

    `node` itself is not among them, nor is anybody more than `depth` hand-overs away (None: no limit). A node
    without edges has nobody upstream.

    Raises:
        SelfEdgeError: a pair of a node with itself.
        ValueError: `depth` is negative.
    """
    return _reach(((customer, provider) for provider, customer in pairs), node, depth)


def downstream(pairs: Iterable[Pair], node: int, *, depth: int | None = None) -> dict[int, int]:
    """Return whom `node` serves, directly or through others (下道工序), as in `upstream`.

    Raises:
        SelfEdgeError: a pair of a node with itself.
        ValueError: `depth` is negative.
    """
    return _reach(pairs, node, depth)


def _reach(steps: Iterable[Pair], start: int, depth: int | None) -> dict[int, int]:
    """Search breadth-first, so that the first way to a node is a shortest one."""
    if depth is not None and depth < 0:
        raise ValueError(f"depth must not be negative, got {depth}")
    following = _following(distinct(steps))
    away = {start: 0}
    level = [start]
    while level and (depth is None or away[level[0]] < depth):
        nearest = sorted({other for node in level for other in following[node]} - away.keys())
        away.update(dict.fromkeys(nearest, away[level[0]] + 1))
        level = nearest
    del away[start]
    return away


def chains(
    pairs: Iterable[Pair],
    *,
    longer_than: int = LONG_CHAIN,
    max_length: int = MAX_LENGTH,
    max_steps: int = MAX_STEPS,
) -> Chains:
    """Return, for each node, the longest chain of services that begins with it, if it is long.

    A chain is long with more than `longer_than` hand-overs; it is cut off after `max_length`. Of equally long chains
    from a node one is named, always the same. A chain that lies within another is left out.

    Finding the longest chain is hard where services run in circles (NP-hard), so the search is bounded: each start
    has an equal share of `max_steps`, but at least `max_length`, so all in all it looks at no more than
    max(max_steps, starts · max_length) edges. Where a share does not do, the best chain so far is kept and
    `is_complete` is False. Without circles the answer is always complete.

    Raises:
        SelfEdgeError: a pair of a node with itself.
        ValueError: not 0 <= longer_than <= max_length, or `max_steps` is below 1.
    """
    if not 0 <= longer_than <= max_length or max_steps < 1:
        raise ValueError(f"no chains longer than {longer_than}, up to {max_length}, in {max_steps}")
    known = distinct(pairs)
    search = _Search(known, max_length)
    starts = sorted({provider for provider, _customer in known})
    share = max(max_length, max_steps // max(1, len(starts)))
    best = [search.longest(start, share) for start in starts]
    is_long = [nodes for nodes, _proven in best if len(nodes) - 1 > longer_than]
    return Chains(found=_outermost(is_long), is_complete=all(proven for _nodes, proven in best))


class _Search:
    """Depth-first, turning back where even the most hopeful rest cannot beat the best chain so far."""

    def __init__(self, pairs: Sequence[Pair], max_length: int) -> None:
        self._max_length = max_length
        self._hope = _hopes(pairs)
        self._following = {
            node: sorted(others, key=lambda other: (-self._hope[other], other))
            for node, others in _following(pairs).items()
        }

    def longest(self, start: int, steps: int) -> tuple[tuple[int, ...], bool]:
        """Return the longest chain found from `start`, and whether none is longer; looks at `steps` edges at most."""
        goal = min(self._hope[start], self._max_length)
        best: tuple[int, ...] = (start,)
        path = [start]
        ahead = [iter(self._following.get(start, ()))]
        while ahead and len(best) - 1 < goal:
            other = next(ahead[-1], None)
            if other is None or len(path) + self._hope[other] <= len(best) - 1:
                ahead.pop()  # those after it are no more hopeful
                path.pop()
                continue
            if steps == 0:
                return best, False
            steps -= 1
            if other in path:
                continue
            path.append(other)
            ahead.append(iter(self._following.get(other, ())))
            if len(path) > len(best):
                best = tuple(path)
        return best, True


def _following(pairs: Iterable[Pair]) -> dict[int, list[int]]:
    following: dict[int, list[int]] = defaultdict(list)
    for provider, customer in pairs:
        following[provider].append(customer)
    return following


def _hopes(pairs: Sequence[Pair]) -> Mapping[int, int]:
    """Return, for each node, a number of hand-overs that no chain from it exceeds.

    Nodes that reach one another in a circle are taken together; a chain passes each such group once, and within it
    each node once at most. Without circles the bound is the length of the longest chain itself.
    """
    nodes = sorted({node for pair in pairs for node in pair})
    place = {node: index for index, node in enumerate(nodes)}
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * len(nodes))
    graph.add_edges_from_no_data([(place[one], place[other]) for one, other in pairs])
    groups = [
        [nodes[index] for index in group] for group in rx.strongly_connected_components(graph)
    ]
    following = _following(pairs)
    hope: dict[int, int] = {}
    for group in groups:  # a group comes after all groups that can be reached from it
        within = set(group)
        beyond = [
            hope[other] + 1 for node in group for other in following[node] if other not in within
        ]
        hope.update(dict.fromkeys(group, len(group) - 1 + max(beyond, default=0)))
    return hope


def _outermost(found: Iterable[tuple[int, ...]]) -> tuple[Chain, ...]:
    """Leave out chains that lie within another, and put the others in order."""
    kept: list[Chain] = []
    places: dict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
    for nodes in sorted(found, key=lambda nodes: (-len(nodes), nodes)):
        if any(longer[at : at + len(nodes)] == nodes for longer, at in places[nodes[0]]):
            continue
        kept.append(Chain(nodes))
        for at, node in enumerate(nodes):
            places[node].append((nodes, at))
    return tuple(kept)
