"""What happens next with a request, and who acts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from neike.desk.choices import OPEN_LEG_STATES, LegState, TicketState, WaitingOn
from neike.desk.models import Leg, Ticket
from neike.org.queries import OrgChart


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence that names who acts; `mine` when it is the reader."""

    words: str
    mine: bool = False


def next_step(ticket: Ticket, legs: Sequence[Leg], *, chart: OrgChart, reader_id: int) -> NextStep:
    """Return the next move of a request, for its requester or who raised it."""
    own = ticket.requester_id == reader_id
    if ticket.state == TicketState.RESOLVED:
        if own:
            return NextStep(_("You: look at the result and confirm it"), mine=True)
        return NextStep(_("%(who)s looks at the result") % {"who": ticket.requester.name})
    if ticket.state == TicketState.CLOSED:
        return NextStep(_("Done"))
    if ticket.state == TicketState.CANCELLED:
        return NextStep(_("Withdrawn"))
    if ticket.state == TicketState.REJECTED:
        return NextStep(_("Rejected"))
    if ticket.waiting_on == WaitingOn.REQUESTER:
        if own:
            return NextStep(_("You: answer a question"), mine=True)
        return NextStep(_("%(who)s answers a question") % {"who": ticket.requester.name})
    return NextStep(_of_leg(_with_the_ball(legs), chart))


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
