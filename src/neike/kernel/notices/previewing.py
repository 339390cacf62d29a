"""When a mail would reach a person: what the preferences page shows while one chooses."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from neike.engines.delivery import Note, Recipient, Urgency, decide
from neike.kernel import installation
from neike.kernel.notices.choices import DeliveryReason
from neike.kernel.notices.kinds import (
    KINDS,
    MAIL,
    Circumstances,
    NoticeKind,
    circumstances_of,
)
from neike.kernel.notices.wishes import Kept, wishes_of

EVENING: Final = time(22)


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the preview: a mail about `kind` that arises at `arises` comes at `at` (None: never) for `reason`."""

    kind: NoticeKind
    urgent: bool
    arises: datetime
    is_now: bool
    at: datetime | None
    reason: str

    @property
    def at_once(self) -> bool:
        """Whether it comes in the moment it arises."""
        return self.at is not None and self.at <= self.arises


def samples(person: Any, kept: Kept, *, now: datetime) -> list[Sample]:  # noqa: ANN401
    """Return what would become of one thing to do, an urgent one and one to know, now and this evening."""
    around = circumstances_of([person.pk], now).get(person.pk)
    zone = around.zone if around else installation.current().zone
    kinds = _telling_kinds()
    found = []
    for arises in (now, _evening(now, zone)):
        for kind, urgent in kinds:
            found.append(_sample(kind, arises, kept, around, urgent=urgent, is_now=arises == now))
    return found


def _telling_kinds() -> list[tuple[NoticeKind, bool]]:
    """Return a kind that is one's move, the same when urgent, and the first that is only to be known."""
    moves = next((kind for kind in KINDS if kind.urgency == Urgency.ACTION), None)
    knows = next((kind for kind in KINDS if kind.urgency == Urgency.NORMAL), None)
    found = [(moves, False), (moves, True), (knows, False)]
    return [(kind, urgent) for kind, urgent in found if kind is not None]


def _sample(
    kind: NoticeKind,
    arises: datetime,
    kept: Kept,
    around: Circumstances | None,
    *,
    urgent: bool,
    is_now: bool,
) -> Sample:
    urgency = Urgency.URGENT if urgent else kind.urgency
    recipient = around.recipient if around else Recipient()
    decision = decide(
        Note(arises, urgency),
        wishes_of(kept, kind, MAIL, around),
        replace(recipient, last_told=None),
        now=arises,
    )
    reason = str(DeliveryReason(decision.reason.value).label)
    return Sample(kind, urgent, arises, is_now, decision.at, reason)


def _evening(now: datetime, zone: str) -> datetime:
    """Return the next ten o'clock in the evening on the person's clocks."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < EVENING else local.date() + timedelta(days=1)
    return datetime.combine(day, EVENING, tzinfo=ZoneInfo(zone))
