"""Approvals as they are shown: who is asked, what they said, how many must agree, what one can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.catalog.models import StandardStep
from neike.desk import policies
from neike.desk.choices import ApprovalState, Vote
from neike.desk.display.moves import Move
from neike.desk.models import Approval, ApprovalVote, Leg, Ticket
from neike.desk.policies import Standing

TONES: Final[Mapping[str, str]] = {
    ApprovalState.OPEN: "info",
    ApprovalState.APPROVED: "success",
    ApprovalState.REFUSED: "error",
    ApprovalState.WITHDRAWN: "neutral",
}
_VOICES: Final[Mapping[str, tuple[str, str]]] = {
    Vote.OPEN: ("waiting", "neutral"),
    Vote.YES: ("check", "success"),
    Vote.NO: ("close", "error"),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """One of those asked. `by` is who stood in for them, "" for themselves."""

    name: str
    words: str
    icon: str
    tone: str
    at: datetime | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One approval. `clock` is the approvers' own promise as the page draws it, None where none is kept."""

    approval: Approval
    tone: str
    quorum: str
    voices: Sequence[Voice]
    clock: Any
    moves: Sequence[Move]
    for_others: Sequence[str]


def quorum_words(needed: int, asked: int) -> str:
    """Say how many of those asked must agree."""
    if asked <= 1:
        return ""
    if needed >= asked:
        return _("All of them must approve")
    if needed == 1:
        return _("One of them is enough")
    return _("%(needed)d of %(asked)d must approve") % {"needed": needed, "asked": asked}


def voices(votes: Sequence[ApprovalVote]) -> list[Voice]:
    """Return those asked in words."""
    return [_voice(vote) for vote in votes]


def _voice(vote: ApprovalVote) -> Voice:
    icon, tone = _VOICES[vote.vote]
    other = vote.decided_by is not None and vote.decided_by_id != vote.person_id
    return Voice(
        name=vote.person.name,
        words=str(Vote(vote.vote).label),
        icon=icon,
        tone=tone,
        at=vote.decided_at,
        reason=vote.reason,
        by=vote.decided_by.name if other and vote.decided_by else "",
    )


def open_votes_of(
    who: Standing, ticket: Ticket, votes: Sequence[ApprovalVote]
) -> list[ApprovalVote]:
    """Return the votes of an approval that somebody can give now."""
    asked = [vote.person_id for vote in votes if vote.vote == Vote.OPEN]
    if not policies.may_decide(who, ticket, asked):
        return []
    return [vote for vote in votes if vote.vote == Vote.OPEN and vote.person_id in who.approves_for]


def shown(
    who: Standing,
    ticket: Ticket,
    approval: Approval,
    *,
    legs: Sequence[Leg] = (),
    clock: Any = None,  # noqa: ANN401 - what the page draws of a clock
) -> Shown:
    """Return an approval with its votes loaded, and what somebody can do about it."""
    votes = list(approval.votes.all())
    mine = open_votes_of(who, ticket, votes) if approval.state == ApprovalState.OPEN else []
    return Shown(
        approval=approval,
        tone=TONES[approval.state],
        quorum=quorum_words(approval.needed, len(votes)),
        voices=voices(votes),
        clock=clock,
        moves=_moves(who, ticket, approval, legs, can_decide=bool(mine)),
        for_others=[vote.person.name for vote in mine if vote.person_id != who.person_id],
    )


def _moves(
    who: Standing, ticket: Ticket, approval: Approval, legs: Sequence[Leg], *, can_decide: bool
) -> list[Move]:
    def move(key: str, label: str, icon: str, tone: str, form: str) -> Move:
        url = reverse(f"desk:approval_{key}", args=[ticket.number, approval.no])
        name = f"{key}-approval-{approval.no}"
        return Move(name, label, icon, tone, url, ticket.version, form)

    found = []
    if can_decide:
        found = [
            move("approve", _("Approve"), "check", "primary", "approve"),
            move("refuse", _("Reject"), "close", "neutral", "refuse"),
            move("ask", _("Ask first"), "question", "ghost", "question"),
        ]
    leg = next((each for each in legs if each.no == approval.leg_no), None)
    if approval.state == ApprovalState.OPEN and leg is not None and policies.may_work(who, leg):
        found.append(move("withdraw", _("Ask no more"), "undo", "ghost", ""))
    return found


def waits_behind(approval: Approval, steps: Sequence[StandardStep]) -> str:
    """Say what cannot begin before an approval is given, "" for nothing that is known."""
    if not approval.step:
        return _("The work on the request waits for it.")
    behind = _behind(approval.step, steps)
    row = next((each for each in steps if each.key == approval.step), None)
    first = row is not None and not row.after
    words = _(", ").join(str(each.title) for each in behind[:5])
    if first and not behind:
        return _("Nobody can begin before it is given.")
    if not behind:
        return ""
    count = len(behind)
    return ngettext(
        "%(count)d step waits for it: %(steps)s", "%(count)d steps wait for it: %(steps)s", count
    ) % {"count": count, "steps": words}


def _behind(key: str, steps: Sequence[StandardStep]) -> list[StandardStep]:
    """Return the steps that come after one, directly or through others, in the plan's order."""
    reached, grew = {key}, True
    while grew:
        more = {each.key for each in steps if reached.intersection(each.after)} - reached
        grew = bool(more)
        reached |= more
    return [each for each in steps if each.key in reached - {key}]
