"""What the map says about its shape: who depends on whom, where it narrows, how long its chains are."""

from dataclasses import dataclass
from typing import Final

from neike.engines.graph import Chain, Edge, Network, betweenness, chains, network
from neike.insights.queries.computed import Work, result_of
from neike.insights.queries.map_edges import Whole
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


def shape_of(whole: Whole) -> Shape:
    """Compute the figures from the edges that may be shown, so that each can be recounted on the page."""
    return whole.kept("shape", lambda: _computed(whole.window))


def between_work(shown: ShownEdges) -> Work:
    """Return the work of finding bottlenecks, which costs most; its values are the betweenness by number."""
    pairs = sorted(row.pair for row in shown.edges)
    return Work(
        "betweenness",
        tuple(pairs),
        len(pairs),
        lambda: {str(node): value for node, value in betweenness(pairs).items()},
    )


def _computed(shown: ShownEdges) -> Shape:
    between = {int(node): value for node, value in result_of(between_work(shown)).items()}
    # What is shown has enough people at each end already.
    edges = (Edge(*row.pair, row.legs, 0, 0) for row in shown.edges)
    figures = network(edges, min_people=0, between=between)
    found = chains(
        (row.pair for row in shown.edges if 2 * row.handovers >= row.legs), max_steps=_STEPS
    )
    return Shape(figures, found.found, found.is_complete)
