"""Decides when a notice reaches a person outside the product: now, later, in the digest, or not at all.

Rules N1-N9: docs/en/reference/notices.md.
"""

from neike.engines.delivery.deciding import LONGEST, Decision, Note, decide, go
from neike.engines.delivery.hours import DigestTime, Quiet, after_quiet, next_digest
from neike.engines.delivery.rounds import MOST_LISTED, Round, Waiting, round_of
from neike.engines.delivery.vocabulary import (
    Mode,
    Reason,
    Recipient,
    Rhythm,
    Urgency,
    Way,
    Wishes,
)

__all__ = [
    "LONGEST",
    "MOST_LISTED",
    "Decision",
    "DigestTime",
    "Mode",
    "Note",
    "Quiet",
    "Reason",
    "Recipient",
    "Rhythm",
    "Round",
    "Urgency",
    "Waiting",
    "Way",
    "Wishes",
    "after_quiet",
    "decide",
    "go",
    "next_digest",
    "round_of",
]
