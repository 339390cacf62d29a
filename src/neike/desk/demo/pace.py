"""How fast the departments work: the share of promises they keep, and how it changes over the history."""

import random
from collections.abc import Mapping
from datetime import date
from math import exp
from statistics import NormalDist
from typing import Final

from neike.kernel.demo import Company

# The share of requests that would be done within the promise if nothing came between, by quarter of the
# history; the last one is still running. Hand-overs and what goes wrong cost a few points of it.
_KEPT: Final[Mapping[str, tuple[float, ...]]] = {
    "it": (0.80, 0.84, 0.88, 0.925, 0.95),
    "hr": (0.905, 0.885, 0.91, 0.905, 0.90),
    "finance": (0.89, 0.90, 0.89, 0.895, 0.89),
    "admin": (0.945, 0.95, 0.945, 0.955, 0.95),
    "legal": (0.87, 0.87, 0.87, 0.87, 0.87),
    "procurement": (0.735, 0.735, 0.735, 0.73, 0.735),
    "quality": (0.82, 0.81, 0.83, 0.82, 0.825),
}
_OTHERS: Final = (0.86,) * 5
# How much the time needed varies: the standard deviation of its logarithm.
_SPREAD: Final[Mapping[str, float]] = {"it": 0.85, "procurement": 0.6, "legal": 0.7, "hr": 0.75}
_USUAL_SPREAD: Final = 0.8
_BUSY: Final = (25, 3)
_NORMAL: Final = NormalDist()
_LONGEST: Final = 4.5
# What is not done yet today, so that there is something to look after: the share by how much of the promise has
# gone by. Most of what is still in time is open, little is very late.
_UNFINISHED: Final = ((0.9, 0.8), (2.0, 0.38), (5.0, 0.12), (12.0, 0.02))


class Pace:
    """How long work takes, as a share of what was promised."""

    def __init__(self, company: Company) -> None:
        self._begins = company.begins

    def quarter(self, day: date) -> int:
        """Return the quarter of the history a day lies in, from 0 to 4."""
        months = (day.year - self._begins.year) * 12 + day.month - self._begins.month
        return min(max(months // 3, 0), 4)

    def kept(self, department: str, day: date) -> float:
        """Return the share of promises a department keeps; at the month's end Finance keeps fewer."""
        share = _KEPT.get(department, _OTHERS)[self.quarter(day)]
        if department == "finance":
            share += -0.06 if day.day >= _BUSY[0] or day.day <= _BUSY[1] else 0.05
        return share

    def factor(self, rng: random.Random, department: str, day: date) -> float:
        """Draw the working time one request takes as a multiple of what was promised.

        Log-normal, such that it is at most 1 in the share `kept`.
        """
        spread = _SPREAD.get(department, _USUAL_SPREAD)
        draw = rng.gauss(0.0, 1.0)
        return min(exp(spread * (draw - _NORMAL.inv_cdf(self.kept(department, day)))), _LONGEST)

    def unfinished(self, rng: random.Random, gone: float) -> bool:
        """Draw whether a request is still open today, when `gone` times its promise has gone by."""
        return rng.random() < next((share for most, share in _UNFINISHED if gone <= most), 0.0)
