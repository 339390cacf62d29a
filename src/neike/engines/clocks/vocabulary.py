"""The words of the clocks and the table that says which wait stops which clock."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Metric(StrEnum):
    """What a clock measures."""

    ACCEPTANCE = "acceptance"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    LEG_DELIVERY = "leg_delivery"
    END_TO_END = "end_to_end"
    APPROVAL = "approval"


class WaitingOn(StrEnum):
    """Who has the ball (R7)."""

    SUPPLIER = "supplier"
    REQUESTER = "requester"
    APPROVER = "approver"
    THIRD_PARTY = "third_party"
    OTHER_LEG = "other_leg"
    NONE = "none"


class Effect(StrEnum):
    """What a wait does to a clock."""

    RUN = "run"
    PAUSE = "pause"
    PAUSE_IF_ALLOWED = "pause_if_allowed"  # when the service standard says so
    STOP = "stop"  # the clock has no reason to run: nothing is unanswered
    ABSENT = "absent"  # this clock does not exist during this wait


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"  # stopped, and late
    VOID = "void"


class Verdict(StrEnum):
    """How a finished clock compares with its target."""

    MET = "met"
    MISSED = "missed"


def _row(*effects: Effect) -> Mapping[Metric, Effect]:
    return MappingProxyType(dict(zip(Metric, effects, strict=True)))


_R, _P, _A, _X = Effect.RUN, Effect.PAUSE, Effect.PAUSE_IF_ALLOWED, Effect.ABSENT

PAUSE_TABLE: Final[Mapping[WaitingOn, Mapping[Metric, Effect]]] = MappingProxyType(
    {
        # acceptance, first response, next response, leg delivery, end to end, approval
        WaitingOn.SUPPLIER: _row(_R, _R, _R, _R, _R, _X),
        WaitingOn.REQUESTER: _row(_R, _R, Effect.STOP, _P, _P, _X),
        WaitingOn.APPROVER: _row(_P, _R, _R, _P, _R, _R),
        WaitingOn.THIRD_PARTY: _row(_R, _R, _R, _A, _R, _X),
        WaitingOn.OTHER_LEG: _row(_X, _X, _R, _P, _R, _X),  # the pause is the parent leg's
        WaitingOn.NONE: _row(_X, _X, _X, _X, _X, _X),
    }
)
"""Source: docs/en/reference/clocks.md, pause table."""


def pauses(metric: Metric, waiting_on: WaitingOn, *, third_party_pauses: bool) -> bool:
    """Say whether a wait pauses a clock; `third_party_pauses` is what the service standard allows."""
    effect = PAUSE_TABLE[waiting_on][metric]
    return effect is Effect.PAUSE or (effect is Effect.PAUSE_IF_ALLOWED and third_party_pauses)
