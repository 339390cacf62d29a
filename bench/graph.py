"""The map of a large house: 800 departments with 30,000 edges between them, and the 300 with 5,000 of a page.

Departments of one division work more with each other; volumes are skewed, as real ones are. Best of three rounds.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from neike.engines.graph import Edge, chains, compare, downstream, layout, network

DIVISION = 20
LOCAL = 0.6


def house(nodes: int, count: int) -> list[Edge]:
    random = np.random.default_rng(20261123)
    found: dict[tuple[int, int], Edge] = {}
    while len(found) < count:
        one = int(random.integers(nodes))
        near = one // DIVISION * DIVISION + int(random.integers(DIVISION))
        other = near if random.random() < LOCAL else int(random.integers(nodes))
        if one != other and other < nodes:
            volume, people, served = (int(value) for value in random.zipf(1.7, 3).clip(1, 500))
            found[one, other] = Edge(one, other, volume * 4, people + 1, served + 1)
    return list(found.values())


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    times, answer = [], None
    for _ in range(3):
        begun = perf_counter()
        answer = work()
        times.append(perf_counter() - begun)
    return min(times), answer


def line(name: str, seconds: float, what: str) -> None:
    print(f"  {name:<28}{seconds * 1000:>9.1f} ms   {what}")


def drawn(nodes: int, count: int) -> None:
    edges = house(nodes, count)
    pairs = [edge.pair for edge in edges]
    declared = pairs[: count * 3 // 4]
    print(f"  {nodes} nodes, {count} edges")
    seconds, found = best(lambda: compare(declared, edges))
    line(
        "compare",
        seconds,
        f"{len(found.aligned)} aligned, {len(found.hidden)} hidden, {len(found.too_small)} of too few people",
    )
    seconds, figures = best(lambda: network(edges, min_people=0))
    line("network, all edges", seconds, f"{len(figures.nodes)} nodes, {len(figures.pairs)} pairs")
    seconds, figures = best(lambda: network(edges))
    line("network, shown edges", seconds, f"{len(figures.nodes)} nodes, {len(figures.pairs)} pairs")
    seconds, places = best(lambda: layout(range(nodes), pairs))
    line("layout", seconds, f"{len(set(places.values()))} places")
    seconds, reached = best(lambda: downstream(pairs, 0))
    line("downstream of one node", seconds, f"{len(reached)} nodes")
    seconds, long = best(lambda: chains(pairs))
    line("chains, dense", seconds, f"{len(long.found)} chains, complete: {long.is_complete}")
    sparse = pairs[: 2 * nodes]
    seconds, long = best(lambda: chains(sparse))
    line(
        "chains, two edges a node",
        seconds,
        f"{len(long.found)} chains, complete: {long.is_complete}",
    )
    seconds, long = best(lambda: chains(sparse, max_length=nodes))
    line(
        "chains, of any length", seconds, f"{len(long.found)} chains, complete: {long.is_complete}"
    )


def main() -> None:
    drawn(300, 5_000)
    drawn(800, 30_000)


if __name__ == "__main__":
    main()
