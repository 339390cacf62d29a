"""One notice, one person, one channel: when, and why then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from neike.engines.delivery.hours import Rhythm, after_quiet, next_digest
from neike.engines.delivery.vocabulary import Mode, Reason, Recipient, Urgency, Way, Wishes

LONGEST: Final = timedelta(days=4)
"""The longest a notice waits for working time; then it goes outside quiet hours (N7)."""

GATHER: Final[Mapping[Urgency, timedelta]] = {
    Urgency.LOW: timedelta(minutes=15),
    Urgency.NORMAL: timedelta(minutes=3),
    Urgency.ACTION: timedelta(),
    Urgency.URGENT: timedelta(),
}
"""How long a notice waits for others that belong in the same message (N4)."""

SPACING: Final[Mapping[Urgency, timedelta]] = {
    Urgency.LOW: timedelta(minutes=10),
    Urgency.NORMAL: timedelta(minutes=10),
    Urgency.ACTION: timedelta(minutes=10),
    Urgency.URGENT: timedelta(minutes=5),
}
"""How long after a message to a person the next one may go (N5)."""

_MOST_STEPS = 24


@dataclass(frozen=True, slots=True)
class Note:
    """A notice: when it arose, how much it presses, whether its reader has seen it in the product."""

    arose: datetime
    urgency: Urgency = Urgency.NORMAL
    read: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a notice; `at` is when, in UTC, None when never."""

    way: Way
    at: datetime | None
    reason: Reason


def decide(note: Note, wishes: Wishes, recipient: Recipient, *, now: datetime) -> Decision:
    """Decide what becomes of a notice that has just arisen (N1-N8)."""
    refused = _refused(note, wishes)
    if refused is not None:
        return Decision(Way.NEVER, None, refused)
    if wishes.mode == Mode.DIGEST:
        return _in_digest(wishes, recipient, now)
    gathered = max(now, note.arose + GATHER[note.urgency])
    return _timed(note, wishes, recipient, gathered, now)


def go(note: Note, way: Way, wishes: Wishes, recipient: Recipient, *, now: datetime) -> Decision:
    """Decide anew about a notice whose moment has come: what holds now counts, not what held when it arose (N9).

    `way` is what was decided before. A digest whose moment has come is not put off to the next one.
    """
    refused = _refused(note, wishes)
    if refused is not None:
        return Decision(Way.NEVER, None, refused)
    if wishes.mode == Mode.DIGEST and way != Way.DIGEST:
        return _in_digest(wishes, recipient, now)
    return _timed(note, wishes, recipient, now, now)


def _refused(note: Note, wishes: Wishes) -> Reason | None:
    if note.read:
        return Reason.READ
    if wishes.muted:
        return Reason.MUTED
    if wishes.mode == Mode.DIGEST and wishes.digest.rhythm == Rhythm.NONE:
        return Reason.NO_DIGEST
    return Reason.OFF if wishes.mode == Mode.OFF else None


def _in_digest(wishes: Wishes, recipient: Recipient, now: datetime) -> Decision:
    start = now.astimezone(UTC)
    away = recipient.away_until
    if away is not None and away > start:
        start = away.astimezone(UTC)
    working = recipient.calendar if wishes.only_working_time else None
    at = next_digest(start, wishes.digest, wishes.zone, working=working)
    if at is None:
        return Decision(Way.NEVER, None, Reason.NO_DIGEST)
    return Decision(Way.DIGEST, after_quiet(at, wishes.quiet, wishes.zone), Reason.DIGEST)


def _timed(
    note: Note, wishes: Wishes, recipient: Recipient, earliest: datetime, now: datetime
) -> Decision:
    """Return the first moment from `earliest` on at which the person may be told."""
    earliest = earliest.astimezone(UTC)
    start = earliest
    reason: Reason = Reason.GATHERED if start > now else Reason.AT_ONCE
    told = recipient.last_told
    if told is not None and told.astimezone(UTC) + SPACING[note.urgency] > start:
        start, reason = told.astimezone(UTC) + SPACING[note.urgency], Reason.SPACED
    if note.urgency == Urgency.URGENT and wishes.urgent_anytime:
        reason = Reason.URGENT if reason == Reason.AT_ONCE else reason
        return Decision(Way.NOW if start <= now else Way.LATER, start, reason)
    at, moved = _admissible(note, start, wishes, recipient)
    return Decision(Way.NOW if at <= now else Way.LATER, at, moved or reason)


def _admissible(
    note: Note, start: datetime, wishes: Wishes, recipient: Recipient
) -> tuple[datetime, Reason | None]:
    """Return the first moment outside absence and quiet hours and, if wished, within working time; and what moved it.

    The longest wait counts from when the notice arose, or from the end of an absence that still lasts.
    """
    at = start
    moved: Reason | None = None
    since = note.arose.astimezone(UTC)
    if recipient.away_until is not None and recipient.away_until > at:
        at, moved = recipient.away_until.astimezone(UTC), Reason.AWAY
        since = at
    limit = since + LONGEST
    bound = after_quiet(max(at, limit), wishes.quiet, wishes.zone)
    calendar = recipient.calendar if wishes.only_working_time else None
    for _step in range(_MOST_STEPS):
        free = after_quiet(at, wishes.quiet, wishes.zone)
        if free > at:
            at, moved = free, Reason.QUIET
        opens = calendar.next_open(at) if calendar is not None else at
        if opens == at:
            break
        if opens is None:
            return bound, Reason.BOUND
        at, moved = opens.astimezone(UTC), Reason.OFF_HOURS
        if at > limit:
            return bound, Reason.BOUND
    else:
        return bound, Reason.BOUND
    return at, moved
