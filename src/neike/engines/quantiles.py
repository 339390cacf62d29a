"""Quantiles by linear interpolation, with intervals from order statistics."""

from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from neike.engines.shares import CONFIDENCE

_REACH: Final = 12
"""The binomial has no weight to speak of beyond this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of `n` values; `low` and `high` are None where the sample is too small to bound it there."""

    n: int
    value: float
    low: float | None
    high: float | None


def quantile(values: npt.ArrayLike, q: float, *, confidence: float = CONFIDENCE) -> Quantile | None:
    """Return the quantile `q` (0.5: the median) of values in any order; None when there are none.

    The value is interpolated linearly between neighbours (R's type 7, numpy's default). The interval is that
    of the order statistics: without any assumption about the distribution it holds the true quantile with
    at least `confidence`.

    Raises:
        ValueError: not 0 < q < 1, not 0 < confidence < 1, or a value is not a number.

    Source: Hyndman and Fan (1996), Sample quantiles in statistical packages, definition 7; David and Nagaraja,
    Order Statistics (2003), section 7.1.
    """
    if not 0 < q < 1:
        raise ValueError(f"q must lie between 0 and 1, got {q}")
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if len(ordered) == 0:
        return None
    if np.isnan(ordered[-1]):
        raise ValueError("a value is not a number")
    low, high = ranks(len(ordered), q, confidence=confidence)
    return Quantile(
        n=len(ordered),
        value=_between(ordered, q),
        low=None if low is None else float(ordered[low - 1]),
        high=None if high is None else float(ordered[high - 1]),
    )


def _between(ordered: NDArray[np.float64], q: float) -> float:
    """Return the value at the place q * (n - 1), counted from 0, of ordered values; between two, on their line."""
    place = q * (len(ordered) - 1)
    before = int(place)
    low, high = float(ordered[before]), float(ordered[min(before + 1, len(ordered) - 1)])
    share = place - before
    # From the nearer end, so that equal neighbours give exactly themselves.
    return low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share)  # noqa: PLR2004


@lru_cache(maxsize=4096)
def ranks(n: int, q: float, *, confidence: float = CONFIDENCE) -> tuple[int | None, int | None]:
    """Return the ranks (1 to n) of the ordered values that bound the quantile; None where no rank does.

    With B binomial(n, q): the greatest rank l with P(B < l) <= (1 - confidence) / 2, and the smallest rank u
    with P(B >= u) at most that.

    Raises:
        ValueError: not 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    tail = (1 - confidence) / 2
    middle, reach = n * q, _REACH * sqrt(n * q * (1 - q)) + 1
    first, last = max(0, int(middle - reach)), min(n, int(middle + reach) + 1)
    below = _binomial(n, q, first, last)
    low = first + int(np.searchsorted(below, tail, side="right"))
    high = first + int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return (low if low >= 1 else None), (high if high <= n else None)


def _binomial(n: int, q: float, first: int, last: int) -> NDArray[np.float64]:
    """Return P(B <= count) for every count from `first` to `last`, which hold practically all weight.

    Each probability follows from the one before; logarithms keep them from vanishing.
    """
    counts = np.arange(first, last)
    steps = np.log((n - counts) / (counts + 1)) + log(q / (1 - q))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    below: NDArray[np.float64] = np.cumsum(np.exp(logs - logs.max()))
    below /= below[-1]
    return below
