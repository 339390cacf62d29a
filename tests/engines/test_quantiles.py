"""Quantiles by hand, ranks from printed tables and from the binomial itself."""

from math import comb, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neike.engines.quantiles import quantile, ranks

MEDIAN_RANKS = [
    # n, lower, upper rank of the 95 % interval: Conover, Practical Nonparametric Statistics (1999), table A3
    (6, 1, 6),
    (8, 1, 8),
    (9, 2, 8),
    (10, 2, 9),
    (12, 3, 10),
    (15, 4, 12),
    (20, 6, 15),
    (25, 8, 18),
    (50, 18, 33),
    (100, 40, 61),
]


@pytest.mark.parametrize(("n", "low", "high"), MEDIAN_RANKS)
def test_ranks_of_the_median_equal_the_printed_table(n, low, high):
    assert ranks(n, 0.5) == (low, high)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_five_values_do_not_bound_a_median(n):
    assert ranks(n, 0.5) == (None, None)


def _below(count: int, n: int, q: float) -> float:
    """P(B <= count) summed term by term."""
    return sum(comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(count + 1))


@given(st.integers(1, 150), st.sampled_from([0.1, 0.5, 0.9, 0.95]))
def test_ranks_are_the_tightest_that_hold(n, q):
    low, high = ranks(n, q)
    greatest = max((r for r in range(1, n + 1) if _below(r - 1, n, q) <= 0.025), default=None)
    smallest = min((r for r in range(1, n + 1) if 1 - _below(r - 1, n, q) <= 0.025), default=None)

    assert (low, high) == (greatest, smallest)


def test_values_between_neighbours_are_interpolated():
    found = quantile([40, 10, 20, 30], 0.95)

    assert found.value == pytest.approx(38.5)  # 0.95 * 3 = 2.85: 30 + 0.85 * 10
    assert (found.low, found.high) == (30, None)  # P(B <= 2) = 0.014 of binomial(4, 0.95)
    assert quantile([1, 2, 3, 4], 0.5).value == 2.5


def test_the_interval_is_made_of_observed_values():
    found = quantile(range(10, 110, 10), 0.5)

    assert (found.n, found.value, found.low, found.high) == (10, 55, 20, 90)


def test_nothing_has_no_quantile():
    assert quantile([], 0.5) is None


@pytest.mark.parametrize("q", [0, 1, -0.1])
def test_a_quantile_outside_of_its_range_is_refused(q):
    with pytest.raises(ValueError, match="q must lie"):
        quantile([1], q)


def test_what_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        quantile([1, nan], 0.5)


def test_a_very_large_sample_has_ranks_close_to_the_normal_ones():
    n = 1_000_000
    low, high = ranks(n, 0.5)

    assert low == pytest.approx(n / 2 - 1.96 * np.sqrt(n) / 2, abs=2)
    assert high == pytest.approx(n / 2 + 1.96 * np.sqrt(n) / 2, abs=2)
