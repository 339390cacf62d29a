"""What a set of ratings says: mean and share satisfied with their intervals, and the distribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from neike.engines.shares import CONFIDENCE, SMALL_SAMPLE, Share, wilson

LOWEST: Final = 1
HIGHEST: Final = 5
SATISFIED: Final = 4
"""From this score on somebody is called satisfied."""

_MANY: Final = 200
"""From so many degrees of freedom on the series for Student's t is exact to more digits than anybody prints."""
_ROUNDS: Final = 80


@dataclass(frozen=True, slots=True)
class Summary:
    """Ratings of 1 to 5 taken together.

    `counts[0]` is how often the lowest score was given. `low` and `high` bound the mean with 95 %; both are None
    where fewer than two people rated or all gave the same score, which says nothing about the spread.
    """

    n: int
    raters: int
    mean: float
    low: float | None
    high: float | None
    satisfied: Share
    counts: tuple[int, ...]

    @property
    def is_small(self) -> bool:
        """Whether there are too few ratings to read much into the mean."""
        return self.n < SMALL_SAMPLE


def summarise(
    scores: Sequence[int], raters: Sequence[int], *, confidence: float = CONFIDENCE
) -> Summary | None:
    """Summarise scores; `raters[i]` says who gave `scores[i]`. None when there are none.

    The interval of the mean m of n scores by C people takes the answers of one person as one voice:
    m ± t(C - 1) · s, with s² = C / (C - 1) · Σ_c (Σ_{i of c} (x_i - m))² / n². When everybody answers once, this is
    Student's m ± t(n - 1) · sd / √n. It is cut off at 1 and 5. The share of satisfied (4 or 5) has Wilson's interval.

    Raises:
        ValueError: the lists differ in length, or a score is not 1 to 5.

    Source: Liang and Zeger (1986), Longitudinal data analysis using generalized linear models, Biometrika 73, for
    the variance of a mean of clusters; Student (1908).
    """
    values = np.asarray(scores, dtype=np.int64)
    if len(values) != len(raters):
        raise ValueError(f"{len(values)} scores for {len(raters)} raters")
    if len(values) == 0:
        return None
    if values.min() < LOWEST or values.max() > HIGHEST:
        raise ValueError("a score is not 1 to 5")
    people, whose = np.unique(np.asarray(raters, dtype=np.int64), return_inverse=True)
    mean = float(values.mean())
    off = values.astype(np.float64) - mean
    reach = _reach(np.bincount(whose, weights=off).astype(np.float64), len(values), confidence)
    satisfied = wilson(int((values >= SATISFIED).sum()), len(values), confidence=confidence)
    assert satisfied is not None  # noqa: S101 - there are answers
    counts = np.bincount(values, minlength=HIGHEST + 1)[LOWEST:]
    return Summary(
        n=len(values),
        raters=len(people),
        mean=mean,
        low=None if reach is None else max(float(LOWEST), mean - reach),
        high=None if reach is None else min(float(HIGHEST), mean + reach),
        satisfied=satisfied,
        counts=tuple(int(count) for count in counts),
    )


def _reach(sums: npt.NDArray[np.float64], n: int, confidence: float) -> float | None:
    """Return half the width of the interval from the people's sums of deviations, or None if there is no telling."""
    people = len(sums)
    if people < 2:  # noqa: PLR2004 - one voice has no spread
        return None
    spread = sqrt(people / (people - 1) * float(np.square(sums).sum())) / n
    return t_quantile((1 + confidence) / 2, people - 1) * spread if spread > 0 else None


def t_quantile(p: float, df: int) -> float:
    """Return the quantile of Student's t distribution with whole degrees of freedom, for p from 0.5 to below 1.

    Raises:
        ValueError: p or df is out of range.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions: 26.7.3 and 26.7.4 (the distribution, solved
    by halving), 26.7.5 (the series, from 200 degrees of freedom on).
    """
    if not 0.5 <= p < 1 or df < 1:  # noqa: PLR2004 - the upper half
        raise ValueError(f"no quantile of {p} with {df} degrees of freedom")
    if df >= _MANY:
        return _t_series(NormalDist().inv_cdf(p), df)
    low, high = 0.0, 1.0
    while _within(high, df) < 2 * p - 1:
        high *= 2
    for _round in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, df) < 2 * p - 1 else (low, middle)
    return (low + high) / 2


def _within(t: float, df: int) -> float:
    """Return the probability that |T| <= t."""
    angle = atan(t / sqrt(df))
    square = cos(angle) ** 2
    if df % 2:
        term, total = cos(angle), 0.0
        for step in range(3, df + 1, 2):
            total += term
            term *= square * (step - 1) / step
        return 2 / pi * (angle + sin(angle) * total)
    term, total = 1.0, 0.0
    for step in range(2, df + 1, 2):
        total += term
        term *= square * (step - 1) / step
    return sin(angle) * total


def _t_series(z: float, df: int) -> float:
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / df + second / df**2 + third / df**3
