"""Back-testing a promise: worked examples, properties, and an oracle that goes through requests one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from neike.engines.backtest import (
    Attainment,
    History,
    Method,
    Verdict,
    attainment,
    curve,
    hits_needed,
    shortest_supported,
)

HOUR = 3600.0


def history(done: list[float], waiting: list[float] | None = None) -> History:
    """Return a history of hours."""
    waiting = waiting or []
    used = np.array(done + waiting, dtype=np.float64) * HOUR
    return History(used, np.array([True] * len(done) + [False] * len(waiting), dtype=np.bool_))


def shown(found: Attainment) -> tuple[int, int, float, float, float]:
    """Return kept, n and the shares in hundredths of a percent."""
    assert found.share is not None
    assert found.low is not None
    assert found.high is not None
    return found.kept, found.n, *(round(x, 4) for x in (found.share, found.low, found.high))


def test_171_of_200_in_8_hours_do_not_support_90_percent() -> None:
    found = attainment(history([5.0] * 171 + [9.0] * 29), 8 * HOUR)

    assert shown(found) == (171, 200, 0.855, 0.7995, 0.8971)
    assert found.method is Method.COUNTED
    assert found.verdict(0.9) is Verdict.NOT_SUPPORTED


def test_189_of_200_do() -> None:
    found = attainment(history([5.0] * 189 + [9.0] * 11), 8 * HOUR)

    assert shown(found)[2:4] == (0.945, 0.9042)
    assert found.verdict(0.9) is Verdict.SUPPORTED
    assert hits_needed(200, 0.9) == 189


def test_without_a_history_nothing_is_said() -> None:
    found = attainment(history([]), HOUR)

    assert (found.n, found.share, found.verdict(0.9)) == (0, None, Verdict.NO_HISTORY)
    assert shortest_supported(history([]), 0.9) is None
    assert hits_needed(0, 0.9) is None


def test_too_few_can_never_support_a_promise() -> None:
    assert hits_needed(30, 0.9) is None
    assert hits_needed(35, 0.9) == 35
    assert attainment(history([1.0] * 20), 2 * HOUR).is_small


def test_using_exactly_the_target_is_kept_and_a_timer_never_keeps() -> None:
    found = attainment(history([2.0, 2.0, float("inf")]), 2 * HOUR)

    assert (found.kept, found.missed) == (2, 1)


def test_up_to_one_in_twenty_open_are_left_out_unless_late_already() -> None:
    found = attainment(history([1.0] * 39, [0.5, 3.0]), 2 * HOUR)

    assert found.method is Method.COUNTED
    assert (found.kept, found.missed, found.unknown, found.open) == (39, 1, 1, 2)


def test_kaplan_and_meier_weigh_the_open_ones() -> None:
    # By hand: at risk 6, 4, 3 at hours 1, 3, 4: waiting 5/6, then 5/6 * 3/4, then * 2/3
    found = curve(history([1, 3, 4, 6], [2, 5]), [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR])

    assert [one.method for one in found] == [Method.KAPLAN_MEIER] * 4
    assert [one.share for one in found] == pytest.approx([1 / 6, 1 / 6, 3 / 8, 7 / 12])


def test_the_shortest_supported_target_is_supported_and_the_next_shorter_is_not() -> None:
    past = history([float(hour) for hour in range(1, 201)])

    shortest = shortest_supported(past, 0.9)

    assert shortest == 189 * HOUR


@pytest.mark.parametrize("promised", [0.0, 1.0, -1.0])
def test_a_promise_lies_between_0_and_1(promised: float) -> None:
    found = attainment(history([1.0]), HOUR)
    for ask in (
        lambda: found.verdict(promised),
        lambda: hits_needed(5, promised),
        lambda: shortest_supported(history([1.0]), promised),
    ):
        with pytest.raises(ValueError, match="between 0 and 1"):
            ask()


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="more than zero"):
        attainment(history([1.0]), 0)
    with pytest.raises(ValueError, match="one length"):
        History(np.array([1.0]), np.array([], dtype=np.bool_))
    with pytest.raises(ValueError, match="at least zero"):
        History(np.array([-1.0]), np.array([True]))
    with pytest.raises(ValueError, match="negative"):
        hits_needed(-1, 0.9)


hours = st.lists(st.integers(0, 40).map(float), max_size=40)


@given(hours, hours)
def test_a_longer_target_is_never_kept_less_often(done: list[float], waiting: list[float]) -> None:
    shares = [
        one.share
        for one in curve(history(done, waiting), [hour * HOUR for hour in range(1, 45)])
        if one.share is not None
    ]

    assert all(before <= after + 1e-12 for before, after in itertools.pairwise(shares))


@given(hours, st.integers(1, 40))
def test_without_open_requests_the_interval_is_wilsons(done: list[float], target: int) -> None:
    found = attainment(history(done), target * HOUR)
    if not done:
        return
    kept = sum(hour <= target for hour in done)

    low, high = proportion_confint(kept, len(done), method="wilson")

    assert (found.kept, found.n) == (kept, len(done))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


@given(hours, hours, st.integers(1, 40))
def test_kaplan_meier_equals_going_through_the_hours_one_by_one(
    done: list[float], waiting: list[float], target: int
) -> None:
    found = attainment(history(done, waiting), target * HOUR)
    if found.method is Method.COUNTED or found.share is None:
        return
    share = 1.0
    for hour in range(target + 1):
        at_risk = sum(each >= hour for each in done + waiting)
        ended = sum(each == hour for each in done)
        share *= 1 - ended / at_risk if at_risk else 1

    assert found.share == pytest.approx(1 - share, abs=1e-9)
    assert 0 <= (found.low or 0) <= found.share + 1e-9 <= (found.high or 1) + 2e-9


@given(hours, hours)
def test_open_requests_change_nothing_of_the_effective_number_when_they_come_later(
    done: list[float], waiting: list[float]
) -> None:
    """Censored after the target, they are known: Greenwood's variance is then the binomial one."""
    late = [50.0 + hour for hour in waiting]
    found = attainment(history(done, late), 45 * HOUR)

    if found.share not in (None, 0.0, 1.0):
        assert found.effective == pytest.approx(len(done) + len(late))
