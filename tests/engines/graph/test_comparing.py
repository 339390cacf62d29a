"""Declared against observed: worked examples by hand, the rules by an independent recount, cult F1."""

from dataclasses import astuple
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.graph import (
    DuplicateEdgeError,
    Edge,
    NegativeCountError,
    SelfEdgeError,
    compare,
)
from tests.engines.graph.made import NODES, PAIRS, edges, folded, houses
from tests.engines.strategies import BOUNDED

IT, HR, LAW, SALES, SHOP, LAB = range(1, 7)


def pairs_of(compared):
    return [edge.pair for edge in compared]


def test_three_of_four_relations_in_use_and_one_pair_nobody_declared():
    """180 of 240 hand-overs lie on three of four declared relations, 60 on an undeclared pair."""
    declared = [(IT, SALES), (HR, SALES), (HR, SHOP), (LAW, LAB)]
    observed = [
        Edge(IT, SALES, 80, 4, 9),
        Edge(HR, SALES, 40, 3, 9),
        Edge(HR, SHOP, 60, 3, 5),
        Edge(LAW, SHOP, 60, 3, 5),
    ]

    found = compare(declared, observed)

    assert (found.coverage, found.precision) == (0.75, 0.75)
    assert (found.observed_volume, found.declared_volume, found.declared) == (240, 180, 4)
    assert pairs_of(found.aligned) == [(IT, SALES), (HR, SHOP), (HR, SALES)]
    # LAW gives 60 in all, SHOP receives 120 of 240: 60 * 120 / 240 = 30, and 60 is exactly twice as much
    assert [astuple(edge) for edge in found.hidden] == [(LAW, SHOP, 60, 30.0, 3, 5)]
    assert [astuple(edge) for edge in found.paper] == [(LAW, LAB, 0, 0.0, 0, 0)]
    assert found.too_small == found.other == ()


def alone(volume, people=3, *, beside=1000):
    """The class of one undeclared edge apart from a large declared one, so that chance gives it next to nothing."""
    found = compare(
        [(IT, SALES)], [Edge(IT, SALES, beside, 9, 9), Edge(HR, SHOP, volume, people, 9)]
    )
    (name,) = [name for name in ("hidden", "too_small", "other") if getattr(found, name)]
    return name


@pytest.mark.parametrize(
    ("volume", "people", "expected"),
    [
        (5, 3, "hidden"),
        (4, 3, "other"),
        (5, 2, "too_small"),
        (500, 2, "too_small"),
        (500, 0, "too_small"),
        (4, 2, "other"),
        (1, 9, "other"),
    ],
)
def test_an_undeclared_edge_is_hidden_from_five_handovers_and_three_people_on(
    volume, people, expected
):
    assert alone(volume, people) == expected


@pytest.mark.parametrize(("volume", "expected"), [(30, "hidden"), (31, "other")])
def test_a_hidden_edge_carries_at_least_twice_what_chance_gives(volume, expected):
    # the edge is all that HR gives and all that SHOP receives: chance gives v * v / (v + 30), half of v at v = 30
    assert alone(volume, beside=30) == expected


@pytest.mark.parametrize("short", [(2, 9), (9, 2)])
def test_both_ends_need_three_people(short):
    found = compare([(IT, SALES)], [Edge(IT, SALES, 1000, 9, 9), Edge(HR, SHOP, 50, *short)])

    assert found.hidden == ()
    assert pairs_of(found.too_small) == [(HR, SHOP)]


def test_an_aligned_edge_by_few_people_is_aligned_but_its_volume_is_not_to_be_shown():
    found = compare(
        [(IT, SALES), (HR, SALES)], [Edge(IT, SALES, 7, 1, 3), Edge(HR, SALES, 9, 3, 3)]
    )

    assert [(edge.pair, edge.is_shown) for edge in found.aligned] == [
        ((HR, SALES), True),
        ((IT, SALES), False),
    ]


def test_direction_matters():
    found = compare([(SALES, IT)], [Edge(IT, SALES, 50, 9, 9)])

    assert pairs_of(found.paper) == [(SALES, IT)]
    assert (found.coverage, found.precision) == (0.0, 0.0)


def test_where_there_is_nothing_there_is_no_share():
    nothing = compare([], [])
    silent = compare([(IT, SALES)], [Edge(IT, SALES, 0, 0, 0)])
    undeclared = compare([], [Edge(IT, SALES, 3, 3, 3)])

    assert (nothing.coverage, nothing.precision) == (None, None)
    assert (silent.coverage, silent.precision, pairs_of(silent.paper)) == (None, 0.0, [(IT, SALES)])
    assert (undeclared.coverage, undeclared.precision) == (0.0, None)


def test_a_relation_declared_in_two_kinds_counts_once():
    once = compare([(IT, SALES), (HR, SALES)], [Edge(IT, SALES, 8, 3, 3)])
    twice = compare([(IT, SALES), (HR, SALES), (IT, SALES)], [Edge(IT, SALES, 8, 3, 3)])

    assert once == twice
    assert twice.precision == 0.5


@pytest.mark.parametrize(
    ("observed", "error", "text"),
    [
        ([Edge(IT, IT, 1, 1, 1)], SelfEdgeError, "node 1 cannot serve itself"),
        (
            [Edge(IT, HR, 1, 1, 1), Edge(IT, HR, 0, 0, 0)],
            DuplicateEdgeError,
            "the edge from 1 to 2 is given twice",
        ),
        ([Edge(IT, HR, -1, 1, 1)], NegativeCountError, "the edge from 1 to 2 has a negative count"),
        ([Edge(IT, HR, 1, -1, 1)], NegativeCountError, "negative count"),
        ([Edge(IT, HR, 1, 1, -1)], NegativeCountError, "negative count"),
    ],
)
def test_impossible_edges_are_refused(observed, error, text):
    with pytest.raises(error, match=text):
        compare([], observed)


def test_a_declaration_with_oneself_is_refused():
    with pytest.raises(SelfEdgeError):
        compare([(IT, IT)], [])


def recounted(declared, observed):
    """The class of each pair, straight from the rules, in fractions."""
    total = sum(edge.volume for edge in observed)
    classes = dict.fromkeys(declared, "paper")
    for edge in (edge for edge in observed if edge.volume):
        given = sum(other.volume for other in observed if other.provider == edge.provider)
        received = sum(other.volume for other in observed if other.customer == edge.customer)
        enough = edge.volume >= max(5, 2 * Fraction(given * received, total))
        people = edge.provider_people >= 3 and edge.customer_people >= 3
        classes[edge.pair] = (
            "aligned"
            if edge.pair in declared
            else "other"
            if not enough
            else "hidden"
            if people
            else "too_small"
        )
    return classes


@BOUNDED
@given(st.sets(PAIRS, max_size=20), edges())
def test_every_pair_is_in_the_class_an_independent_recount_gives_it(declared, observed):
    found = compare(declared, observed)

    classes = {
        edge.pair: name
        for name in ("aligned", "hidden", "paper", "too_small", "other")
        for edge in getattr(found, name)
    }
    assert classes == recounted(declared, observed)


@BOUNDED
@given(st.sets(PAIRS, max_size=20), edges(), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_does_not_matter_and_doing_it_again_changes_nothing(
    declared, observed, random
):
    found = compare(declared, observed)
    mixed_pairs, mixed_edges = list(declared), list(observed)
    random.shuffle(mixed_pairs)
    random.shuffle(mixed_edges)

    assert compare(mixed_pairs, iter(mixed_edges)) == found
    assert compare(declared, observed) == found


@BOUNDED
@given(st.sets(PAIRS, max_size=20), edges())
def test_shares_lie_between_0_and_1_and_no_edge_of_few_people_is_hidden(declared, observed):
    found = compare(declared, observed)

    assert all(share is None or 0 <= share <= 1 for share in (found.coverage, found.precision))
    assert all(edge.is_shown for edge in found.hidden)
    assert not any(edge.is_shown for edge in (*found.too_small, *found.paper))
    classes = (found.aligned, found.hidden, found.too_small, found.other)
    assert sum(edge.volume for each in classes for edge in each) == found.observed_volume


@BOUNDED
@given(edges(), NODES)
def test_expected_volumes_add_up_to_what_a_node_gives(observed, node):
    declared = {(node, other) for other in range(1, 10) if other != node}
    found = compare(declared, observed)

    given_away = sum(edge.volume for edge in observed if edge.provider == node)
    to_itself = sum(edge.volume for edge in observed if edge.customer == node)
    expected = sum(edge.expected for edge in (*found.aligned, *found.paper))
    total = found.observed_volume
    # independence would also have it serve itself, which is no pair
    assert expected == pytest.approx(given_away * (1 - to_itself / total) if total else 0)


@BOUNDED
@given(houses(), st.data())
def test_two_forgotten_and_one_unused_declaration_are_found_and_nothing_else(house, data):
    services, log = house
    forgotten = data.draw(st.lists(st.sampled_from(services), min_size=2, max_size=2, unique=True))
    strangers = sorted(
        {
            (one, other)
            for one, _ in services
            for other, _ in services
            if one != other and (one, other) not in services
        }
    )
    unused, pair_of_two, seldom = data.draw(
        st.lists(st.sampled_from(strangers), min_size=3, max_size=3, unique=True)
    )
    # two people who work much together, and many who do so seldom
    noise = [(*pair_of_two, turn % 2, turn % 2) for turn in range(60)]
    noise += [(*seldom, turn, turn) for turn in range(4)]
    declared = [pair for pair in services if pair not in forgotten] + [unused]

    found = compare(declared, folded(noise + log))

    assert sorted(pairs_of(found.hidden)) == sorted(forgotten)
    assert pairs_of(found.paper) == [unused]
    assert pairs_of(found.too_small) == [pair_of_two]
    assert pairs_of(found.other) == [seldom]
    kept = sum((provider, customer) in declared for provider, customer, _, _ in log)
    assert found.coverage == kept / (len(log) + 64)
    assert found.precision == (len(declared) - 1) / len(declared)
    assert compare(declared, folded(log + noise)) == found
