"""What may be said in one sum about pairs too small to be shown one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

FEWEST_PAIRS: Final = 3
"""Fewer pairs than this are never summed up."""
STEP: Final = 10
"""Sums are told in whole steps, so that the sums of two days tell nothing of what came between."""


class SmallPair(NamedTuple):
    """A pair that is not shown, and its volume."""

    supplier: int
    customer: int
    legs: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """So many pairs are not shown, with about so many legs together (rounded to `STEP`)."""

    pairs: int
    legs: int


def remainder(small: Sequence[SmallPair]) -> Remainder | None:
    """Return the sum of pairs that are not shown, or None when it would give one of them away.

    It is told only when, for everybody who reads it - somebody who knows none of the pairs, or all those of one
    department - what remains after subtracting what they know is nothing, or holds

    - at least `FEWEST_PAIRS` pairs, and
    - no pair with more than half of the legs, from which its volume could be guessed.

    The caller gives the pairs of the whole organisation, never of a part: sums of two overlapping parts could be
    subtracted from each other.
    """
    largest_first = sorted(small, key=lambda pair: -pair.legs)
    pairs, legs = len(small), sum(pair.legs for pair in small)
    if not _is_mixed(pairs, legs, largest_first[0].legs if small else 0) or legs < STEP:
        return None
    known_pairs: Counter[int] = Counter()
    known_legs: Counter[int] = Counter()
    for pair in small:
        for department in (pair.supplier, pair.customer):
            known_pairs[department] += 1
            known_legs[department] += pair.legs
    for department, known in known_pairs.items():
        largest = next((pair.legs for pair in largest_first if department not in pair[:2]), 0)
        left = pairs - known
        if left and not _is_mixed(left, legs - known_legs[department], largest):
            return None
    return Remainder(pairs, (legs + STEP // 2) // STEP * STEP)


def _is_mixed(pairs: int, legs: int, largest: int) -> bool:
    return pairs >= FEWEST_PAIRS and 2 * largest <= legs
