"""What a hand-over does to the clocks of the two legs (R11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from neike.engines.clocks.events import EventKind
from neike.engines.clocks.vocabulary import Metric


class HandOverMode(StrEnum):
    """What happens to the sender's leg."""

    RELAY = "relay"  # it waits
    TRANSFER = "transfer"  # it ends
    PARALLEL = "parallel"  # it goes on


class HandOverMove(StrEnum):
    """What happens to the receiver's leg."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"  # instead of accepting it
    SENT_BACK = "sent_back"  # after accepting it
    DELIVERED = "delivered"
    REWORK = "rework"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """Whose clock."""

    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAction:
    """One event to put on one clock, at the moment of the move."""

    side: Side
    metric: Metric
    kind: EventKind


def _receiver(metric: Metric, kind: EventKind) -> ClockAction:
    return ClockAction(side=Side.RECEIVER, metric=metric, kind=kind)


_RECEIVER: Final[Mapping[HandOverMove, tuple[ClockAction, ...]]] = MappingProxyType(
    {
        HandOverMove.OFFERED: (_receiver(Metric.ACCEPTANCE, EventKind.START),),
        HandOverMove.ACCEPTED: (
            _receiver(Metric.ACCEPTANCE, EventKind.STOP),
            _receiver(Metric.LEG_DELIVERY, EventKind.START),
        ),
        HandOverMove.RETURNED: (_receiver(Metric.ACCEPTANCE, EventKind.STOP),),
        HandOverMove.SENT_BACK: (_receiver(Metric.LEG_DELIVERY, EventKind.VOID),),
        HandOverMove.DELIVERED: (_receiver(Metric.LEG_DELIVERY, EventKind.STOP),),
        HandOverMove.REWORK: (_receiver(Metric.LEG_DELIVERY, EventKind.REOPEN),),
        HandOverMove.CANCELLED: (),
    }
)
_SENDER: Final[Mapping[tuple[HandOverMode, HandOverMove], EventKind]] = MappingProxyType(
    {
        (HandOverMode.RELAY, HandOverMove.OFFERED): EventKind.PAUSE,
        (HandOverMode.RELAY, HandOverMove.RETURNED): EventKind.RESUME,
        (HandOverMode.RELAY, HandOverMove.SENT_BACK): EventKind.RESUME,
        (HandOverMode.RELAY, HandOverMove.DELIVERED): EventKind.RESUME,
        (HandOverMode.RELAY, HandOverMove.REWORK): EventKind.PAUSE,
        (HandOverMode.RELAY, HandOverMove.CANCELLED): EventKind.RESUME,
        (HandOverMode.TRANSFER, HandOverMove.OFFERED): EventKind.STOP,
        (HandOverMode.TRANSFER, HandOverMove.RETURNED): EventKind.REOPEN,
        (HandOverMode.TRANSFER, HandOverMove.SENT_BACK): EventKind.REOPEN,
        (HandOverMode.TRANSFER, HandOverMove.CANCELLED): EventKind.REOPEN,
    }
)


def hand_over_actions(
    mode: HandOverMode, move: HandOverMove, *, accepted: bool = False
) -> tuple[ClockAction, ...]:
    """Return what a move of the receiver's leg does to the clocks of both legs.

    The sender's delivery clock stands still from the offer on (relay: paused, transfer: stopped), so a leg that is
    returned instead of accepted charges nobody's delivery clock: the sender's goes on with that time credited, the
    receiver's never started. The end-to-end clock is not touched by any move. `accepted` matters for a cancelled leg
    only: which of its clocks was running and becomes void.
    """
    actions = list(_RECEIVER[move])
    if move is HandOverMove.CANCELLED:
        actions.append(
            _receiver(Metric.LEG_DELIVERY if accepted else Metric.ACCEPTANCE, EventKind.VOID)
        )
    sender = _SENDER.get((mode, move))
    if sender is not None:
        actions.append(ClockAction(side=Side.SENDER, metric=Metric.LEG_DELIVERY, kind=sender))
    return tuple(actions)
