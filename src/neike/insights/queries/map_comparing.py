"""Declared beside observed customers, as far as it may be told.

Every number is computed from edges that may be shown (`queries.observed`), so none gives another one away. Of a
declared relation with work by too few people only that there was work is told: it is no paper.
"""

from collections.abc import Collection
from dataclasses import dataclass

from neike.engines.graph import ComparedEdge, Edge, Pair, compare
from neike.engines.remainders import Remainder
from neike.insights.queries.observed import EdgeRow, shown_edges, small_pairs
from neike.org.periods import Period


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison of a window of two quarters; within a class the greatest volume first.

    `other` was seen, is not declared and stays below the threshold. `quiet` are declared pairs whose work was done
    by too few people to tell how much: they count as aligned. `coverage` is `declared_volume / volume`, `precision`
    `with_work / declared`; None where there is nothing to divide. `some_left_out` says that there is more work than
    `volume`; `left_out` tells about how much, None where that would give somebody away.
    """

    aligned: tuple[ComparedEdge, ...]
    hidden: tuple[ComparedEdge, ...]
    paper: tuple[ComparedEdge, ...]
    other: tuple[ComparedEdge, ...]
    quiet: frozenset[Pair]
    coverage: float | None
    precision: float | None
    volume: int
    declared_volume: int
    declared: int
    some_left_out: bool
    left_out: Remainder | None

    @property
    def with_work(self) -> int:
        """How many declared pairs have any work."""
        return len(self.aligned) + len(self.quiet)


def compared_edges(declared: Collection[Pair], quarter: Period) -> Compared:
    """Compare declared pairs with what was seen in the two quarters that end with `quarter`; at most three queries.

    Source: docs/en/reference/map.md.
    """
    shown = shown_edges(quarter, 2)
    told = {row.pair for row in shown.edges}
    pairs = frozenset(declared)
    quiet = (pairs & small_pairs(quarter, 2)) - told
    found = compare(pairs - quiet, [_edge(row) for row in shown.edges])
    with_work = len(found.aligned) + len(quiet)
    return Compared(
        aligned=found.aligned,
        hidden=found.hidden,
        paper=found.paper,
        other=found.other,
        quiet=quiet,
        coverage=found.coverage,
        precision=with_work / len(pairs) if pairs else None,
        volume=found.observed_volume,
        declared_volume=found.declared_volume,
        declared=len(pairs),
        some_left_out=shown.some_hidden,
        left_out=shown.not_shown,
    )


def _edge(row: EdgeRow) -> Edge:
    return Edge(
        row.supplier_id, row.customer_id, row.legs, row.supplier_people, row.customer_people
    )
