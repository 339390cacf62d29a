"""Summaries of ratings against scipy-free textbook values and independent implementations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from neike.engines.ratings import summarise, t_quantile

TABLE = {
    1: 12.7062,
    2: 4.30265,
    3: 3.18245,
    4: 2.77645,
    5: 2.57058,
    9: 2.26216,
    10: 2.22814,
    29: 2.04523,
    60: 2.00030,
    120: 1.97993,
    199: 1.97196,
    200: 1.97190,
    1000: 1.96234,
}
"""Two-sided 95 % points as printed in tables of Student's t."""


@pytest.mark.parametrize(("df", "expected"), TABLE.items())
def test_quantiles_of_t_are_those_of_the_tables(df, expected):
    assert t_quantile(0.975, df) == pytest.approx(expected, abs=2e-4 if df == 1 else 6e-6)


def test_the_series_continues_the_exact_values():
    exact, series = t_quantile(0.975, 199), t_quantile(0.975, 200)

    assert 0 < exact - series < 1e-4


@pytest.mark.parametrize(("p", "df"), [(0.4, 3), (1.0, 3), (0.975, 0)])
def test_quantiles_out_of_range_are_refused(p, df):
    with pytest.raises(ValueError, match="no quantile"):
        t_quantile(p, df)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=60).filter(lambda them: len(set(them)) > 1))
def test_one_answer_each_gives_the_interval_of_student(scores):
    low, high = DescrStatsW(scores).tconfint_mean()

    found = summarise(scores, range(len(scores)))

    assert found.mean == pytest.approx(sum(scores) / len(scores))
    assert found.low == pytest.approx(max(low, 1), abs=1e-9)
    assert found.high == pytest.approx(min(high, 5), abs=1e-9)


def test_many_answers_of_one_person_are_one_voice():
    # Two people: one gives 5 nine times, the other 1 once. Deviations from the mean 4.6: +3.6 and -3.6;
    # s = sqrt(2 / 1 * (3.6² + 3.6²)) / 10 = 0.72, t(1) = 12.7062: the interval covers the whole scale.
    found = summarise([5] * 9 + [1], [7] * 9 + [8])

    assert (found.n, found.raters) == (10, 2)
    assert (found.low, found.high) == (1, 5)


def test_a_summary_counts_scores_and_the_satisfied():
    found = summarise([5, 4, 4, 2, 1], [1, 2, 3, 4, 5])

    assert found.counts == (1, 1, 0, 2, 1)
    assert (found.satisfied.hits, found.satisfied.n) == (3, 5)
    # Wilson for 3 of 5 at 95 %
    assert found.satisfied.low == pytest.approx(0.2307, abs=1e-4)
    assert found.satisfied.high == pytest.approx(0.8824, abs=1e-4)
    assert found.is_small


@pytest.mark.parametrize(("scores", "raters"), [([4, 5], [1, 1]), ([4, 4, 4], [1, 2, 3])])
def test_no_interval_where_nothing_tells_the_spread(scores, raters):
    found = summarise(scores, raters)

    assert (found.low, found.high) == (None, None)


def test_no_ratings_no_summary():
    assert summarise([], []) is None


@pytest.mark.parametrize(("scores", "raters"), [([0], [1]), ([6], [1]), ([3, 4], [1])])
def test_nonsense_is_refused(scores, raters):
    with pytest.raises(ValueError, match=r"score"):
        summarise(scores, raters)
