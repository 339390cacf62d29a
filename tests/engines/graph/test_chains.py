"""Upstream, downstream and long chains: by hand, by an independent library, by trying everything."""

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.graph import MAX_LENGTH, SelfEdgeError, chains, downstream, upstream
from tests.engines.graph.made import NODES, PAIRS
from tests.engines.strategies import BOUNDED

RELAY = [(1, 2), (2, 3), (3, 4), (4, 5)]


def found_by(*arguments, **options):
    return [chain.nodes for chain in chains(*arguments, **options).found]


def test_upstream_and_downstream_count_handovers():
    pairs = [*RELAY, (1, 3), (5, 3), (9, 8)]

    assert downstream(pairs, 1) == {2: 1, 3: 1, 4: 2, 5: 3}
    assert upstream(pairs, 4) == {3: 1, 1: 2, 2: 2, 5: 2}
    assert list(upstream(pairs, 4)) == [3, 1, 2, 5]
    assert downstream(pairs, 8) == {}
    assert downstream(pairs, 77) == {}


def test_a_circle_does_not_lead_back_to_oneself():
    circle = [(1, 2), (2, 3), (3, 1)]

    assert downstream(circle, 1) == {2: 1, 3: 2}
    assert upstream(circle, 1) == {3: 1, 2: 2}


@pytest.mark.parametrize(("depth", "expected"), [(0, {}), (1, {2: 1}), (2, {2: 1, 3: 2})])
def test_nobody_further_than_the_depth_is_named(depth, expected):
    assert downstream(RELAY, 1, depth=depth) == expected


def test_a_negative_depth_is_refused():
    with pytest.raises(ValueError, match="depth"):
        upstream(RELAY, 1, depth=-1)


@pytest.mark.parametrize("search", [lambda pairs: upstream(pairs, 1), chains])
def test_nobody_serves_oneself(search):
    with pytest.raises(SelfEdgeError):
        search([(1, 1)])


@BOUNDED
@given(st.sets(PAIRS, max_size=25), NODES, st.integers(0, 9))
def test_reach_equals_that_of_an_independent_library(pairs, node, depth):
    graph = nx.DiGraph([*pairs])
    graph.add_node(node)

    below = dict(nx.single_source_shortest_path_length(graph, node, cutoff=depth))
    above = dict(nx.single_target_shortest_path_length(graph, node, cutoff=depth))

    assert downstream(pairs, node, depth=depth) | {node: 0} == below
    assert upstream(pairs, node, depth=depth) | {node: 0} == above


def test_four_handovers_are_long_and_three_are_not():
    assert found_by(RELAY) == [(1, 2, 3, 4, 5)]
    assert found_by(RELAY[:3]) == []
    assert found_by(RELAY[:3], longer_than=2) == [(1, 2, 3, 4)]
    assert chains(RELAY).found[0].length == 4


def test_a_chain_within_another_is_left_out_and_each_start_has_its_longest():
    pairs = [*RELAY, (5, 6), (8, 2), (8, 5)]

    assert found_by(pairs) == [(1, 2, 3, 4, 5, 6), (8, 2, 3, 4, 5, 6)]


def test_of_equally_long_ways_the_same_is_always_named():
    pairs = [(1, 3), (1, 2), (2, 9), (3, 9)]

    assert found_by(pairs, longer_than=1) == found_by(pairs[::-1], longer_than=1) == [(1, 2, 9)]


def test_nobody_comes_twice_in_a_circle():
    circle = [(node, node % 6 + 1) for node in range(1, 7)]

    found = chains(circle)

    assert found.is_complete
    assert len(found.found) == 6
    assert found.found[0].nodes == (1, 2, 3, 4, 5, 6)


def test_nothing_has_no_chains():
    assert chains([]).found == ()
    assert chains([]).is_complete


def test_a_very_long_line_is_cut():
    line = list(pairwise(range(1000)))

    found = chains(line)

    assert found.is_complete
    assert max(chain.length for chain in found.found) == MAX_LENGTH
    assert chains(line, max_length=2000).found[0].nodes == tuple(range(1000))


@pytest.mark.parametrize(
    "options", [{"longer_than": -1}, {"longer_than": 5, "max_length": 4}, {"max_steps": 0}]
)
def test_impossible_limits_are_refused(options):
    with pytest.raises(ValueError, match="no chains"):
        chains(RELAY, **options)


def longest_from(pairs, start):
    """The length of the longest chain, by trying every way there is."""
    graph = nx.DiGraph([*pairs])
    ways = nx.all_simple_paths(graph, start, [node for node in graph if node != start])
    return max((len(way) - 1 for way in ways), default=0)


@BOUNDED
@given(st.sets(PAIRS, max_size=22), st.randoms(use_true_random=False))
def test_chains_are_ways_through_the_house_and_none_is_longer(pairs, random):
    mixed = list(pairs)
    random.shuffle(mixed)

    found = chains(pairs, longer_than=0)

    assert found.is_complete
    assert chains(mixed, longer_than=0) == found
    for chain in found.found:
        assert len(set(chain.nodes)) == len(chain.nodes)
        assert set(pairwise(chain.nodes)) <= pairs
        assert chain.length == longest_from(pairs, chain.nodes[0])
    starts = {provider for provider, _ in pairs}
    within = {node for chain in found.found for node in chain.nodes}
    assert starts <= within


@BOUNDED
@given(st.sets(st.tuples(NODES, NODES).filter(lambda pair: pair[0] < pair[1]), max_size=30))
def test_without_circles_the_longest_chain_is_found_at_once(pairs):
    found = chains(pairs, longer_than=0, max_steps=1)

    assert found.is_complete
    longest = max((chain.length for chain in found.found), default=0)
    assert longest == nx.dag_longest_path_length(nx.DiGraph([*pairs]))


def test_a_search_that_could_last_for_ever_stops_and_says_so():
    """Far more ways than anybody could try: forty nodes that all serve each other; six hubs with forty leaves."""
    crowd = [(one, other) for one in range(40) for other in range(40) if one != other]
    hubs = [(hub, leaf) for hub in range(100, 106) for leaf in range(200, 240)]
    hubs += [(leaf, hub) for hub, leaf in hubs]

    dense = chains(crowd)
    stuck = chains(hubs, max_length=40)

    assert dense.is_complete  # up to the greatest length: the first way down is as long as any
    assert (
        not stuck.is_complete
    )  # 6 hubs: no chain has more than 12 hand-overs, yet 45 are hoped for
    assert max(chain.length for chain in stuck.found) == 12
