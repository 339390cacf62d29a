"""Doing one thing to many requests: each by the same action, with its own rights, and with its own outcome."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from neike.catalog.choices import HandOverMode, Priority
from neike.catalog.models import Service
from neike.desk import policies, queries
from neike.desk.actions import (
    handovers,
    incidents,
    legs,
    linking,
    macros,
    merging,
    messages,
    own,
    participants,
    tickets,
)
from neike.desk.actions.errors import DeskError, LegChangedError, NotPossibleError, UndoOverError
from neike.desk.actions.related_errors import UnknownRequestError
from neike.desk.actions.work import UNDO_FOR
from neike.desk.choices import BulkAction, BulkState, LegState, LinkKind, RowState
from neike.desk.models import (
    BulkRow,
    BulkRun,
    DepartmentNotice,
    IncidentLink,
    Leg,
    Participant,
    Ticket,
)
from neike.org.models import Department, Person

MOST: Final = 1000
"""No more requests than this at once."""
AT_ONCE: Final = 25
"""So many are done while the person waits; more become a job with progress."""
REVERSIBLE: Final = (
    BulkAction.ASSIGN,
    BulkAction.PRIORITY,
    BulkAction.WATCHER,
    BulkAction.MERGE,
    BulkAction.LINK,
    BulkAction.SNOOZE,
    BulkAction.INCIDENT,
)
"""What has an inverse action. Accepting, replying, handing over and delivering are words given to others."""


@transaction.atomic
def start_bulk(
    *,
    by: Person,
    action: BulkAction,
    picks: Sequence[tuple[int, int]],
    params: Mapping[str, Any],
    back: str = "",
    now: datetime,
) -> BulkRun:
    """Write down what is to be done to which legs: (id, version seen). Legs of others' departments are left out."""
    who = policies.standing(by, now=now)
    wanted = dict(picks[:MOST])
    found = Leg.objects.filter(pk__in=wanted, supplier__in=who.serves | who.leads)
    run = BulkRun.objects.create(
        person=by, action=action, params=dict(params), back=back[:2000], created_at=now
    )
    BulkRow.objects.bulk_create(
        BulkRow(run=run, leg_id=pk, version=wanted[pk])
        for pk in found.order_by("pk").values_list("pk", flat=True)
    )
    return run


def run_bulk(*, run: BulkRun, now: datetime) -> BulkRun:
    """Do what is left to do, row by row, each in its own transaction; may be called again after a crash."""
    while row := run.rows.filter(state=RowState.WAITING).order_by("pk").first():
        _do_row(run, row.pk, now)
    run.refresh_from_db()
    if run.state == BulkState.RUNNING:
        run.state, run.finished_at = BulkState.DONE, now
        run.save(update_fields=["state", "finished_at"])
    return run


@transaction.atomic
def _do_row(run: BulkRun, pk: int, now: datetime) -> None:
    row = BulkRow.objects.select_for_update().get(pk=pk)
    if row.state != RowState.WAITING:
        return
    try:
        with transaction.atomic():
            row.before, row.after = _DO[BulkAction(run.action)](run, row, now)
        row.state = RowState.DONE
    except DeskError as refused:
        row.state, row.reason = RowState.REFUSED, str(refused)[:300]
    except PermissionDenied:
        row.state, row.reason = RowState.REFUSED, _("This is not yours to do.")
    row.save()


Outcome = tuple[dict[str, Any], int | None]


def _leg(row: BulkRow) -> Leg:
    return Leg.objects.select_related("ticket__requester", "ticket__service", "supplier").get(
        pk=row.leg_id
    )


def _seen(row: BulkRow) -> Leg:
    """Return the leg, if it is as the person saw it."""
    leg = _leg(row)
    if leg.version != row.version:
        raise LegChangedError(leg, queries.changes_since(leg.ticket, row.version, leg=leg))
    return leg


def _person(run: BulkRun, key: str) -> Person | None:
    given = run.params.get(key)
    return Person.objects.filter(public_id=given).first() if given else None


def _accept(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    leg = legs.accept_leg(leg=_leg(row), by=run.person, version=row.version, now=now)
    return {}, leg.version


def _assign(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    leg = _leg(row)
    to = _person(run, "to")
    done = legs.assign_leg(leg=leg, by=run.person, to=to, version=row.version, now=now)
    return {"assignee": leg.assignee_id}, done.version


def _priority(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    ticket = _seen(row).ticket
    before = ticket.priority
    done = tickets.change_priority(
        ticket=ticket,
        by=run.person,
        priority=Priority(run.params["priority"]),
        why=run.params["reason"],
        version=ticket.version,
        now=now,
    )
    return {"priority": before}, done.version


def _reply(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    leg = _leg(row)
    given = run.params.get("macro")
    who = policies.standing(run.person, now=now)
    macro = queries.macros_to(who).filter(public_id=given).first() if given else None
    language = leg.ticket.requester.language or run.person.language
    body = macro.body.in_language(language) if macro else run.params["text"]
    messages.post_message(
        ticket=leg.ticket,
        by=run.person,
        body=macros.filled(body, ticket=leg.ticket, agent=run.person, now=now),
        client_key=f"bulk:{run.pk}:{leg.ticket_id}",
        now=now,
    )
    return {}, None


def _hand_over(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    service = run.params.get("service")
    handovers.hand_over(
        leg=_leg(row),
        by=run.person,
        to=Department.objects.get(public_id=run.params["department"]),
        service=Service.objects.get(public_id=service) if service else None,
        ask=run.params["text"],
        mode=HandOverMode(run.params["mode"]),
        version=row.version,
        now=now,
    )
    return {}, None


def _deliver(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    note = run.params.get("text", "")
    leg = legs.deliver_leg(leg=_leg(row), by=run.person, version=row.version, note=note, now=now)
    return {}, leg.version


def _watcher(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    ticket, person = _leg(row).ticket, _person(run, "person")
    if person is None:
        raise NotPossibleError("the person is gone")
    followed = Participant.objects.filter(ticket=ticket, person=person).exists()
    participants.add_participant(ticket=ticket, by=run.person, person=person, now=now)
    return {"followed": followed}, None


def _other(run: BulkRun) -> Ticket:
    """Return the request that all of them are to be related to; one that is hidden is refused by the action."""
    found = Ticket.objects.filter(public_id=run.params["other"]).first()
    if found is None:
        raise UnknownRequestError
    return found


def _merge(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    ticket = _seen(row).ticket
    done = merging.merge(
        ticket=ticket,
        into=_other(run),
        by=run.person,
        why=run.params.get("reason", ""),
        version=ticket.version,
        now=now,
    )
    return {}, done.version


def _link(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    kind = LinkKind(run.params["link"])
    linking.link(ticket=_leg(row).ticket, other=_other(run), kind=kind, by=run.person, now=now)
    return {}, None


def _snooze(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    ticket = _leg(row).ticket
    before = queries.sheet_of(run.person_id, ticket.pk).snoozed_until
    until = datetime.fromisoformat(run.params["until"])
    own.snooze(ticket=ticket, by=run.person, until=until, now=now)
    return {"until": before.isoformat() if before else None}, None


def _incident(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    notice = DepartmentNotice.objects.filter(public_id=run.params["incident"]).first()
    if notice is None:
        raise NotPossibleError("the incident is gone")
    ticket = _leg(row).ticket
    was = IncidentLink.objects.filter(ticket=ticket, notice=notice, unlinked_at__isnull=True)
    linked = was.exists()
    incidents.link_incident(ticket=ticket, notice=notice, by=run.person, now=now)
    return {"linked": linked}, None


def _resolve(run: BulkRun, row: BulkRow, now: datetime) -> Outcome:
    """Resolve a request; one that nobody has accepted yet is accepted with it."""
    leg = _leg(row)
    version = row.version
    if leg.state == LegState.OFFERED:
        version = legs.accept_leg(leg=leg, by=run.person, version=version, now=now).version
    note = run.params.get("text", "")
    done = legs.deliver_leg(leg=leg, by=run.person, version=version, note=note, now=now)
    return {}, done.version


_DO: Final[Mapping[BulkAction, Callable[[BulkRun, BulkRow, datetime], Outcome]]] = {
    BulkAction.ACCEPT: _accept,
    BulkAction.ASSIGN: _assign,
    BulkAction.PRIORITY: _priority,
    BulkAction.REPLY: _reply,
    BulkAction.HAND_OVER: _hand_over,
    BulkAction.DELIVER: _deliver,
    BulkAction.WATCHER: _watcher,
    BulkAction.MERGE: _merge,
    BulkAction.LINK: _link,
    BulkAction.SNOOZE: _snooze,
    BulkAction.INCIDENT: _incident,
    BulkAction.RESOLVE: _resolve,
}


def undo_until(run: BulkRun) -> datetime | None:
    """Return until when a run can be undone; None when it cannot."""
    if run.action not in REVERSIBLE or run.state != BulkState.DONE or run.finished_at is None:
        return None
    return run.finished_at + UNDO_FOR


@transaction.atomic
def undo_bulk(*, run: BulkRun, by: Person, now: datetime) -> BulkRun:
    """Undo what was done, each by the inverse action, recorded like any other; what changed since stays.

    Raises:
        PermissionDenied: somebody else did it.
        UndoOverError: more than ten minutes ago, or not to be undone.
    """
    run = BulkRun.objects.select_for_update().get(pk=run.pk)
    if run.person_id != by.pk:
        raise PermissionDenied
    until = undo_until(run)
    if until is None or now > until:
        raise UndoOverError
    for row in run.rows.filter(state=RowState.DONE).order_by("pk"):
        _undo_row(run, row, now)
    run.state = BulkState.UNDONE
    run.save(update_fields=["state"])
    return run


def _undo_row(run: BulkRun, row: BulkRow, now: datetime) -> None:
    try:
        with transaction.atomic():
            _UNDO[BulkAction(run.action)](run, row, now)
        row.state = RowState.UNDONE
    except DeskError as refused:
        row.state, row.reason = RowState.KEPT, str(refused)[:300]
    except PermissionDenied:
        row.state, row.reason = RowState.KEPT, _("This is not yours to do.")
    row.save(update_fields=["state", "reason"])


def _assign_back(run: BulkRun, row: BulkRow, now: datetime) -> None:
    given = row.before.get("assignee")
    to = Person.objects.filter(pk=given).first() if given else None
    legs.assign_leg(leg=_leg(row), by=run.person, to=to, version=row.after or 0, now=now)


def _priority_back(run: BulkRun, row: BulkRow, now: datetime) -> None:
    ticket = Ticket.objects.get(pk=_leg(row).ticket_id)
    tickets.change_priority(
        ticket=ticket,
        by=run.person,
        priority=Priority(row.before["priority"]),
        why=_("Undone: %(reason)s") % {"reason": run.params["reason"][:200]},
        version=row.after or 0,
        now=now,
    )


def _unfollow(run: BulkRun, row: BulkRow, now: datetime) -> None:
    person = _person(run, "person")
    if person is not None and not row.before.get("followed"):
        participants.remove_participant(
            ticket=_leg(row).ticket, by=run.person, person=person, now=now
        )


def _unmerge(run: BulkRun, row: BulkRow, now: datetime) -> None:
    ticket = _leg(row).ticket
    merging.unmerge(ticket=ticket, by=run.person, version=row.after or 0, now=now)


def _unlink(run: BulkRun, row: BulkRow, now: datetime) -> None:
    kind = LinkKind(run.params["link"])
    linking.unlink(ticket=_leg(row).ticket, other=_other(run), kind=kind, by=run.person, now=now)


def _bring_back(run: BulkRun, row: BulkRow, now: datetime) -> None:
    ticket, given = _leg(row).ticket, row.before.get("until")
    before = datetime.fromisoformat(given) if given else None
    if before is not None and before > now:
        own.snooze(ticket=ticket, by=run.person, until=before, now=now)
    else:
        own.end_snooze(ticket=ticket, by=run.person, now=now)


def _unlink_incident(run: BulkRun, row: BulkRow, now: datetime) -> None:
    notice = DepartmentNotice.objects.filter(public_id=run.params["incident"]).first()
    if notice is not None and not row.before.get("linked"):
        ticket = _leg(row).ticket
        incidents.unlink_incident(ticket=ticket, notice=notice, by=run.person, now=now)


_UNDO: Final[Mapping[BulkAction, Callable[[BulkRun, BulkRow, datetime], None]]] = {
    BulkAction.ASSIGN: _assign_back,
    BulkAction.PRIORITY: _priority_back,
    BulkAction.WATCHER: _unfollow,
    BulkAction.MERGE: _unmerge,
    BulkAction.LINK: _unlink,
    BulkAction.SNOOZE: _bring_back,
    BulkAction.INCIDENT: _unlink_incident,
}
