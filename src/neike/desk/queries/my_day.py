"""What waits for a person today: at most ten of a kind, what is due first in front."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from neike.catalog import queries as catalog_queries
from neike.catalog import wording
from neike.desk.choices import LegState, TicketState
from neike.desk.models import OPEN_LEGS, Approval, Leg, OwnSheet, Ticket
from neike.desk.policies import Standing
from neike.desk.queries import approvals, assignment, own, quality, queues
from neike.kernel.registries import DayItem
from neike.org import queries as org_queries

MOST: Final = 10


def in_hand(who: Standing) -> list[DayItem]:
    """Return the legs in a person's hands that wait for nobody else."""
    legs = queues.my_legs(who).exclude(state=LegState.WAITING).exclude(ticket__in=_hidden(who))
    return _legs(_lean(legs).order_by("next_due_at", "pk")[:MOST])


def _hidden(who: Standing) -> QuerySet[OwnSheet, int]:
    """Return what the person hides from themselves."""
    return own.hidden_tickets(who.person_id, now=who.now)


def offers(who: Standing) -> list[DayItem]:
    """Return what waits to be accepted by the person's departments; nothing of what is confidential."""
    legs = Leg.objects.filter(
        OPEN_LEGS, supplier__in=who.serves, state=LegState.OFFERED, ticket__confidential=False
    ).exclude(ticket__in=_hidden(who))
    return _legs(_lean(legs).order_by("next_due_at", "pk")[:MOST])


def answers(who: Standing) -> list[DayItem]:
    """Return the requests of a person whose work waits for their answer."""
    waiting = [
        row for row in queues.waiting_for_me(who)[: 2 * MOST] if row.state != TicketState.RESOLVED
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
    legs = [leg for leg in _lean(queues.to_confirm(who))[:MOST] if not leg.redacted]  # type: ignore[attr-defined]  # annotated
    return [*own, *_legs(legs)][:MOST]


def _lean(legs: QuerySet[Leg]) -> QuerySet[Leg]:
    """Load nothing but what a line of the day says."""
    beside = legs.select_related(None).select_related("ticket")
    return beside.only(
        "ticket__title", "ticket__number", "state", "next_due_at", "lapse_at", "standard"
    )


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


def _note(promised: Ticket | Leg, due_at: datetime | None) -> str:
    """Say that a due time may still move, or nothing."""
    return wording.may_still_move(
        org_queries.provisional_year(catalog_queries.calendar_of(promised.standard_id), due_at)
    )


def to_approve(who: Standing) -> list[DayItem]:
    """Return what waits for a person's approval, for themselves or for whom they stand in; one line per approval."""
    waiting = approvals.votes_waiting_for(who).select_related("approval__ticket", "person")
    votes = list(waiting[: 2 * MOST])
    lines: dict[int, DayItem] = {}
    due = _due_of_approvals([vote.approval for vote in votes])
    for vote in votes:
        ticket = vote.approval.ticket
        what = _("%(number)s: you are asked to approve") % {"number": ticket}
        if vote.person_id != who.person_id:
            what = _("%(number)s: approve for %(name)s") % {
                "number": ticket,
                "name": vote.person.name,
            }
        at = due.get((ticket.pk, vote.approval.no))
        lines.setdefault(vote.approval_id, DayItem(ticket.title, ticket.path, what, at))
    return list(lines.values())[:MOST]


def _due_of_approvals(asked: list[Approval]) -> dict[tuple[int, int], datetime | None]:
    return {key: clock.due_at for key, clock in approvals.approver_clocks(asked).items()}


def tasks(who: Standing) -> list[DayItem]:
    """Return the open tasks in a person's hands."""
    rows = approvals.tasks_waiting_for(who).exclude(ticket__in=_hidden(who))
    rows = rows.select_related("ticket")
    return [
        DayItem(
            str(task.title), task.ticket.path, _("%(number)s: a task") % {"number": task.ticket}
        )
        for task in rows[:MOST]
    ]


def to_check(who: Standing) -> list[DayItem]:
    """Return the quality checks that wait for a person."""
    return [
        DayItem(
            row.ticket.title,
            quality.path_of(row),
            _("%(number)s: is it done as the standard says?") % {"number": row.ticket},
        )
        for row in quality.checks_waiting_for(who)[:MOST]
    ]


def nobodys(who: Standing) -> list[DayItem]:
    """Return work of the departments a person leads that nobody has taken although time is over."""
    if not who.leads:
        return []
    legs = assignment.alarmed(who.leads).filter(ticket__confidential=False)
    return _legs(_lean(legs)[:MOST])


def mentions(who: Standing) -> list[DayItem]:
    """Return the requests in which a person was mentioned and that they have not opened since, each once."""
    lines: dict[int, DayItem] = {}
    for each in own.mentions_of(who, unseen=True):
        ticket = each.message.ticket
        what = _("%(number)s: %(name)s mentioned you") % {
            "number": ticket,
            "name": each.message.author.name,
        }
        lines.setdefault(ticket.pk, DayItem(ticket.title, ticket.path, what))
    return list(lines.values())[:MOST]


def reminders(who: Standing) -> list[DayItem]:
    """Return the person's own reminders whose time has come."""
    return [
        DayItem(
            sheet.reminder or sheet.ticket.title,
            sheet.ticket.path,
            _("%(number)s: you wanted to be reminded") % {"number": sheet.ticket},
            sheet.remind_at,
        )
        for sheet in own.due_reminders(who, now=who.now)[:MOST]
    ]
