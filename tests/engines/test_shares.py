"""Wilson's interval against a published table and an independent library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from neike.engines.shares import wilson

PUBLISHED = [
    # hits, n, low, high: Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("hits", "n", "low", "high"), PUBLISHED)
def test_intervals_equal_the_published_ones(hits, n, low, high):
    share = wilson(hits, n)

    assert share is not None
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert share.value == hits / n


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_equal_those_of_an_independent_library(case):
    hits, n = case
    share = wilson(hits, n)
    low, high = proportion_confint(hits, n, method="wilson")

    assert share is not None
    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-12)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_nothing_has_no_share():
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("hits", "n"), [(-1, 3), (4, 3)])
def test_more_hits_than_observations_are_refused(hits, n):
    with pytest.raises(ValueError, match="hits must lie"):
        wilson(hits, n)


def test_a_confidence_of_one_is_refused():
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, confidence=1)


def test_small_samples_are_called_small():
    assert wilson(29, 29).is_small
    assert not wilson(30, 30).is_small


def test_overlapping_intervals_tell_no_difference():
    few, many, other = wilson(5, 10), wilson(700, 1000), wilson(500, 1000)

    assert few.overlaps(many)
    assert many.overlaps(few)
    assert not many.overlaps(other)
