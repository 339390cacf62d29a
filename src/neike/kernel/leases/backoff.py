"""When to try again."""

import random
from datetime import timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=6)


def delay_after(attempts: int) -> timedelta:
    """Return the wait after the n-th failed attempt (n >= 1): 5 s, 20 s, 80 s … at most 6 h, plus up to 20 %.

    The random part keeps many failures of one cause from returning in one moment.
    """
    factor: int = 4 ** min(attempts - 1, 10)
    wait = min(FIRST * factor, LONGEST)
    return wait * (1 + random.random() / 5)  # noqa: S311 - spreads load, guards nothing
