"""Who may rate what, and who reads a rating with its rater's name (docs/en/reference/ratings.md).

Named to the two sides: who gave it, and who was served by it. Nobody else reads a rating, whatever their role;
they get aggregates of at least five people.
"""

from django.db.models import Exists, OuterRef, Q

from neike.desk import queries as desk_queries
from neike.desk.choices import LegState, TicketState
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.desk.queries.workers import Workers, workers_of
from neike.kernel.policies import SIGNED_IN, Decision, allow, declare, deny

RATE = declare("surveys.rate", SIGNED_IN)
RATINGS = declare("surveys.ratings", SIGNED_IN)

RATABLE_STATES = (TicketState.RESOLVED, TicketState.CLOSED)


def may_rate_ticket(who: Standing, ticket: Ticket, workers: Workers | None = None) -> Decision:
    """The requester, once it is resolved; never somebody who worked on any of its legs.

    `workers` spares the query where they are known.
    """
    if ticket.requester_id != who.person_id:
        return deny("not_requester")
    if ticket.state not in RATABLE_STATES:
        return deny("not_resolved")
    known = workers or workers_of([ticket.pk])[ticket.pk]
    return deny("own_work") if who.person_id in known.everybody else allow()


def may_rate_leg(who: Standing, leg: Leg, workers: Workers | None = None) -> Decision:
    """Somebody of the sending department who worked on the sending leg or confirmed this one, once it is confirmed.

    Never somebody who worked on the leg, or who wrote on the request while serving in the rated department. The
    leg that leads is rated with the request, by the requester.
    """
    if leg.is_lead or leg.parent_no is None:
        return deny("not_handed_over")
    if leg.state != LegState.CONFIRMED:
        return deny("not_confirmed")
    if not who.serves_in(leg.customer_id):
        return deny("not_customer")
    known = workers or workers_of([leg.ticket_id])[leg.ticket_id]
    wrote_for_it = who.person_id in known.writers and who.serves_in(leg.supplier_id)
    if who.person_id in known.on_leg(leg.no) or wrote_for_it:
        return deny("own_work")
    if who.person_id not in known.on_leg(leg.parent_no) | known.confirmed(leg.no):
        return deny("not_involved")
    return allow()


def named_to(who: Standing) -> Q:
    """Return the condition on `Rating` for what a person reads with the rater's name.

    One's own always. For the rated side: those who serve the rated department, and its leads. For the side that
    rated a leg: those who serve the sending department, and its leads. A request's rating is the requester's own
    word: their colleagues and superiors do not read it. Of a confidential request, only who may read the request.
    """
    departments = who.serves | who.leads
    sides = Q(supplier__in=departments) | Q(leg__isnull=False, customer__in=departments)
    readable = Exists(desk_queries.tickets_visible_to(who).filter(pk=OuterRef("ticket")))
    open_to_them = Q(ticket__confidential=False) | Q(readable)
    return Q(rater=who.person_id) | (sides & open_to_them)


def may_read_named(who: Standing, department_id: int) -> Decision:
    """Whether the ratings a department received are named to the person: they serve there, or lead it."""
    return allow() if who.serves_in(department_id) else deny("not_serving")
