"""What happens next with a request, and who acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.desk.choices import OPEN_LEG_STATES, LegState, TicketState, WaitingOn
from neike.desk.models import Leg, Ticket
from neike.org.queries import OrgChart

_ENDS: Final = {
    TicketState.CLOSED: gettext_lazy("Done"),
    TicketState.CANCELLED: gettext_lazy("Withdrawn"),
    TicketState.REJECTED: gettext_lazy("Rejected"),
    TicketState.MERGED: gettext_lazy("Goes on in another request"),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence that names who acts; `mine` when it is the reader."""

    words: str
    mine: bool = False


def next_step(ticket: Ticket, legs: Sequence[Leg], *, chart: OrgChart, reader_id: int) -> NextStep:
    """Return the next move of a request, for its requester or who raised it."""
    own = ticket.requester_id == reader_id
    if ticket.state in _ENDS:
        return NextStep(str(_ENDS[TicketState(ticket.state)]))
    if ticket.state == TicketState.RESOLVED:
        return _of_requester(
            ticket,
            own,
            _("You: look at the result and confirm it"),
            _("%(who)s looks at the result"),
        )
    if ticket.waiting_on == WaitingOn.REQUESTER:
        return _of_requester(
            ticket, own, _("You: answer a question"), _("%(who)s answers a question")
        )
    if ticket.state == TicketState.IN_APPROVAL:
        return NextStep(_("An approver decides"))
    return NextStep(_of_leg(_with_the_ball(legs), chart))


def _of_requester(ticket: Ticket, own: bool, mine: str, theirs: str) -> NextStep:  # noqa: FBT001 - private
    return NextStep(mine if own else theirs % {"who": ticket.requester.name}, mine=own)


def _with_the_ball(legs: Sequence[Leg]) -> Leg | None:
    """Return the leg whose department acts now: of those that work the latest hand-over, else any open one."""
    open_legs = [leg for leg in legs if leg.state in OPEN_LEG_STATES]
    acting = [leg for leg in open_legs if leg.waiting_on != WaitingOn.OTHER_LEG]
    handed_back = [leg for leg in legs if leg.state == LegState.DELIVERED and not leg.is_lead]
    found = acting or handed_back or open_legs
    return found[-1] if found else None


def _of_leg(leg: Leg | None, chart: OrgChart) -> str:
    if leg is None:
        return _("In progress")
    if leg.state == LegState.DELIVERED:
        return _("%(who)s looks at what was delivered") % {"who": chart.name(leg.customer_id)}
    who = chart.name(leg.supplier_id)
    if leg.assignee:
        who = _("%(name)s (%(department)s)") % {"name": leg.assignee.name, "department": who}
    if leg.state == LegState.OFFERED:
        return _("%(who)s takes it on") % {"who": who}
    if leg.waiting_on == WaitingOn.THIRD_PARTY:
        return _("%(who)s waits for an outside supplier") % {"who": who}
    if leg.waiting_on == WaitingOn.APPROVER:
        return _("%(who)s waits for an approval") % {"who": who}
    return _("%(who)s works on it") % {"who": who}
