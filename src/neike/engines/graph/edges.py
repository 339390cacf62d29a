"""The edges of a map: provider -> customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from neike.engines.graph.errors import DuplicateEdgeError, NegativeCountError, SelfEdgeError

Pair = tuple[int, int]
"""(provider, customer), by whatever numbers the caller knows them."""

MIN_PEOPLE: Final = 3
"""An observed edge is shown from so many distinct people at each end.

Source: issue 3, what must exist 7.
"""


@dataclass(frozen=True, slots=True)
class Edge:
    """What was observed between two nodes in a window of time.

    `volume` counts hand-overs; `provider_people` and `customer_people` are the distinct people at each end (0 where
    nobody is known).
    """

    provider: int
    customer: int
    volume: int
    provider_people: int
    customer_people: int

    @property
    def pair(self) -> Pair:
        """The two ends."""
        return self.provider, self.customer

    def is_shown(self, min_people: int = MIN_PEOPLE) -> bool:
        """Whether enough distinct people stand at each end for others to see the volume."""
        return min(self.provider_people, self.customer_people) >= min_people


def by_pair(edges: Iterable[Edge]) -> dict[Pair, Edge]:
    """Return the edges that have volume, by their ends, in the order they come.

    Raises:
        SelfEdgeError: an edge from a node to itself.
        DuplicateEdgeError: two edges with the same ends, even without volume.
        NegativeCountError: a count below zero.
    """
    found: dict[Pair, Edge] = {}
    for edge in edges:
        pair = edge.provider, edge.customer
        if edge.provider == edge.customer:
            raise SelfEdgeError(edge.provider)
        if edge.volume < 0 or edge.provider_people < 0 or edge.customer_people < 0:
            raise NegativeCountError(*pair)
        if pair in found:
            raise DuplicateEdgeError(*pair)
        found[pair] = edge
    return {pair: edge for pair, edge in found.items() if edge.volume > 0}


def distinct(pairs: Iterable[Pair]) -> list[Pair]:
    """Return each pair once, in order.

    Raises:
        SelfEdgeError: a pair of a node with itself.
    """
    found = sorted(set(pairs))
    for provider, customer in found:
        if provider == customer:
            raise SelfEdgeError(provider)
    return found
