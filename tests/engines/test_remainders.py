"""The sum of pairs that are not shown gives none of them away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.remainders import Remainder, SmallPair, remainder

PAIRS = st.dictionaries(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 30),
    max_size=40,
).map(lambda found: [SmallPair(*pair, legs) for pair, legs in found.items()])


def spread(count, legs=4):
    """Return pairs of which no two have a department in common."""
    return [SmallPair(2 * n, 2 * n + 1, legs) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_pairs_are_never_summed_up(count):
    assert remainder(spread(count, legs=50)) is None


def test_who_knows_one_of_three_could_guess_the_others():
    assert remainder(spread(3)) is None
    assert remainder(spread(4)) == Remainder(4, 20)


def test_one_pair_that_outweighs_the_others_is_not_given_away():
    assert remainder([*spread(8), SmallPair(90, 91, 33)]) is None
    assert remainder([*spread(10), SmallPair(90, 91, 33)]) == Remainder(11, 70)


def test_what_few_legs_there_are_is_not_told():
    assert remainder(spread(5, legs=1)) is None


def test_pairs_that_all_touch_one_department_are_known_to_it_anyway():
    # department 1 knows them all; each other end knows one, which leaves the others
    assert remainder([SmallPair(1, n, 5) for n in range(2, 5)]) is None
    assert remainder([SmallPair(1, n, 5) for n in range(2, 6)]) == Remainder(4, 20)


@given(PAIRS)
def test_nobody_can_subtract_what_they_know_down_to_few_pairs(small):
    told = remainder(small)
    readers = {end for pair in small for end in pair[:2]} | {0}

    if told is None:
        return
    assert told.pairs == len(small)
    assert abs(told.legs - sum(pair.legs for pair in small)) <= 5
    for reader in readers:
        left = [pair.legs for pair in small if reader not in pair[:2]]
        assert not left or (len(left) >= 3 and max(left) <= sum(left) / 2)


@given(PAIRS, st.randoms())
def test_the_order_of_pairs_does_not_matter(small, random):
    assert remainder(small) == remainder(random.sample(small, len(small)))
