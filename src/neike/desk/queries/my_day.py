"""What waits for a person today: at most ten of a kind, what is due first in front."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from neike.catalog import wording
from neike.desk.choices import LegState, TicketState
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.desk.queries import assignment, queues
from neike.kernel.registries import DayItem
from neike.org import queries as org_queries

Row = TypeVar("Row", bound=Model)
MOST: Final = 10


def in_hand(who: Standing) -> list[DayItem]:
    """Return the legs in a person's hands that wait for nobody else."""
    legs = queues.my_legs(who).exclude(state=LegState.WAITING)
    return _legs(_with_years(legs).order_by("next_due_at", "pk")[:MOST])


def offers(who: Standing) -> list[DayItem]:
    """Return what waits to be accepted by the person's departments; nothing of what is confidential."""
    legs = Leg.objects.filter(
        supplier__in=who.serves, state=LegState.OFFERED, ticket__confidential=False
    ).select_related("ticket")
    return _legs(_with_years(legs).order_by("next_due_at", "pk")[:MOST])


def answers(who: Standing) -> list[DayItem]:
    """Return the requests of a person whose work waits for their answer."""
    waiting = [
        row
        for row in _with_years(queues.waiting_for_me(who))[: 2 * MOST]
        if row.state != TicketState.RESOLVED
    ]
    return [
        DayItem(
            row.title,
            row.path,
            _("%(number)s: somebody asked you") % {"number": row},
            row.due_at,
            _note(row, row.due_at),
        )
        for row in waiting[:MOST]
    ]


def to_confirm(who: Standing) -> list[DayItem]:
    """Return results that wait for a person's look: their own requests, and what their department asked for."""
    resolved = Ticket.objects.filter(requester=who.person_id, state=TicketState.RESOLVED)
    own = [
        DayItem(row.title, row.path, _("%(number)s: is it solved?") % {"number": row}, row.lapse_at)
        for row in resolved.order_by("lapse_at", "pk")[:MOST]
    ]
    legs = [leg for leg in _with_years(queues.to_confirm(who))[:MOST] if not leg.redacted]  # type: ignore[attr-defined]  # annotated
    return [*own, *_legs(legs)][:MOST]


def _legs(legs: Iterable[Leg]) -> list[DayItem]:
    return [
        DayItem(
            leg.ticket.title,
            leg.ticket.path,
            _("%(number)s: %(state)s") % {"number": leg.ticket, "state": leg.get_state_display()},
            leg.next_due_at or leg.lapse_at,
            _note(leg, leg.next_due_at),
        )
        for leg in legs
    ]


def _with_years(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Load what `_note` asks, so that it costs the same for any number of rows."""
    return rows.select_related("standard__calendar").prefetch_related("standard__calendar__years")


def _note(promised: Ticket | Leg, due_at: datetime | None) -> str:
    """Say that a due time may still move, or nothing."""
    return wording.may_still_move(org_queries.provisional_year(promised.standard.calendar, due_at))


def nobodys(who: Standing) -> list[DayItem]:
    """Return work of the departments a person leads that nobody has taken although time is over."""
    if not who.leads:
        return []
    legs = assignment.alarmed(who.leads).filter(ticket__confidential=False)
    return _legs(_with_years(legs)[:MOST])
