"""Where upper modules register what is shown on, or run by, the modules below them (DESIGN: show up)."""

from neike.kernel.registries.base import Registry
from neike.kernel.registries.entries import (
    DEMO_PARTS,
    LOOP_STEPS,
    MY_DAY,
    NAVIGATION,
    NIGHTLY_CHECKS,
    SAFETY_OBJECTS,
    TICKET_PANELS,
    DayItem,
    DemoPart,
    Figure,
    LoopStep,
    MyDaySource,
    NavigationEntry,
    NightlyCheck,
    Problem,
    SafetyObject,
    TicketPanel,
)

__all__ = [
    "DEMO_PARTS",
    "LOOP_STEPS",
    "MY_DAY",
    "NAVIGATION",
    "NIGHTLY_CHECKS",
    "SAFETY_OBJECTS",
    "TICKET_PANELS",
    "DayItem",
    "DemoPart",
    "Figure",
    "LoopStep",
    "MyDaySource",
    "NavigationEntry",
    "NightlyCheck",
    "Problem",
    "Registry",
    "SafetyObject",
    "TicketPanel",
]
