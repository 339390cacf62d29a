"""Requests of a major incident: linked, raised by one tap, answered and resolved together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from neike.catalog import form_schema
from neike.catalog.form_schema import FieldType
from neike.catalog.models import Service
from neike.desk import events, policies
from neike.desk.actions.errors import DeskError, NotPossibleError
from neike.desk.actions.submitting import TITLE_LIMIT, submit
from neike.desk.actions.work import begin
from neike.desk.choices import BulkAction, EventKind, NoticeKind
from neike.desk.live import topics_of_notice
from neike.desk.models import BulkRow, BulkRun, DepartmentNotice, IncidentLink, Leg, Ticket
from neike.desk.queries import department_notices as queries
from neike.kernel import live
from neike.kernel.policies import require
from neike.org.models import Person

MOST_TOGETHER: Final = 1000
"""No more requests than this are answered or resolved at once."""
TOGETHER: Final = (BulkAction.REPLY, BulkAction.RESOLVE)


class IncidentOverError(DeskError):
    """Nothing can be linked to it: no incident, not published, or over."""

    def __str__(self) -> str:
        return _("This major incident is over, so nothing more is linked to it.")


class FormNeededError(DeskError):
    """The request cannot be made by one tap: `service` asks for more."""

    def __init__(self, service: Service) -> None:
        self.service = service
        super().__init__(service.pk)

    def __str__(self) -> str:
        return _(
            "This service needs to know a little more. Your request is linked when you send it."
        )


@dataclass(frozen=True, slots=True)
class Affected:
    """The request of somebody who is affected; `is_new`: made now."""

    ticket: Ticket
    is_new: bool


@transaction.atomic
def link_incident(*, ticket: Ticket, notice: DepartmentNotice, by: Person, now: datetime) -> Ticket:
    """Say that a request belongs to a major incident; what is linked to it already stays so.

    Raises:
        PermissionDenied: `by` may read one of the two not, or neither asked for the request nor serves it.
        IncidentOverError: the incident is over.
        NotPossibleError: the request is closed.
    """
    notice = _open(notice, now)
    who = policies.standing(by, now=now)
    require(policies.may_read(who, ticket))
    require(policies.may_read_notice(who, notice))
    work = begin(ticket, by=by, now=now)
    require(policies.may_link_incident(work.who, work.ticket))
    if _is_linked(work.ticket, notice):
        return work.ticket
    if not queries.is_linkable(work.ticket):
        raise NotPossibleError("the request is closed")
    event = work.happen(EventKind.INCIDENT_LINKED, incident=notice.pk)
    work.tell(events.IncidentLinked, event, notice_id=notice.pk)
    work.finish()
    _signal(notice, now)
    return work.ticket


@transaction.atomic
def unlink_incident(
    *, ticket: Ticket, notice: DepartmentNotice, by: Person, now: datetime
) -> Ticket:
    """Take a request from an incident; what is not linked stays so.

    Raises:
        PermissionDenied: `by` neither asked for the request nor serves it.
    """
    require(policies.may_read(policies.standing(by, now=now), ticket))
    work = begin(ticket, by=by, now=now)
    require(policies.may_link_incident(work.who, work.ticket))
    if not _is_linked(work.ticket, notice):
        return work.ticket
    event = work.happen(EventKind.INCIDENT_UNLINKED, incident=notice.pk)
    work.tell(events.IncidentUnlinked, event, notice_id=notice.pk)
    work.finish()
    _signal(notice, now)
    return work.ticket


def _is_linked(ticket: Ticket, notice: DepartmentNotice) -> bool:
    return IncidentLink.objects.filter(
        ticket=ticket, notice=notice, unlinked_at__isnull=True
    ).exists()


def _open(notice: DepartmentNotice, now: datetime) -> DepartmentNotice:
    """Lock an incident that is published and not over."""
    found = (
        DepartmentNotice.objects.select_for_update()
        .filter(queries.in_force(now), pk=notice.pk, kind=NoticeKind.INCIDENT)
        .first()
    )
    if found is None:
        raise IncidentOverError
    return found


def _signal(notice: DepartmentNotice, now: datetime) -> None:
    """Let pages about the incident know: its department's, and nobody else's."""
    topics = topics_of_notice(notice, audience=[notice.department_id])
    live.changed(*topics, now=now)


@transaction.atomic
def affected(*, notice: DepartmentNotice, by: Person, now: datetime) -> Affected:
    """Make a request of somebody who is affected, linked to the incident; or return the one there is.

    The first of its services whose form the words of the incident can fill is asked, at last the department's
    "something else".

    Raises:
        PermissionDenied: `by` may not read the incident.
        IncidentOverError: it is over.
        FormNeededError: no form can be filled without the person.
        ServiceNotOfferedError, RequesterWithoutDepartmentError: as in `submit`.
    """
    notice = _open(notice, now)
    require(policies.may_read_notice(policies.standing(by, now=now), notice))
    known = queries.known_requests(by.pk, [notice.pk]).get(notice.pk)
    if known is not None:
        return Affected(known, is_new=False)
    services = queries.services_to_ask(notice, by, now=now)
    words = _words(notice, by)
    for service in services:
        answers = _filled(service, words)
        if answers is not None:
            ticket = submit(
                service=service,
                by=by,
                answers=answers,
                title=words[:TITLE_LIMIT],
                client_key=_key(notice, by),
                now=now,
            )
            return Affected(
                link_incident(ticket=ticket, notice=notice, by=by, now=now), is_new=True
            )
    if services:
        raise FormNeededError(services[0])
    raise PermissionDenied


def _key(notice: DepartmentNotice, by: Person) -> str:
    """Return what makes a double tap one request, and a tap after the first was closed another."""
    before = IncidentLink.objects.filter(notice=notice, ticket__requester=by).count()
    return f"incident:{notice.public_id}:{before}"


def _words(notice: DepartmentNotice, by: Person) -> str:
    with override(by.language or settings.LANGUAGE_CODE):
        return _("I am affected too: %(what)s") % {"what": notice.title}


def _filled(service: Service, words: str) -> dict[str, Any] | None:
    """Return answers that say no more than that one is affected; None where the form asks for more."""
    if service.form is None or service.standard is None:
        return None
    fields = form_schema.parse(service.form.fields)
    texts = (FieldType.TEXT, FieldType.LONG_TEXT)
    said: Mapping[str, Any] = {
        each.key: words for each in fields.fields if each.required and each.type in texts
    }
    clean, errors = form_schema.validate(fields, said)
    return None if errors else clean


@transaction.atomic
def start_together(
    *,
    notice: DepartmentNotice,
    by: Person,
    action: BulkAction,
    params: Mapping[str, Any],
    now: datetime,
) -> BulkRun:
    """Write down that an incident's requests are to be answered or resolved together.

    Every request that `by` may read gets its row, and by `run_bulk` its outcome: what is not theirs to do is
    refused there, with the reason.

    Raises:
        PermissionDenied: `by` does not speak for the incident's department.
        NotPossibleError: the action is none of these.
    """
    who = policies.standing(by, now=now)
    require(policies.may_manage_notice(who, notice.department_id))
    if action not in TOGETHER:
        raise NotPossibleError("requests of an incident are answered or resolved together")
    tickets = queries.linked_visible_to(who, notice)
    legs = Leg.objects.filter(is_lead=True, ticket__in=tickets).order_by("pk")[:MOST_TOGETHER]
    more = {**params, "from_incident": str(notice.public_id)}
    run = BulkRun.objects.create(person=by, action=action, params=more, created_at=now)
    BulkRow.objects.bulk_create(_rows(run, legs))
    return run


def _rows(run: BulkRun, legs: Iterable[Leg]) -> Iterable[BulkRow]:
    return (BulkRow(run=run, leg=leg, version=leg.version) for leg in legs)
