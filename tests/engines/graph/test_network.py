"""Figures of a node: a small house by hand, then an independent library."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.graph import (
    DuplicateEdgeError,
    Edge,
    NodeFigures,
    PairFigures,
    network,
    reciprocity,
)
from tests.engines.graph.made import edges
from tests.engines.strategies import BOUNDED

IT, HR, SALES, SHOP = 1, 2, 3, 4


def shown(provider, customer, volume):
    return Edge(provider, customer, volume, 3, 3)


HOUSE = [
    shown(IT, HR, 30),
    shown(IT, SALES, 10),
    shown(HR, IT, 20),
    shown(SALES, SHOP, 15),
    Edge(SHOP, HR, 900, 2, 9),  # too few people: in no figure
    Edge(SHOP, IT, 0, 9, 9),  # nothing happened
]


def test_a_small_house_worked_by_hand():
    found = network(HOUSE)

    assert list(found.nodes) == [IT, HR, SALES, SHOP]
    # the only ways through somebody: HR - IT - SALES, HR - IT - SALES - SHOP, IT - SALES - SHOP; of 3 * 2 pairs
    assert found.nodes[IT] == NodeFigures(
        node=IT,
        given=40,
        received=20,
        customers=2,
        providers=1,
        out_dependence=1.0,
        biggest_provider=HR,
        in_dependence=30 / 40,
        biggest_customer=HR,
        betweenness=2 / 6,
        reciprocity=2 * 20 / 60,
    )
    assert found.nodes[SALES] == NodeFigures(
        node=SALES,
        given=15,
        received=10,
        customers=1,
        providers=1,
        out_dependence=1.0,
        biggest_provider=IT,
        in_dependence=1.0,
        biggest_customer=SHOP,
        betweenness=2 / 6,
        reciprocity=0.0,
    )
    assert found.nodes[SHOP].in_dependence is None
    assert found.nodes[SHOP].biggest_customer is None
    assert found.pairs == (
        PairFigures(IT, HR, 30, 20, 2 * 20 / 50),
        PairFigures(IT, SALES, 10, 0, 0.0),
        PairFigures(SALES, SHOP, 15, 0, 0.0),
    )
    assert found.reciprocity == 40 / 75


def test_of_equals_the_smallest_number_is_the_biggest():
    found = network([shown(HR, SHOP, 5), shown(IT, SHOP, 5), shown(HR, SALES, 5)])

    assert found.nodes[SHOP].biggest_provider == IT
    assert found.nodes[SHOP].out_dependence == 0.5
    assert found.nodes[HR].biggest_customer == SALES


def test_nothing_and_a_single_edge_have_no_bottleneck():
    nothing, single = network([]), network([shown(IT, HR, 1)])

    assert (nothing.nodes, nothing.pairs, nothing.reciprocity) == ({}, (), None)
    assert [node.betweenness for node in single.nodes.values()] == [0.0, 0.0]
    assert single.reciprocity == 0.0


def test_more_people_may_be_asked_for():
    assert set(network(HOUSE, min_people=2).nodes) == {IT, HR, SALES, SHOP}
    assert network(HOUSE, min_people=2).nodes[HR].received == 930
    assert network(HOUSE, min_people=4).nodes == {}


def test_a_pair_given_twice_is_refused():
    with pytest.raises(DuplicateEdgeError):
        network([shown(IT, HR, 1), shown(IT, HR, 2)])


@pytest.mark.parametrize(
    ("forth", "back", "expected"), [(5, 5, 1.0), (0, 7, 0.0), (30, 10, 0.5), (1, 3, 0.5)]
)
def test_reciprocity_of_two_volumes(forth, back, expected):
    assert reciprocity(forth, back) == expected


@pytest.mark.parametrize(("forth", "back"), [(0, 0), (-1, 2)])
def test_no_volume_has_no_reciprocity(forth, back):
    with pytest.raises(ValueError, match="no reciprocity"):
        reciprocity(forth, back)


def independent(observed):
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(
        (edge.provider, edge.customer, edge.volume)
        for edge in observed
        if edge.volume and edge.provider_people >= 3 and edge.customer_people >= 3
    )
    return graph


@BOUNDED
@given(edges(most=60))
def test_betweenness_equals_that_of_an_independent_library(observed):
    expected = nx.betweenness_centrality(independent(observed), normalized=True)

    found = {node: figures.betweenness for node, figures in network(observed).nodes.items()}
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_betweenness_of_a_larger_random_house_equals_that_of_an_independent_library(seed):
    graph = nx.gnp_random_graph(120, 0.04, seed=seed, directed=True)

    found = network(shown(one, other, 1) for one, other in graph.edges)

    graph.remove_nodes_from(list(nx.isolates(graph)))
    expected = nx.betweenness_centrality(graph)
    assert {node: figures.betweenness for node, figures in found.nodes.items()} == pytest.approx(
        expected, abs=1e-12
    )


@BOUNDED
@given(edges(most=60))
def test_with_equal_volumes_reciprocity_equals_that_of_an_independent_library(observed):
    equal = [Edge(*edge.pair, 7, 3, 3) for edge in observed]
    graph = independent(equal)

    found = network(equal)

    expected = nx.reciprocity(graph, graph.nodes)
    assert {node: each.reciprocity for node, each in found.nodes.items()} == pytest.approx(expected)
    if equal:
        assert found.reciprocity == pytest.approx(nx.overall_reciprocity(graph))


@BOUNDED
@given(edges(most=60))
def test_volumes_and_dependence_are_those_of_the_weighted_graph(observed):
    graph = independent(observed)

    found = network(observed)

    assert set(found.nodes) == set(graph.nodes)
    for node, figures in found.nodes.items():
        into = [volume for _, _, volume in graph.in_edges(node, data="weight")]
        out = [volume for _, _, volume in graph.out_edges(node, data="weight")]
        assert (figures.received, figures.providers) == (sum(into), len(into))
        assert (figures.given, figures.customers) == (sum(out), len(out))
        assert figures.out_dependence == (max(into) / sum(into) if into else None)
        assert figures.in_dependence == (max(out) / sum(out) if out else None)
        assert 0 <= figures.betweenness <= 1
        assert 0 <= figures.reciprocity <= 1


@BOUNDED
@given(edges(most=60), st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_move_the_last_bit(observed, random):
    found = network(observed)
    mixed = list(observed)
    random.shuffle(mixed)

    assert network(mixed) == found
    assert network(iter(observed)) == found
