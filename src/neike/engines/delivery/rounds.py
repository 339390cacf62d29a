"""All that waits for one person on one channel: what goes into the next message."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from neike.engines.delivery.deciding import Decision, Note, go
from neike.engines.delivery.vocabulary import Recipient, Way, Wishes

MOST_LISTED: Final = 30
"""Notices named one by one in a message; of the rest the number is said (N6)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits: its key, what was decided before and for when, and what its reader wishes now."""

    key: Hashable
    note: Note
    way: Way
    due_at: datetime
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class Round:
    """One message: the keys it tells of in the order they arose; those put off; those never told.

    `is_digest`: nothing in it was to be told by itself.
    """

    told: tuple[Hashable, ...] = ()
    put_off: tuple[tuple[Hashable, Decision], ...] = ()
    dropped: tuple[tuple[Hashable, Decision], ...] = ()
    is_digest: bool = False


def round_of(waiting: Iterable[Waiting], recipient: Recipient, *, now: datetime) -> Round:
    """Return what happens to everything that waits: each key once, in exactly one place or left waiting.

    What is not due yet joins a message that goes anyway if it is not for the digest (N4).
    """
    decided = [
        (each, go(each.note, each.way, each.wishes, recipient, now=now))
        for each in sorted(waiting, key=lambda one: one.note.arose)
    ]
    due = [(each, found) for each, found in decided if each.due_at <= now]
    leaves = any(found.way == Way.NOW for _each, found in due)
    told: list[Waiting] = []
    put_off: list[tuple[Hashable, Decision]] = []
    dropped: list[tuple[Hashable, Decision]] = []
    for each, found in decided:
        if found.way == Way.NEVER:
            dropped.append((each.key, found))
        elif found.way == Way.NOW and (each.due_at <= now or (leaves and each.way != Way.DIGEST)):
            told.append(each)
        elif each.due_at <= now:
            put_off.append((each.key, found))
    return Round(
        told=tuple(each.key for each in told),
        put_off=tuple(put_off),
        dropped=tuple(dropped),
        is_digest=bool(told) and all(each.way == Way.DIGEST for each in told),
    )
