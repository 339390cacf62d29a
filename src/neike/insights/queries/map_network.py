"""What the map says about its shape: who depends on whom, where it narrows, how long its chains are."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from neike.engines.graph import Chain, Edge, Network, chains, network
from neike.insights.queries.observed import ShownEdges

_STEPS: Final = 20_000
"""Edges a search for chains looks at: enough for any real house, and quick for an impossible one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Figures of every department with work that may be shown, and the long chains of passing work on.

    A chain goes along edges most of whose work another department passed on. `is_complete`: no chain is longer
    than the ones named.
    """

    network: Network
    chains: tuple[Chain, ...]
    is_complete: bool


def shape_of(shown: ShownEdges) -> Shape:
    """Compute the figures from the edges that may be shown, so that each can be recounted on the page."""
    return _computed(
        tuple(
            (one.supplier_id, one.customer_id, one.legs, 2 * one.handovers >= one.legs)
            for one in shown.edges
        )
    )


@lru_cache(maxsize=8)
def _computed(rows: tuple[tuple[int, int, int, bool], ...]) -> Shape:
    # What is shown has enough people at each end already.
    figures = network(
        (Edge(provider, customer, legs, 0, 0) for provider, customer, legs, _passed in rows),
        min_people=0,
    )
    found = chains(
        ((provider, customer) for provider, customer, _legs, passed in rows if passed),
        max_steps=_STEPS,
    )
    return Shape(figures, found.found, found.is_complete)
