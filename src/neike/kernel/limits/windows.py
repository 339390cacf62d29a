"""The arithmetic of a sliding window made of two fixed ones; no database, no clock."""

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
            raise ValueError(
                f"a rate needs positive numbers, got {self.times} per {self.seconds} s"
            )

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
    length, passed = _milliseconds(moment, rate)
    return _divided_up(before * (length - passed), length)


def seconds_to_wait(moment: float, rate: Rate, *, before: int, used: int, amount: int) -> int:
    """Return in how many whole seconds `amount` fits again if nothing else happens, at least 1.

    An amount above the rate never fits: then the answer is two windows.
    """
    length, passed = _milliseconds(moment, rate)
    if amount > rate.times:
        return 2 * rate.seconds
    room = rate.times - used - amount
    if room >= 0:
        wait = _needed(before, room, length) - passed
    else:
        wait = length - passed + _needed(used, rate.times - amount, length)
    return max(1, _divided_up(wait, 1000))


def _milliseconds(moment: float, rate: Rate) -> tuple[int, int]:
    """Return the length of a window and how much of the present one has passed; whole, so that sums are exact."""
    return rate.seconds * 1000, int((moment - window_start(moment, rate)) * 1000)


def _needed(before: int, room: int, length: int) -> int:
    """Return how much of a window must pass until at most `room` of `before` is carried into it."""
    return _divided_up(length * (before - room), before) if before > room else 0


def _divided_up(number: int, by: int) -> int:
    return -(-number // by)
