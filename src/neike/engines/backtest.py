"""Would a promise have been kept? Attainment of a target on past requests, with what is still open censored.

Formulas and worked examples: docs/en/reference/back-test.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from neike.engines.shares import SMALL_SAMPLE, wilson_interval

MOST_OPEN: Final = 0.05
"""Up to this share of open requests they are left out; beyond it Kaplan and Meier weigh them."""

Column = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Method(StrEnum):
    """How the share was found."""

    COUNTED = "counted"
    KAPLAN_MEIER = "kaplan_meier"


class Verdict(StrEnum):
    """What the past says of a promise."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    NO_HISTORY = "no_history"


@dataclass(frozen=True, slots=True)
class History:
    """Past clocks of one promise, in any order: times in working seconds, `done` False for those still running.

    Another unit does as well, if targets are in it too: shares of each request's own target, judged at 1. A clock that ended as missed whatever it used (kept by a timer) has `used` infinite.
    """

    used: Column
    done: Flags

    def __post_init__(self) -> None:
        if self.used.shape != self.done.shape or self.used.ndim != 1:
            raise ValueError("used and done must be columns of one length")
        if np.isnan(self.used).any() or (self.used < 0).any():
            raise ValueError("used times must be numbers of at least zero")

    def __len__(self) -> int:
        return len(self.used)


@dataclass(frozen=True, slots=True)
class Attainment:
    """How a target of `target` working seconds would have been kept.

    `kept` and `missed` are known, a request still open beyond the target among the missed; `unknown` are open
    within it. `open` counts all still open. `share`, `low` and `high` lie between 0 and 1, None when nothing is
    known. `effective` is the number of finished requests that would tell as much (their number when counted).
    """

    target: float
    kept: int
    missed: int
    unknown: int
    open: int
    method: Method
    share: float | None
    low: float | None
    high: float | None
    effective: float

    @property
    def n(self) -> int:
        """Of how many the fate is known."""
        return self.kept + self.missed

    @property
    def is_small(self) -> bool:
        """Whether there are too few to read much into the share."""
        return self.n < SMALL_SAMPLE

    def verdict(self, promised: float) -> Verdict:
        """Compare with the promised share, 0 to 1: supported if the lower bound reaches it.

        Raises:
            ValueError: not 0 < promised < 1.

        Source: rule B4 of docs/en/reference/back-test.md.
        """
        if not 0 < promised < 1:
            raise ValueError(f"promised must lie between 0 and 1, got {promised}")
        if self.low is None:
            return Verdict.NO_HISTORY
        return Verdict.SUPPORTED if self.low >= promised else Verdict.NOT_SUPPORTED


def attainment(history: History, target: float) -> Attainment:
    """Return how a target would have been kept. Using exactly the target counts as kept.

    Raises:
        ValueError: `target` is not more than zero.
    """
    return curve(history, [target])[0]


def curve(history: History, targets: Sequence[float]) -> list[Attainment]:
    """Return `attainment` for many targets at once, in their order.

    Raises:
        ValueError: a target is not more than zero.
    """
    if any(target <= 0 for target in targets):
        raise ValueError("targets must be more than zero")
    ends = np.sort(history.used[history.done])
    waits = np.sort(history.used[~history.done])
    is_counted = len(waits) <= MOST_OPEN * len(history)
    estimate = None if is_counted else _kaplan_meier(ends, waits)
    return [_at(ends, waits, target, estimate) for target in targets]


@dataclass(frozen=True, slots=True)
class _Estimate:
    """Kaplan and Meier's curve: at `times` (ascending) the share still waiting, and Greenwood's sum."""

    times: Column
    waiting: Column
    greenwood: Column

    def at(self, target: float) -> tuple[float, float]:
        place = int(np.searchsorted(self.times, target, side="right")) - 1
        if place < 0:
            return 1.0, 0.0
        return float(self.waiting[place]), float(self.greenwood[place])


def _kaplan_meier(ends: Column, waits: Column) -> _Estimate:
    times, counts = np.unique(ends[np.isfinite(ends)], return_counts=True)
    gone = np.searchsorted(ends, times, side="left") + np.searchsorted(waits, times, side="left")
    at_risk = (len(ends) + len(waits) - gone).astype(np.float64)
    left = at_risk - counts
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(left > 0, counts / (at_risk * left), 0.0)
    waiting = np.cumprod(left / at_risk, dtype=np.float64)
    return _Estimate(times, waiting, np.cumsum(steps, dtype=np.float64))


def _at(ends: Column, waits: Column, target: float, estimate: _Estimate | None) -> Attainment:
    kept = int(np.searchsorted(ends, target, side="right"))
    unknown = int(np.searchsorted(waits, target, side="right"))
    missed = len(ends) - kept + len(waits) - unknown
    known = kept + missed
    share, effective = (kept / known if known else 0.0), float(known)
    if estimate is not None and known:
        waiting, greenwood = estimate.at(target)
        share = 1 - waiting
        # the size of a sample without open requests that would vary as much (Dorey and Korn 1987)
        if 0 < waiting < 1 and greenwood > 0:
            effective = share / (waiting * greenwood)
    low, high = wilson_interval(share, effective) if known else (None, None)
    return Attainment(
        target=target,
        kept=kept,
        missed=missed,
        unknown=unknown,
        open=len(waits),
        method=Method.COUNTED if estimate is None else Method.KAPLAN_MEIER,
        share=share if known else None,
        low=low,
        high=high,
        effective=effective,
    )


def shortest_supported(history: History, promised: float) -> float | None:
    """Return the shortest target, in working seconds, that the past supports for a share; None: none does.

    It is one of the times that were needed.

    Raises:
        ValueError: not 0 < promised < 1.
    """
    if not 0 < promised < 1:
        raise ValueError(f"promised must lie between 0 and 1, got {promised}")
    times = np.unique(history.used[history.done & np.isfinite(history.used)])
    times = times[times > 0]
    low, high = 0, len(times)
    ends, waits = np.sort(history.used[history.done]), np.sort(history.used[~history.done])
    counted = len(waits) <= MOST_OPEN * len(history)
    estimate = None if counted else _kaplan_meier(ends, waits)
    while low < high:
        middle = (low + high) // 2
        found = _at(ends, waits, float(times[middle]), estimate)
        if found.low is not None and found.low >= promised:
            high = middle
        else:
            low = middle + 1
    return float(times[low]) if low < len(times) else None


def hits_needed(n: int, promised: float) -> int | None:
    """Return how many of `n` finished requests must have been kept to support a share; None: `n` is too small.

    Raises:
        ValueError: `n` is negative, or not 0 < promised < 1.
    """
    if n < 0:
        raise ValueError(f"n must not be negative, got {n}")
    if not 0 < promised < 1:
        raise ValueError(f"promised must lie between 0 and 1, got {promised}")
    low, high = 0, n + 1
    while low < high:
        middle = (low + high) // 2
        if n and wilson_interval(middle / n, n)[0] >= promised:
            high = middle
        else:
            low = middle + 1
    return low if n > 0 and low <= n else None
