"""Declared against observed internal customers: aligned, hidden and paper edges, coverage, precision."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from neike.engines.graph.edges import MIN_PEOPLE, Edge, Pair, by_pair, distinct

MIN_VOLUME: Final = 5
"""A pair with fewer hand-overs in the window is nobody's hidden customer yet."""

EXPECTED_FACTOR: Final = 2
"""A hidden edge carries at least so many times what chance would give it."""


@dataclass(frozen=True, slots=True)
class ComparedEdge:
    """One pair of the comparison.

    `volume` counts hand-overs in the window. `expected` is what the pair would carry if every provider's work were
    spread over the customers by how much each receives from all: out_p · in_c / N.
    """

    provider: int
    customer: int
    volume: int
    expected: float
    provider_people: int
    customer_people: int

    @property
    def pair(self) -> Pair:
        """The two ends."""
        return self.provider, self.customer

    @property
    def is_shown(self) -> bool:
        """Whether enough people stand at each end for others to see the volume; never so without volume."""
        return min(self.provider_people, self.customer_people) >= MIN_PEOPLE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Declared relations beside observed hand-overs; every pair that is declared or has volume is in one class.

    - `aligned`: declared, with volume. Where the edge is not `is_shown`, only its class may be shown, not its volume.
    - `hidden`: not declared, volume >= max(5, 2 · expected), at least three distinct people at each end.
    - `paper`: declared, without volume.
    - `too_small`: would be hidden but for too few people at an end. Never shown to anybody.
    - `other`: not declared and below the threshold of volume.

    Within a class: the greatest volume first, then the greatest expected volume, then by the ends' numbers.
    `coverage` is the share of the observed volume that lies on declared pairs, 0-1, None without volume.
    `precision` is the share of the declared pairs that have volume, 0-1, None without declarations.
    `observed_volume` and `declared_volume` count the hand-overs of all edges, also of those nobody may see.
    """

    aligned: tuple[ComparedEdge, ...]
    hidden: tuple[ComparedEdge, ...]
    paper: tuple[ComparedEdge, ...]
    too_small: tuple[ComparedEdge, ...]
    other: tuple[ComparedEdge, ...]
    coverage: float | None
    precision: float | None
    observed_volume: int
    declared_volume: int

    @property
    def declared(self) -> int:
        """How many pairs are declared."""
        return len(self.aligned) + len(self.paper)


def compare(declared: Collection[Pair], observed: Iterable[Edge]) -> Comparison:
    """Compare declared (provider, customer) pairs with the edges observed in a window of two quarters.

    A pair declared more than once (in several kinds) counts once. The order of what comes in does not matter. The
    threshold is compared in whole numbers, so nothing depends on rounding.

    Raises:
        SelfEdgeError, DuplicateEdgeError, NegativeCountError: a pair or an edge is impossible.

    Source: docs/en/reference/relations-map.md; expected volume under independence as in Pearson's test of a
    contingency table (K. Pearson, 1900).
    """
    edges = by_pair(observed)
    pairs = frozenset(distinct(declared))
    expected = _Expected.of(edges)
    aligned = [expected.compared(edges[pair]) for pair in pairs if pair in edges]
    paper = [expected.compared(Edge(*pair, 0, 0, 0)) for pair in pairs if pair not in edges]
    hidden: list[ComparedEdge] = []
    too_small: list[ComparedEdge] = []
    other: list[ComparedEdge] = []
    for pair, edge in edges.items():
        if pair not in pairs:
            loud = hidden if edge.is_shown() else too_small
            (loud if expected.is_exceeded(edge) else other).append(expected.compared(edge))
    on_declared = sum(edge.volume for edge in aligned)
    return Comparison(
        aligned=_ordered(aligned),
        hidden=_ordered(hidden),
        paper=_ordered(paper),
        too_small=_ordered(too_small),
        other=_ordered(other),
        coverage=on_declared / expected.total if expected.total else None,
        precision=len(aligned) / len(pairs) if pairs else None,
        observed_volume=expected.total,
        declared_volume=on_declared,
    )


@dataclass(frozen=True, slots=True)
class _Expected:
    """What every node gives and receives, and from it what chance would give a pair."""

    given: Counter[int]
    received: Counter[int]
    total: int

    @classmethod
    def of(cls, edges: Mapping[Pair, Edge]) -> "_Expected":
        given: Counter[int] = Counter()
        received: Counter[int] = Counter()
        for (provider, customer), edge in edges.items():
            given[provider] += edge.volume
            received[customer] += edge.volume
        return cls(given, received, given.total())

    def is_exceeded(self, edge: Edge) -> bool:
        """Whether volume >= max(5, 2 · out_p · in_c / N); multiplied by N, so exact."""
        product = self.given[edge.provider] * self.received[edge.customer]
        return edge.volume >= MIN_VOLUME and edge.volume * self.total >= EXPECTED_FACTOR * product

    def compared(self, edge: Edge) -> ComparedEdge:
        product = self.given[edge.provider] * self.received[edge.customer]
        return ComparedEdge(
            provider=edge.provider,
            customer=edge.customer,
            volume=edge.volume,
            expected=product / self.total if self.total else 0.0,
            provider_people=edge.provider_people,
            customer_people=edge.customer_people,
        )


def _ordered(edges: Iterable[ComparedEdge]) -> tuple[ComparedEdge, ...]:
    return tuple(
        sorted(edges, key=lambda edge: (-edge.volume, -edge.expected, edge.provider, edge.customer))
    )
