"""What can change, and who may hear of it: each module names its kinds of topics and answers for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from neike.kernel.registries.base import Registry

ME: Final = "me"
"""What a page asks for that shows numbers of its reader: everything that concerns them as such."""
EVERYTHING: Final = "*"
"""What a page is told when too much changed, or too long ago, to say it one by one."""
MOST: Final = 100
"""So many topics one connection may ask for; more are not heard."""
_LONGEST_NUMBER: Final = 18


def _none(_person: Any, _now: datetime) -> Iterable[int]:  # noqa: ANN401 - the kernel knows no person class
    return ()


@dataclass(frozen=True, slots=True)
class TopicKind:
    """The topics "key:<id>".

    `allowed(person, ids, now)` returns those of the ids that the person may hear of, by the policies of the pages
    that show them, in a fixed number of queries. What is hidden is left out exactly as what does not exist.
    `own(person, now)` returns the ids that move the person's own numbers (see `ME`).
    """

    key: str
    order: int
    allowed: Callable[[Any, frozenset[int], datetime], Iterable[int]]
    own: Callable[[Any, datetime], Iterable[int]] = _none

    def topic(self, number: int) -> str:
        """Return the topic of one id."""
        return f"{self.key}:{number}"


TOPICS: Registry[TopicKind] = Registry("live topics")


def granted(person: Any, asked: Iterable[str], *, now: datetime) -> Mapping[str, frozenset[str]]:  # noqa: ANN401
    """Return by topic the words under which the listener knows it; what they may not hear of is not there."""
    words: dict[str, set[str]] = {}
    wanted = list(dict.fromkeys(asked))[:MOST]
    for kind in TOPICS:
        ids = _ids_of(kind.key, wanted)
        for number in set(kind.allowed(person, ids, now)) & ids if ids else ():
            words.setdefault(kind.topic(number), set()).add(kind.topic(number))
        for number in kind.own(person, now) if ME in wanted else ():
            words.setdefault(kind.topic(number), set()).add(ME)
    return {topic: frozenset(known) for topic, known in words.items()}


def _ids_of(key: str, asked: Iterable[str]) -> frozenset[int]:
    found = set()
    for each in asked:
        kind, colon, number = each.partition(":")
        is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
        if kind == key and colon and is_number:
            found.add(int(number))
    return frozenset(found)
