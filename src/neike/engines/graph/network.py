"""Figures of a node among those it serves and is served by: dependence, reciprocity, betweenness."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import rustworkx as rx

from neike.engines.graph.edges import MIN_PEOPLE, Edge, Pair, by_pair

_ONE_THREAD: Final = 2**31 - 1
"""Betweenness in several threads adds in a different order every time; the last digit must not move."""
_BETWEEN: Final = 3
"""So many nodes it takes for one to lie between two others."""


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """One node of the map. Volumes count hand-overs on shown edges; all shares lie between 0 and 1.

    - `out_dependence`: as a customer, the share of what it receives that comes from its single biggest provider,
      `biggest_provider`. 1: everything comes from one. None when it receives nothing.
    - `in_dependence`: as a provider, the share of what it gives that goes to its single biggest customer,
      `biggest_customer`. None when it gives nothing.
    - `betweenness`: of all ordered pairs of other nodes, the mean share of their shortest chains that pass through
      it. High: a bottleneck.
    - `reciprocity`: of all volume it gives and receives, the share that is returned (see `reciprocity`).

    Of equally big providers or customers, the one with the smallest number is named.
    """

    node: int
    given: int
    received: int
    customers: int
    providers: int
    out_dependence: float | None
    biggest_provider: int | None
    in_dependence: float | None
    biggest_customer: int | None
    betweenness: float
    reciprocity: float


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Two nodes with work between them, `one` < `other`; `forth` is the volume one -> other, `back` other -> one."""

    one: int
    other: int
    forth: int
    back: int
    reciprocity: float


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and pairs with shown volume, in the order of their numbers, and the reciprocity of the whole.

    `reciprocity` is None when there is no volume.
    """

    nodes: Mapping[int, NodeFigures]
    pairs: tuple[PairFigures, ...]
    reciprocity: float | None


def reciprocity(forth: int, back: int) -> float:
    """Return how mutual two volumes are: 2 · min / (forth + back); 0 one way only, 1 as much back as forth.

    Raises:
        ValueError: a volume is negative, or both are zero.

    Source: the reciprocated weight of Squartini et al. (2013), Reciprocity of weighted networks, Scientific
    Reports 3, 2729, for one pair.
    """
    if min(forth, back) < 0 or forth + back == 0:
        raise ValueError(f"no reciprocity of the volumes {forth} and {back}")
    return 2 * min(forth, back) / (forth + back)


def network(
    edges: Iterable[Edge],
    *,
    min_people: int = MIN_PEOPLE,
    between: Mapping[int, float] | None = None,
) -> Network:
    """Compute the figures of all nodes from the edges with at least `min_people` at each end.

    Edges that may not be shown are left out of every figure, so that each can be recounted from the map on the
    page and gives nothing else away. The order of the edges does not matter and the result is always the same to
    the last bit. `between` is what `betweenness` returned for the same edges before, which costs most.

    Raises:
        SelfEdgeError, DuplicateEdgeError, NegativeCountError: an edge is impossible.

    Source: docs/en/reference/relations-map.md.
    """
    found = by_pair(edges)
    volumes = {
        pair: found[pair].volume for pair in sorted(found) if found[pair].is_shown(min_people)
    }
    given: dict[int, dict[int, int]] = defaultdict(dict)
    received: dict[int, dict[int, int]] = defaultdict(dict)
    for (provider, customer), volume in volumes.items():
        given[provider][customer] = volume
        received[customer][provider] = volume
    if between is None:
        between = betweenness(volumes)
    nodes = {
        node: _figures(node, given.get(node, {}), received.get(node, {}), value)
        for node, value in between.items()
    }
    pairs = tuple(_pairs(volumes))
    total = sum(volumes.values())
    mutual = sum(2 * min(pair.forth, pair.back) for pair in pairs)
    return Network(nodes=nodes, pairs=pairs, reciprocity=mutual / total if total else None)


def _figures(
    node: int, given: Mapping[int, int], received: Mapping[int, int], betweenness: float
) -> NodeFigures:
    out, biggest_customer = _biggest(given)
    into, biggest_provider = _biggest(received)
    returned = sum(2 * min(volume, received.get(other, 0)) for other, volume in given.items())
    return NodeFigures(
        node=node,
        given=out,
        received=into,
        customers=len(given),
        providers=len(received),
        out_dependence=None if biggest_provider is None else received[biggest_provider] / into,
        biggest_provider=biggest_provider,
        in_dependence=None if biggest_customer is None else given[biggest_customer] / out,
        biggest_customer=biggest_customer,
        betweenness=betweenness,
        reciprocity=returned / (out + into),
    )


def _biggest(volumes: Mapping[int, int]) -> tuple[int, int | None]:
    """Return the sum of the volumes, and whose is the greatest; of equals the smallest number."""
    biggest = min(volumes, key=lambda other: (-volumes[other], other), default=None)
    return sum(volumes.values()), biggest


def _pairs(volumes: Mapping[Pair, int]) -> Iterable[PairFigures]:
    for one, other in sorted({(min(pair), max(pair)) for pair in volumes}):
        forth, back = volumes.get((one, other), 0), volumes.get((other, one), 0)
        yield PairFigures(one, other, forth, back, reciprocity(forth, back))


def betweenness(pairs: Iterable[Pair]) -> dict[int, float]:
    """Return, in order of the nodes, Σ_{s≠v≠t} P(s,t|v) / P(s,t) / ((n - 1)(n - 2)); 0 with fewer than three.

    P(s,t) counts the shortest directed chains from s to t, each edge of length 1; P(s,t|v) those through v.

    Source: Freeman (1977), A set of measures of centrality based on betweenness, Sociometry 40; computed after
    Brandes (2001), A faster algorithm for betweenness centrality, J. Math. Sociology 25.
    """
    edges = list(pairs)
    nodes = sorted({node for pair in edges for node in pair})
    if len(nodes) < _BETWEEN:
        return dict.fromkeys(nodes, 0.0)
    place = {node: index for index, node in enumerate(nodes)}
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * len(nodes))
    graph.add_edges_from_no_data([(place[one], place[other]) for one, other in edges])
    values = rx.digraph_betweenness_centrality(
        graph, normalized=True, parallel_threshold=_ONE_THREAD
    )
    return {node: values[index] for index, node in enumerate(nodes)}
