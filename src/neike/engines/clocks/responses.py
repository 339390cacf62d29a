"""Finds first and next responses in a conversation (R8, R9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from neike.engines.clocks.errors import EventOrderError


class Party(StrEnum):
    """Who speaks."""

    REQUESTER = "requester"
    SERVING = "serving"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A message or call. Internal notes are not `public`; auto-replies and notices are `automatic`."""

    at: datetime
    party: Party
    public: bool = True
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A next-response clock's span: from the oldest unanswered message to its answer; None: unanswered."""

    asked_at: datetime
    answered_at: datetime | None


def first_response_at(contacts: Sequence[Contact]) -> datetime | None:
    """Return when serving staff first spoke to the requester (R8); None: not yet.

    Internal notes, automatic messages and the requester's own posts never count.

    Raises:
        EventOrderError: contacts are not in time order.
    """
    return next((contact.at for contact in _ordered(contacts) if _is_answer(contact)), None)


def exchanges(contacts: Sequence[Contact]) -> tuple[Exchange, ...]:
    """Return the spans of the next-response clocks (R9), ascending; only the last may be unanswered.

    They begin only once the first response is given. Each is anchored on the oldest unanswered message; further
    messages do not move it.

    Raises:
        EventOrderError: contacts are not in time order.
    """
    spans: list[Exchange] = []
    responded, asked = False, None
    for contact in _ordered(contacts):
        if _is_answer(contact):
            if asked is not None:
                spans.append(Exchange(asked_at=asked, answered_at=contact.at))
            responded, asked = True, None
        elif responded and asked is None and _is_question(contact):
            asked = contact.at
    return (
        (*spans, Exchange(asked_at=asked, answered_at=None)) if asked is not None else tuple(spans)
    )


def next_response_anchor(contacts: Sequence[Contact]) -> datetime | None:
    """Return the moment of the oldest unanswered message, where the next-response clock starts; None: no clock."""
    spans = exchanges(contacts)
    return spans[-1].asked_at if spans and spans[-1].answered_at is None else None


def _is_answer(contact: Contact) -> bool:
    return contact.party is Party.SERVING and contact.public and not contact.automatic


def _is_question(contact: Contact) -> bool:
    return contact.party is Party.REQUESTER and contact.public and not contact.automatic


def _ordered(contacts: Sequence[Contact]) -> Sequence[Contact]:
    for index in range(1, len(contacts)):
        if contacts[index].at < contacts[index - 1].at:
            raise EventOrderError(index, contacts[index].at, contacts[index - 1].at)
    return contacts
