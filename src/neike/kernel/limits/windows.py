"""The arithmetic of a sliding window made of two fixed ones; no database, no clock."""

import math
import re
from dataclasses import dataclass

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FORM = re.compile(r"([1-9]\d*)/([1-9]\d*)?([smhd])")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` units within any `seconds`, both positive."""

    times: int
    seconds: int

    def __post_init__(self) -> None:
        if self.times < 1 or self.seconds < 1:
            raise ValueError(f"a rate needs positive numbers, got {self.times} per {self.seconds} s")

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read "30/m" or "5/15m".

        Raises:
            ValueError: it is not written so.
        """
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(f'a rate is written like "30/m" or "5/15m", not {text!r}')
        times, count, unit = found.groups()
        return cls(int(times), int(count or 1) * _UNITS[unit])


def window_start(moment: float, rate: Rate) -> int:
    """Return when the fixed window that holds `moment` began; both in seconds since 1970."""
    return int(moment // rate.seconds) * rate.seconds


def carried(moment: float, rate: Rate, before: int) -> int:
    """Return how much of the previous window's use still counts, rounded up.

    The share is that part of the sliding window which lies in the previous fixed one.
    """
    passed = (moment - window_start(moment, rate)) / rate.seconds
    return math.ceil(before * (1 - passed))


def seconds_to_wait(moment: float, rate: Rate, *, before: int, used: int, amount: int) -> int:
    """Return in how many whole seconds `amount` fits again if nothing else happens, at least 1.

    An amount above the rate never fits: then the answer is two windows.
    """
    passed = (moment - window_start(moment, rate)) / rate.seconds
    if amount > rate.times:
        return 2 * rate.seconds
    if used + amount <= rate.times:
        needed = 1 - (rate.times - used - amount) / before if before else passed
        return max(1, math.ceil((needed - passed) * rate.seconds))
    later = 1 - (rate.times - amount) / used
    return max(1, math.ceil((1 - passed + later) * rate.seconds))
