"""Reads a ticket from its events: state machine, legs, segments and clocks. Pure: no database, no clock of its own.

Live actions, bulk import and the nightly check all go through here, so they cannot disagree.
"""

from neike.desk.replay.course import Course
from neike.desk.replay.facts import (
    ApprovalFacts,
    ClockFacts,
    Event,
    IllegalEventError,
    IncidentFacts,
    LegFacts,
    LinkFacts,
    SegmentFacts,
    TaskFacts,
    Terms,
    TicketFacts,
    VoteFacts,
)
from neike.desk.replay.reading import apply, replay
from neike.desk.replay.ticket_steps import APPROVER, REQUESTER, SERVING
from neike.desk.replay.timing import (
    CONFIRM_LEG_DAYS,
    CONFIRM_TICKET_DAYS,
    LAPSE_DAYS,
    REMIND_DAYS,
)

__all__ = [
    "APPROVER",
    "CONFIRM_LEG_DAYS",
    "CONFIRM_TICKET_DAYS",
    "LAPSE_DAYS",
    "REMIND_DAYS",
    "REQUESTER",
    "SERVING",
    "ApprovalFacts",
    "ClockFacts",
    "Course",
    "Event",
    "IllegalEventError",
    "IncidentFacts",
    "LegFacts",
    "LinkFacts",
    "SegmentFacts",
    "TaskFacts",
    "Terms",
    "TicketFacts",
    "VoteFacts",
    "apply",
    "replay",
]
