"""The words of delivering notices."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from neike.engines.delivery.hours import DigestTime, Quiet, Rhythm
from neike.engines.worktime import PreparedCalendar

__all__ = ["Mode", "Reason", "Recipient", "Rhythm", "Urgency", "Way", "Wishes"]


class Urgency(StrEnum):
    """How much a notice presses. `ACTION`: it is the reader's move; `URGENT`: and the matter is urgent."""

    LOW = "low"
    NORMAL = "normal"
    ACTION = "action"
    URGENT = "urgent"


class Mode(StrEnum):
    """What a person wants of one kind of notice on one channel."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    OFF = "off"


class Way(StrEnum):
    """What becomes of a notice on a channel."""

    NOW = "now"
    LATER = "later"
    DIGEST = "digest"
    NEVER = "never"


class Reason(StrEnum):
    """Why it is so: what moved the notice last."""

    AT_ONCE = "at_once"
    URGENT = "urgent"
    GATHERED = "gathered"
    SPACED = "spaced"
    QUIET = "quiet"
    OFF_HOURS = "off_hours"
    AWAY = "away"
    BOUND = "bound"
    DIGEST = "digest"
    NO_DIGEST = "no_digest"
    OFF = "off"
    MUTED = "muted"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Wishes:
    """A person's preferences, for one kind on one channel.

    `zone` is the person's own; quiet hours and the digest are read on its clocks. `urgent_anytime` lets urgent
    notices through quiet hours, free time and absence.
    """

    zone: str
    mode: Mode = Mode.AT_ONCE
    digest: DigestTime = field(default_factory=DigestTime)
    quiet: Quiet | None = None
    only_working_time: bool = True
    urgent_anytime: bool = True
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """What holds for a person now: their working calendar, until when they are away, when they were last told."""

    calendar: PreparedCalendar | None = None
    away_until: datetime | None = None
    last_told: datetime | None = None
