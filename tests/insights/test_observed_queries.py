"""What may be shown of observed edges, and what not."""

from datetime import date
from itertools import pairwise, product

import numpy as np
import pytest

from neike.engines.remainders import Remainder
from neike.insights.models import LegFlow, ObservedEdge
from neike.insights.queries import observed
from neike.org.periods import quarter_of
from tests.make import insights as make
from tests.make import org

pytestmark = pytest.mark.django_db
Q1 = quarter_of(date(2026, 1, 1), zone="Asia/Shanghai")
Q2 = Q1.next()


@pytest.fixture
def departments(db):
    return [org.department(f"Department {n}") for n in range(12)]


def edge(ends, quarter, quarters, legs, people):
    supplier, customer = ends
    ObservedEdge.objects.create(
        quarter_start=quarter.start,
        quarters=quarters,
        supplier=supplier,
        customer=customer,
        legs=legs,
        tickets=legs,
        supplier_people=people[0],
        customer_people=people[1],
        handovers=0,
    )


def shown(quarter, quarters=1):
    return {row.pair: row.legs for row in observed.shown_edges(quarter, quarters).edges}


def test_fewer_than_three_people_at_either_end_are_not_shown(departments):
    ends = pairwise(departments)
    for pair, people in zip(ends, [(3, 3), (2, 9), (9, 2), (4, 3), (0, 0)], strict=False):
        edge(pair, Q1, 1, 10 + people[0], people)

    found = observed.shown_edges(Q1)

    assert [(row.legs, row.supplier_people, row.customer_people) for row in found.edges] == [
        (14, 4, 3),
        (13, 3, 3),
    ]
    assert found.some_hidden
    assert found.not_shown is None  # three pairs: who knows one could guess


def test_small_pairs_are_told_as_one_sum(departments):
    for n in range(0, 12, 2):
        edge((departments[n], departments[n + 1]), Q1, 1, 4, (2, 2))

    found = observed.shown_edges(Q1)

    assert (found.edges, found.not_shown) == ((), Remainder(6, 20))
    assert not observed.shown_edges(Q2).some_hidden


STRONG, WEAK, NONE = (20, (4, 4)), (7, (2, 2)), None


@pytest.mark.parametrize(
    ("first", "second", "union", "told"),
    [
        (STRONG, STRONG, (5, 5), 40),
        (STRONG, NONE, (4, 4), 20),
        (STRONG, WEAK, (5, 5), 20),  # 27 - 20 would be the weak quarter
        (WEAK, STRONG, (5, 5), 20),
        (WEAK, WEAK, (3, 4), 14),  # together enough people, and only ever told together
        (WEAK, WEAK, (2, 4), None),
        (NONE, WEAK, (2, 2), None),
    ],
)
def test_two_quarters_never_give_a_weak_one_away(departments, first, second, union, told):
    ends = departments[0], departments[1]
    for quarter, part in ((Q1, first), (Q2, second)):
        if part:
            edge(ends, quarter, 1, *part)
    edge(ends, Q2, 2, sum(part[0] for part in (first, second) if part), union)

    found = shown(Q2, 2)

    assert found == ({(ends[0].pk, ends[1].pk): told} if told else {})
    everything = sum(part[0] for part in (first, second) if part)
    assert observed.shown_edges(Q2, 2).some_hidden == (told != everything)


def test_no_chain_of_windows_gives_a_weak_quarter_away(departments):
    """Whatever the strengths of four quarters, all told sums together determine no weak quarter's volume."""
    ends = departments[0], departments[1]
    quarters = [Q1.shifted(n) for n in range(4)]
    for strengths in product([STRONG, WEAK], repeat=4):
        ObservedEdge.objects.all().delete()
        for quarter, part in zip(quarters, strengths, strict=True):
            edge(ends, quarter, 1, *part)
        for n, quarter in enumerate([*quarters, quarters[-1].next()]):
            parts = strengths[max(n - 1, 0) : n + 1]
            union = (4, 4) if STRONG in parts else (3, 3) if len(parts) == 2 else (2, 2)
            edge(ends, quarter, 2, sum(part[0] for part in parts), union)

        told = told_sums(quarters)

        assert not any(derivable(told, n) for n, part in enumerate(strengths) if part is WEAK), (
            strengths
        )


def told_sums(quarters):
    """Return for each told figure which quarters it is the sum of."""
    sums = [{n} for n, quarter in enumerate(quarters) if shown(quarter)]
    for n in range(1, len(quarters) + 1):
        told = shown(quarters[0].shifted(n), 2).values()
        sums += [{n - 1, n} if legs in (40, 14) else strong_of(quarters, n) for legs in told]
    return sums


def strong_of(quarters, n):
    return {m for m in (n - 1, n) if m < len(quarters) and shown(quarters[m])}


def derivable(sums, quarter):
    """Whether a quarter's indicator lies in the span of the told sums."""
    rows = np.array([[float(n in one) for n in range(5)] for one in sums]).reshape(-1, 5)
    goal = np.eye(5)[quarter]
    return np.linalg.matrix_rank(np.vstack([rows, goal])) == np.linalg.matrix_rank(rows)


def test_a_comparison_knows_every_pair_but_only_volumes_that_may_be_shown(departments):
    strong, weak = departments[:2], departments[2:4]
    edge(strong, Q1, 1, 20, (4, 4))
    edge(strong, Q2, 1, 7, (2, 2))
    edge(strong, Q2, 2, 27, (5, 5))
    edge(weak, Q2, 2, 9, (2, 5))

    found = {one.pair: (one.volume, one.is_shown()) for one in observed.edges_to_compare(Q2)}

    assert found == {
        (strong[0].pk, strong[1].pk): (20, True),
        (weak[0].pk, weak[1].pk): (9, False),
    }


def test_what_is_declared_is_compared_with_what_was_seen(departments):
    told, silent, small, unknown = (departments[n : n + 2] for n in (0, 2, 4, 6))
    edge(told, Q2, 2, 20, (4, 4))
    edge(small, Q2, 2, 30, (2, 9))
    edge(unknown, Q2, 2, 30, (3, 9))

    found = observed.compared([(one.pk, two.pk) for one, two in (told, silent)], Q2)

    assert [one.pair for one in found.aligned] == [(told[0].pk, told[1].pk)]
    assert [one.pair for one in found.paper] == [(silent[0].pk, silent[1].pk)]
    assert [one.pair for one in found.hidden] == [(unknown[0].pk, unknown[1].pk)]
    assert [one.pair for one in found.too_small] == [(small[0].pk, small[1].pk)]
    assert (found.coverage, found.precision) == (20 / 80, 1 / 2)


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_at_any_length(departments, count, django_assert_num_queries):
    for n in range(count):
        for quarter, quarters in ((Q1, 1), (Q2, 1), (Q2, 2)):
            edge((departments[n], departments[n + 1]), quarter, quarters, 10, (3, 3))

    with django_assert_num_queries(2):
        assert len(observed.shown_edges(Q2, 1).edges) == count
    with django_assert_num_queries(3):
        assert len(observed.shown_edges(Q2, 2).edges) == count
    with django_assert_num_queries(1):
        assert len(observed.shown_edges(Q2, 2).edges) == count
    with django_assert_num_queries(2):
        assert len(observed.edges_to_compare(Q2)) == count
    assert observed.quarters_known() == [Q1.start, Q2.start]


def test_a_person_sees_whom_they_served_and_were_served_by(django_assert_num_queries):
    house = make.history()

    with django_assert_num_queries(2):
        found = observed.person_edges(house.ivan, Q1)

    assert found == [
        observed.PersonEdge(house.anna.pk, 2, 0),
        observed.PersonEdge(house.sam.pk, 2, 0),
        observed.PersonEdge(house.fang.pk, 0, 1),
    ]
    assert observed.person_edges(house.fang, Q1) == [observed.PersonEdge(house.ivan.pk, 1, 0)]
    assert observed.person_edges(house.ines, Q1) == []
    assert observed.person_edges(house.ivan, Q2) == []


def test_who_serves_themselves_is_no_edge():
    house = make.history()
    LegFlow.objects.update(customer_person=house.ivan, provider_person=house.ivan)

    assert observed.person_edges(house.ivan, Q1) == []
