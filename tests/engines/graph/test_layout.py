"""Places of nodes: the same every time, within the picture, apart from each other."""

from math import dist

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.graph import SelfEdgeError, UnknownNodeError, layout
from tests.engines.graph.made import PAIRS
from tests.engines.strategies import BOUNDED

TWO_HOUSES = [(one, other) for one in range(8) for other in range(one)]
TWO_HOUSES += [(10 + one, 10 + other) for one, other in TWO_HOUSES] + [(0, 10)]


@BOUNDED
@given(
    st.sets(st.integers(1, 30), max_size=30),
    st.sets(PAIRS, max_size=25),
    st.integers(0, 2**64 - 1),
    st.randoms(use_true_random=False),
)
def test_every_node_has_a_place_within_the_picture_whatever_the_order(nodes, pairs, seed, random):
    nodes |= {node for pair in pairs for node in pair}
    mixed_nodes, mixed_pairs = list(nodes), list(pairs)
    random.shuffle(mixed_nodes)
    random.shuffle(mixed_pairs)

    found = layout(nodes, pairs, seed=seed)

    assert list(found) == sorted(nodes)
    assert all(0 <= value <= 1 for place in found.values() for value in place)
    assert len(set(found.values())) == len(nodes)
    assert layout(mixed_nodes, mixed_pairs, seed=seed) == found


def test_direction_does_not_move_a_node():
    pairs = [(1, 2), (2, 3), (3, 4)]

    assert layout(range(1, 5), pairs) == layout(range(1, 5), [(b, a) for a, b in pairs])


def test_another_seed_gives_another_picture():
    assert layout(range(18), TWO_HOUSES, seed=1) != layout(range(18), TWO_HOUSES, seed=2)


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def test_who_works_together_lies_closer():
    nodes = [*range(8), *range(10, 18)]

    places = layout(nodes, TWO_HOUSES)

    near = mean(
        dist(places[one], places[other]) for one, other in TWO_HOUSES if (one, other) != (0, 10)
    )
    far = mean(dist(places[one], places[other]) for one in range(8) for other in range(10, 18))
    assert near < far / 2


def test_groups_apart_from_each_other_do_not_overlap():
    graph = nx.disjoint_union_all([nx.complete_graph(size) for size in (30, 9, 9, 4, 2)])
    places = layout(graph.nodes, graph.edges)

    boxes = []
    for group in nx.connected_components(graph):
        across, down = zip(*(places[node] for node in group), strict=True)
        boxes.append((min(across), min(down), max(across), max(down)))
    for index, (left, top, right, bottom) in enumerate(boxes):
        for other_left, other_top, other_right, other_bottom in boxes[:index]:
            beside = right < other_left or other_right < left
            above = bottom < other_top or other_bottom < top
            assert beside or above


def test_nodes_without_edges_stand_in_rows_below_the_others():
    places = layout(range(100), [(1, 2), (2, 3)])

    linked = [places[node][1] for node in (1, 2, 3)]
    alone = [places[node][1] for node in range(100) if node not in (1, 2, 3)]
    assert max(linked) < min(alone)
    assert len(set(alone)) == 3


def test_a_map_without_nodes_or_edges_is_drawn_too():
    assert layout([], []) == {}
    assert layout([7], []) == {7: (0.5, 0.5)}
    assert len(set(layout([1, 2], [(1, 2)]).values())) == 2


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UnknownNodeError, match="node 3 is not among"):
        layout([1, 2], [(1, 3)])
    with pytest.raises(SelfEdgeError):
        layout([1], [(1, 1)])


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_beyond_64_bits_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        layout([1], [], seed=seed)
