"""Shares of a whole with their 95 % interval."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
SMALL_SAMPLE: Final = 30
"""Fewer observations than this are called a small sample."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`; `value`, `low` and `high` lie between 0 and 1."""

    hits: int
    n: int
    value: float
    low: float
    high: float

    @property
    def is_small(self) -> bool:
        """Whether there are too few observations to read much into the value."""
        return self.n < SMALL_SAMPLE

    def overlaps(self, other: "Share") -> bool:
        """Whether the two intervals have a point in common: then no difference can be told from them."""
        return self.low <= other.high and other.low <= self.high


def wilson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> Share | None:
    """Return the share `hits / n` with its Wilson score interval; None when there is nothing to share.

    Raises:
        ValueError: not 0 <= hits <= n, or not 0 < confidence < 1.

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22, 209-212; without continuity correction.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"hits must lie between 0 and {n}, got {hits}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")
    if n == 0:
        return None
    low, high = wilson_interval(hits / n, n, confidence=confidence)
    return Share(hits, n, hits / n, low, high)


def wilson_interval(
    share: float, n: float, *, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the Wilson score interval of a share of `n`, which need not be whole; it contains the share.

    Raises:
        ValueError: not 0 <= share <= 1, `n` is not more than zero, or not 0 < confidence < 1.
    """
    if not 0 <= share <= 1 or n <= 0 or not 0 < confidence < 1:
        raise ValueError(f"no interval of {share} of {n} at {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    z2 = z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At 0 and n the interval ends exactly there; only rounding could say otherwise.
    low = 0.0 if share == 0 else max(0.0, middle - reach)
    high = 1.0 if share == 1 else min(1.0, middle + reach)
    return min(low, share), max(high, share)
