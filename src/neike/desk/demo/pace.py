"""How fast the departments work: the share of promises they keep, and how it changes over the history."""

import random
from collections.abc import Mapping
from datetime import date
from math import exp
from statistics import NormalDist
from typing import Final

from neike.kernel.demo import Company

# The share of requests done within the promise, by quarter of the history; the last one is still running.
_KEPT: Final[Mapping[str, tuple[float, ...]]] = {
    "it": (0.78, 0.825, 0.87, 0.91, 0.935),
    "hr": (0.885, 0.865, 0.90, 0.885, 0.89),
    "finance": (0.86, 0.87, 0.85, 0.87, 0.865),
    "admin": (0.935, 0.945, 0.94, 0.95, 0.945),
    "legal": (0.84, 0.84, 0.84, 0.84, 0.84),
    "procurement": (0.70, 0.71, 0.69, 0.705, 0.70),
    "quality": (0.80, 0.79, 0.82, 0.80, 0.81),
}
_OTHERS: Final = (0.86,) * 5
# How much the time needed varies: the standard deviation of its logarithm.
_SPREAD: Final[Mapping[str, float]] = {"it": 0.85, "procurement": 0.6, "legal": 0.7, "hr": 0.75}
_USUAL_SPREAD: Final = 0.8
_BUSY: Final = (25, 3)
_NORMAL: Final = NormalDist()
_LONGEST: Final = 4.5


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
