"""What one connection may hear, decided once by the page's own rules when it opens."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from neike.kernel.live.actions import KEPT
from neike.kernel.live.queries import changed_since
from neike.kernel.live.topics import EVERYTHING, granted

END: Final = ""
"""The word under which a listener knows the end of its session."""
SLACK: Final = timedelta(seconds=3)
"""A page may have been made while a change was being committed; so much earlier changes are told, too."""
_LATEST: Final = 10**14


@dataclass(frozen=True, slots=True)
class Grant:
    """Whose connection it is, what it may hear under which words, and what was said when it opened.

    `known` are the numbers of signals that `first` speaks of; `since` is the moment from which on signals matter.
    """

    person_id: int
    words: Mapping[str, frozenset[str]]
    since: datetime
    known: frozenset[int]
    first: frozenset[str]


def session_topic(key: str) -> str:
    """Return the topic of a session's end; it does not tell the key."""
    return f"session:{sha256(key.encode()).hexdigest()[:32]}"


def moment_of(text: str) -> datetime | None:
    """Read milliseconds since 1970, as pages and events carry them; None for nothing or nonsense."""
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > _LATEST:
        return None
    return datetime.fromtimestamp(int(text) / 1000, tz=UTC)


def milliseconds(moment: datetime) -> int:
    """Write a moment as `moment_of` reads it."""
    return int(moment.timestamp() * 1000)


def grant(
    person: object, *, asked: Collection[str], session: str, since: datetime | None, now: datetime
) -> Grant:
    """Decide what a connection may hear, and what of it has changed since its page was made."""
    words = dict(granted(person, asked, now=now))
    since = min(since or now, now)
    begin = max(since, now - KEPT) - SLACK
    heard = changed_since(list(words), begin)
    first = frozenset(word for topic in heard.values() for word in words[topic])
    if since < now - KEPT:
        first |= {EVERYTHING}
    words[session_topic(session)] = frozenset({END})
    return Grant(
        person_id=person.pk,  # type: ignore[attr-defined]  # the kernel knows no person class
        words=words,
        since=begin,
        known=frozenset(heard),
        first=first,
    )


def event(cursor: datetime, words: Collection[str], *, streams: bool | None = None) -> bytes:
    """Write one event: where to go on, and what changed. The first one says whether the stream stays open."""
    data: dict[str, object] = {"changed": sorted(words)}
    if streams is not None:
        data["streams"] = streams
    return f"id: {milliseconds(cursor)}\ndata: {json.dumps(data)}\n\n".encode()
