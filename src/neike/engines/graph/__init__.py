"""Who serves whom, as a graph: declared against observed, network figures, chains, a drawing.

Formulas with a worked example: docs/en/reference/relations-map.md.
"""

from neike.engines.graph.chains import (
    LONG_CHAIN,
    MAX_LENGTH,
    MAX_STEPS,
    Chain,
    Chains,
    chains,
    downstream,
    upstream,
)
from neike.engines.graph.comparing import (
    EXPECTED_FACTOR,
    MIN_VOLUME,
    ComparedEdge,
    Comparison,
    compare,
)
from neike.engines.graph.edges import MIN_PEOPLE, Edge, Pair
from neike.engines.graph.errors import (
    DuplicateEdgeError,
    GraphError,
    NegativeCountError,
    SelfEdgeError,
    UnknownNodeError,
)
from neike.engines.graph.layout import layout
from neike.engines.graph.network import (
    Network,
    NodeFigures,
    PairFigures,
    betweenness,
    network,
    reciprocity,
)

__all__ = [
    "EXPECTED_FACTOR",
    "LONG_CHAIN",
    "MAX_LENGTH",
    "MAX_STEPS",
    "MIN_PEOPLE",
    "MIN_VOLUME",
    "Chain",
    "Chains",
    "ComparedEdge",
    "Comparison",
    "DuplicateEdgeError",
    "Edge",
    "GraphError",
    "NegativeCountError",
    "Network",
    "NodeFigures",
    "Pair",
    "PairFigures",
    "SelfEdgeError",
    "UnknownNodeError",
    "betweenness",
    "chains",
    "compare",
    "downstream",
    "layout",
    "network",
    "reciprocity",
    "upstream",
]
