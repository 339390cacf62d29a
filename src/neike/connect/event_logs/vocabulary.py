"""The words a map translates a foreign desk's states and priorities into."""

from enum import StrEnum
from typing import Final

from neike.catalog.choices import Priority


class Turn(StrEnum):
    """What a row of the source says about its case."""

    NEW = "new"
    WORKING = "working"
    WAITING_REQUESTER = "waiting_requester"
    WAITING_APPROVER = "waiting_approver"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"


PRIORITIES: Final = {
    "urgent": Priority.URGENT,
    "high": Priority.HIGH,
    "normal": Priority.NORMAL,
    "low": Priority.LOW,
}
