"""What a need is to those who have it: taken for granted, wanted more the better, a delight, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

MIN_N: Final = 10
"""A class, and all that leads to it, is told from so many answers on."""


class Answer(IntEnum):
    """How somebody would feel; asked twice: if the need is met (functional) and if it is not (dysfunctional)."""

    LIKE = 1
    EXPECT = 2
    NEUTRAL = 3
    TOLERATE = 4
    DISLIKE = 5


class KanoClass(StrEnum):
    """What one pair of answers says about a need."""

    ATTRACTIVE = "A"
    ONE_DIMENSIONAL = "O"
    MUST_BE = "M"
    INDIFFERENT = "I"
    REVERSE = "R"
    QUESTIONABLE = "Q"


TABLE: Final[tuple[str, ...]] = (
    "QAAAO",
    "RIIIM",
    "RIIIM",
    "RIIIM",
    "RRRRQ",
)
"""`TABLE[functional - 1][dysfunctional - 1]` is the letter of the class.

Source: Kano et al. (1984), Attractive quality and must-be quality; the table as in Berger et al. (1993), Kano's
methods for understanding customer-defined quality, Center for Quality of Management Journal 2(4).
"""


@dataclass(frozen=True, slots=True)
class KanoSummary:
    """The answers of `n` people about one need.

    With fewer than 10 of them nothing else is told: `counts` and `classes` are empty, `better` and `worse` None.
    `classes` are the most frequent ones: one, or several that are equally frequent, in the order A, O, M, I, R, Q.
    `better` (0 to 1) is how much meeting the need satisfies, `worse` (-1 to 0) how much failing it dissatisfies;
    both are None when every answer is R or Q.
    """

    n: int
    counts: Mapping[KanoClass, int]
    classes: tuple[KanoClass, ...]
    better: float | None
    worse: float | None

    @property
    def kano_class(self) -> KanoClass | None:
        """The class of the need; None with too few answers, or when they are mixed."""
        return self.classes[0] if len(self.classes) == 1 else None

    @property
    def is_mixed(self) -> bool:
        """Whether several classes are equally frequent."""
        return len(self.classes) > 1

    @property
    def is_small(self) -> bool:
        """Whether there are too few answers to tell anything."""
        return self.n < MIN_N


def classify(functional: int, dysfunctional: int) -> KanoClass:
    """Return the class of one pair of answers, each 1 (like) to 5 (dislike).

    Raises:
        ValueError: an answer is not 1 to 5.
    """
    return KanoClass(TABLE[Answer(functional) - 1][Answer(dysfunctional) - 1])


def summarise(answers: Iterable[tuple[int, int]]) -> KanoSummary:
    """Summarise (functional, dysfunctional) answers, one pair a person.

    better = (A + O) / (A + O + M + I), worse = -(O + M) / (A + O + M + I).

    Raises:
        ValueError: an answer is not 1 to 5.

    Source: Berger et al. (1993), section on customer satisfaction coefficients.
    """
    found = Counter(classify(functional, dysfunctional) for functional, dysfunctional in answers)
    n = found.total()
    if n < MIN_N:
        return KanoSummary(n, MappingProxyType({}), (), None, None)
    counts = {each: found[each] for each in KanoClass}
    most = max(counts.values())
    a, o, m, i = (
        counts[each]
        for each in (
            KanoClass.ATTRACTIVE,
            KanoClass.ONE_DIMENSIONAL,
            KanoClass.MUST_BE,
            KanoClass.INDIFFERENT,
        )
    )
    usable = a + o + m + i
    return KanoSummary(
        n=n,
        counts=MappingProxyType(counts),
        classes=tuple(each for each, count in counts.items() if count == most),
        better=(a + o) / usable if usable else None,
        worse=-(o + m) / usable if usable else None,
    )
