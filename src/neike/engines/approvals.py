"""Whether enough people have agreed."""

from enum import StrEnum
from typing import Final

ALL: Final = "all"
ANY: Final = "any"


class Verdict(StrEnum):
    """How an approval stands."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


def needed(quorum: str, asked: int) -> int:
    """Return how many of `asked` people (1 or more) must agree: "all", "any", or a number in digits.

    More than are asked cannot agree, so a larger number means all of them.

    Raises:
        ValueError: nobody is asked, or the quorum is none of the three.
    """
    if asked < 1:
        raise ValueError("somebody must be asked")
    if quorum == ALL:
        return asked
    if quorum == ANY:
        return 1
    if not quorum.isdecimal() or int(quorum) < 1:
        raise ValueError(quorum)
    return min(int(quorum), asked)


def verdict(*, asked: int, needed: int, given: int, refused: int) -> Verdict:
    """Return how an approval stands when `given` of `asked` people agreed and `refused` did not.

    It is refused as soon as those who are left cannot reach the number any more.
    """
    if given >= needed:
        return Verdict.APPROVED
    return Verdict.REFUSED if asked - refused < needed else Verdict.OPEN
