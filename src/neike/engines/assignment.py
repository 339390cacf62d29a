"""Who gets the next piece of work: by turn, by load or by skill; never somebody who is away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Mode(StrEnum):
    """How a department gives out its work."""

    OFF = "off"
    TURN = "turn"
    LOAD = "load"
    SKILL = "skill"


class Reason(StrEnum):
    """Why somebody was chosen, or nobody."""

    TURN = "turn"
    LOAD = "load"
    SKILL = "skill"
    OVERFULL = "overfull"
    FALLBACK = "fallback"
    OFF = "off"
    AWAY = "away"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may get work.

    `capacity` is how many open pieces of work they can have at once (0: none by themselves), `load` how many they
    have. `present` is false while they are away; `at_work` whether the hour is a working hour of theirs and
    `next_at` when the next one begins. `last_at` is when they were last given something; None: never.
    """

    id: int
    capacity: int
    load: int = 0
    skills: frozenset[int] = frozenset()
    present: bool = True
    at_work: bool = True
    next_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        """Whether one more is not too many."""
        return self.load < self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a department has decided. `fallback` gets what nobody else can take."""

    mode: Mode
    within_hours: bool = True
    fallback: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a piece of work asks for; an urgent one does not wait for the working day."""

    skills: frozenset[int] = frozenset()
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who, or None, and why.

    `considered` counts those who could have got it; `load` and `capacity` are those of the chosen before the work;
    `skilled` is false if not all that is asked for is known to them; `next_at` is when somebody is at work again.
    """

    person: int | None
    reason: Reason
    considered: int = 0
    load: int = 0
    capacity: int = 0
    skilled: bool = True
    next_at: datetime | None = None


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def choose(policy: Policy, request: Request, candidates: Iterable[Candidate]) -> Choice:
    """Return who gets a piece of work.

    In this order: whoever is away gets nothing; within hours only who is at work (an urgent one goes to who is at
    work next); nobody above their capacity while somebody has room; then by the policy. What is equal is decided
    by who has waited longest for work, then by id.
    """
    if policy.mode == Mode.OFF:
        return Choice(person=None, reason=Reason.OFF)
    present = [each for each in candidates if each.present and each.capacity > 0]
    if not present:
        return _fallback(policy)
    pool = _at_work(present) if policy.within_hours else present
    if not pool and not request.urgent:
        return Choice(person=None, reason=Reason.CLOSED, next_at=_soonest(present))
    pool = pool or _next_at_work(present)
    room = [each for each in pool if each.has_room]
    able = (
        _most_skilled(room or pool, request.skills) if policy.mode == Mode.SKILL else room or pool
    )
    by_turn = policy.mode == Mode.TURN and bool(room)
    chosen = min(able, key=_turn if by_turn else _load)
    return Choice(
        person=chosen.id,
        reason=Reason(policy.mode.value) if room else Reason.OVERFULL,
        considered=len(pool),
        load=chosen.load,
        capacity=chosen.capacity,
        skilled=request.skills <= chosen.skills,
    )


def _fallback(policy: Policy) -> Choice:
    other = policy.fallback
    if other is None or not other.present:
        return Choice(person=None, reason=Reason.AWAY)
    return Choice(person=other.id, reason=Reason.FALLBACK, load=other.load, capacity=other.capacity)


def _at_work(people: Sequence[Candidate]) -> list[Candidate]:
    return [each for each in people if each.at_work]


def _soonest(people: Sequence[Candidate]) -> datetime | None:
    return min((each.next_at for each in people if each.next_at), default=None)


def _next_at_work(people: Sequence[Candidate]) -> list[Candidate]:
    soonest = _soonest(people)
    return [each for each in people if each.next_at == soonest] or list(people)


def _most_skilled(people: Sequence[Candidate], asked: frozenset[int]) -> list[Candidate]:
    best = max(len(asked & each.skills) for each in people)
    return [each for each in people if len(asked & each.skills) == best]


def _turn(candidate: Candidate) -> tuple[datetime, int]:
    return candidate.last_at or _NEVER, candidate.id


def _load(candidate: Candidate) -> tuple[Fraction, datetime, int]:
    return Fraction(candidate.load, candidate.capacity), *_turn(candidate)
