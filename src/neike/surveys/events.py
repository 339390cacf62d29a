"""What surveys tell the modules above them: past tense, versioned, ids only; aggregate "ticket:<id>"."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRated:
    """The requester rated a request, or changed the rating (`version` above 1)."""

    name: ClassVar[str] = "surveys.ticket_rated.v1"
    rating_id: int
    ticket_id: int
    version: int
    at: datetime
    by_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRated:
    """The sending department rated a leg, or changed the rating (`version` above 1)."""

    name: ClassVar[str] = "surveys.leg_rated.v1"
    rating_id: int
    ticket_id: int
    leg_id: int
    version: int
    at: datetime
    by_id: int
