"""What a person can do with a request now: the buttons of its page, by policy and by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.desk import policies
from neike.desk.actions.work import UNDO_FOR
from neike.desk.choices import (
    OPEN_LEG_STATES,
    OPEN_TICKET_STATES,
    LegState,
    TicketState,
    WaitingOn,
)
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing

ACTIVE: Final = (LegState.ACCEPTED, LegState.WORKING, LegState.REWORK)


@dataclass(frozen=True, slots=True)
class Move:
    """One button. `form` names the fields it asks for first, "" for none; `version` is what the person sees."""

    key: str
    label: Promise | str
    icon: str
    tone: str
    url: str
    version: int
    form: str = ""
    leg_no: int | None = None

    @property
    def id(self) -> str:
        """The element's id on the page."""
        return self.key if self.leg_no is None else f"{self.key}-{self.leg_no}"


@dataclass(frozen=True, slots=True)
class LegMoves:
    """The buttons of one leg."""

    leg: Leg
    moves: tuple[Move, ...]


_LABELS: Final[dict[str, tuple[Promise | str, str, str, str]]] = {
    # key: label, icon, tone, form
    "accept": (_("Accept"), "accept", "primary", ""),
    "return": (_("Return"), "return", "neutral", "return"),
    "assign": (_("Assign"), "person", "neutral", "assign"),
    "start": (_("Start work"), "running", "primary", ""),
    "resume": (_("Resume work"), "running", "primary", ""),
    "deliver": (_("Deliver"), "met", "primary", "note"),
    "resolve": (_("Resolve"), "met", "primary", "note"),
    "confirm": (_("Confirm delivery"), "check", "primary", ""),
    "rework": (_("Send back for rework"), "undo", "neutral", "reason"),
    "withdraw": (_("Take back"), "undo", "neutral", "reason"),
    "confirm-ticket": (_("Confirm: it is solved"), "check", "primary", ""),
    "reopen": (_("Not solved yet: reopen"), "undo", "neutral", "reason"),
    "cancel": (_("Withdraw the request"), "close", "ghost", "optional-reason"),
    "priority": (_("Change priority"), "bolt", "ghost", "priority"),
    "ask_approval": (_("Ask for approval"), "seal", "ghost", "ask-approval"),
    "add_task": (_("Add a task"), "quiz", "ghost", "add-task"),
    "link": (_("Relate to another request"), "link", "ghost", "link"),
    "merge": (_("Merge into another request"), "merge", "ghost", "merge"),
    "unmerge": (_("Undo the merging"), "undo", "neutral", ""),
}
_TICKET_ROUTES: Final = {
    "resolve": "desk:resolve",
    "confirm-ticket": "desk:confirm",
    "reopen": "desk:reopen",
    "cancel": "desk:cancel",
    "priority": "desk:priority",
    "link": "desk:link",
    "merge": "desk:merge",
    "unmerge": "desk:unmerge",
}


def _move(key: str, ticket: Ticket, leg: Leg | None = None) -> Move:
    label, icon, tone, form = _LABELS[key]
    if leg is None:
        url = reverse(_TICKET_ROUTES[key], args=[ticket.number])
        return Move(key, label, icon, tone, url, ticket.version, form)
    url = reverse(f"desk:leg_{key}", args=[ticket.number, leg.no])
    return Move(key, label, icon, tone, url, leg.version, form, leg.no)


def working_leg(who: Standing, legs: Sequence[Leg]) -> Leg | None:
    """Return the leg whose composer a person uses: the one they can hand over, their own before others'."""
    able = [leg for leg in legs if leg.state in ACTIVE and policies.may_work(who, leg)]
    return min(able, key=lambda leg: (not who.works_on(leg), leg.no), default=None)


def leg_moves(who: Standing, ticket: Ticket, legs: Sequence[Leg]) -> list[LegMoves]:
    """Return the buttons of each leg that has some."""
    found = []
    for leg in legs:
        keys = _keys_of(who, ticket, leg, legs)
        if keys:
            found.append(LegMoves(leg, tuple(_move_of(key, ticket, leg) for key in keys)))
    return found


def _move_of(key: str, ticket: Ticket, leg: Leg) -> Move:
    return _move(key, ticket) if key == "resolve" else _move(key, ticket, leg)


def _keys_of(who: Standing, ticket: Ticket, leg: Leg, legs: Sequence[Leg]) -> list[str]:
    if ticket.state not in OPEN_TICKET_STATES:
        return []
    keys: list[str] = []
    children_open = any(
        other.parent_no == leg.no and other.state in OPEN_LEG_STATES for other in legs
    )
    if leg.state == LegState.OFFERED and policies.may_accept(who, leg):
        keys.append("accept")
    if policies.may_work(who, leg):
        keys += _work_keys(leg, legs, children_open=children_open)
    if not leg.is_lead and leg.parent_no is not None:
        keys += _sender_keys(who, leg, children_open=children_open)
    if leg.state in OPEN_LEG_STATES and policies.may_assign(who, leg):
        keys.append("assign")
        if leg.parent_no is not None and leg.state != LegState.WAITING and not children_open:
            keys.append("return")
    return keys


_NOT_OURS_TO_END: Final = (WaitingOn.OTHER_LEG, WaitingOn.APPROVER)


def _work_keys(leg: Leg, legs: Sequence[Leg], *, children_open: bool) -> list[str]:
    keys = []
    if leg.state == LegState.ACCEPTED:
        keys.append("start")
    if leg.state == LegState.WAITING and leg.waiting_on not in _NOT_OURS_TO_END:
        keys.append("resume")
    if leg.state in ACTIVE and not children_open:
        others = any(other is not leg and other.state in OPEN_LEG_STATES for other in legs)
        if not leg.is_lead:
            keys.append("deliver")
        elif not others:
            keys.append("resolve")
    return keys


def _sender_keys(who: Standing, leg: Leg, *, children_open: bool) -> list[str]:
    keys = []
    if leg.state == LegState.DELIVERED and policies.may_confirm_leg(who, leg):
        keys += ["confirm", "rework"]
    taken = leg.mode == "transfer" and leg.accepted_at is not None
    free = leg.state in OPEN_LEG_STATES and not taken and not children_open
    if free and policies.may_withdraw_leg(who, leg):
        keys.append("withdraw")
    return keys


def ticket_moves(
    who: Standing,
    ticket: Ticket,
    lead: Leg,
    *,
    reopen_until: datetime | None,
    closed_by_itself: bool,
    now: datetime,
) -> list[Move]:
    """Return the buttons of the request as a whole."""
    keys = []
    resolved = ticket.state == TicketState.RESOLVED
    done = resolved or (ticket.state == TicketState.CLOSED and closed_by_itself)
    if resolved and policies.may_confirm(who, ticket):
        keys.append("confirm-ticket")
    in_time = reopen_until is None or now <= reopen_until
    if done and in_time and policies.may_reopen(who, ticket, lead):
        keys.append("reopen")
    if ticket.state in OPEN_TICKET_STATES:
        if policies.may_change_priority(who, lead):
            keys.append("priority")
        if policies.may_cancel(who, ticket):
            keys.append("cancel")
    return [_move(key, ticket) for key in keys]


def step_moves(who: Standing, ticket: Ticket, legs: Sequence[Leg]) -> list[Move]:
    """Return the buttons that add a task or ask for an approval by hand, for the leg one works on."""
    if ticket.state not in OPEN_TICKET_STATES:
        return []
    leg = working_leg(who, legs)
    if leg is None:
        return []
    return [_move("add_task", ticket, leg), _move("ask_approval", ticket, leg)]


def relating_moves(
    who: Standing,
    ticket: Ticket,
    lead: Leg,
    *,
    may_relate: bool,
    merged_at: datetime | None,
    now: datetime,
) -> list[Move]:
    """Return the buttons that relate the request to others, or take a merge back that has just been made."""
    keys = []
    if may_relate:
        keys.append("link")
    mergeable = bool(policies.may_merge(who, ticket, lead))
    if mergeable and ticket.state in OPEN_TICKET_STATES:
        keys.append("merge")
    lately = merged_at is not None and now <= merged_at + UNDO_FOR
    if mergeable and lately and ticket.state == TicketState.MERGED:
        keys.append("unmerge")
    return [_move(key, ticket) for key in keys]
