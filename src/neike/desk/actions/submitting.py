"""Making a request."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from neike.catalog import form_schema
from neike.catalog import queries as catalog_queries
from neike.catalog.choices import Priority
from neike.catalog.models import FormVersion, Service
from neike.desk import events, policies
from neike.desk.actions import plans
from neike.desk.actions.errors import (
    AnswersWrongError,
    NotPossibleError,
    RequesterWithoutDepartmentError,
    ServiceNotOfferedError,
)
from neike.desk.actions.work import Work
from neike.desk.choices import Channel, EventKind, TicketState
from neike.desk.models import Ticket, TicketCounter, TicketDraft
from neike.desk.ticket_events import TicketLog, first_leg_data, submitted_data
from neike.kernel import attachments
from neike.kernel.policies import require
from neike.org import queries as org_queries
from neike.org.models import Department, Person

TITLE_LIMIT = 200


def submit(  # noqa: PLR0913 - a request says many things
    *,
    service: Service,
    by: Person,
    answers: Mapping[str, Any],
    now: datetime,
    title: str = "",
    requester: Person | None = None,
    customer: Department | None = None,
    priority: str = "",
    channel: Channel = Channel.PORTAL,
    client_key: str = "",
    confidential: bool = False,
    follow_up_of: Ticket | None = None,
    files: Collection[UUID] = (),
) -> Ticket:
    """Make a request, for oneself or on behalf of `requester`, and offer its first leg.

    `customer` is the asking department, by default the requester's primary one. `priority` "" means the
    standard's usual one. The same `client_key` of the same person gives the first request again. `files` are
    public ids of attachments that `by` uploaded and that wait for an owner.

    Raises:
        PermissionDenied: `by` may not ask for `requester`.
        ServiceNotOfferedError: the service is not published or not for the requester.
        RequesterWithoutDepartmentError: there is no department to serve.
        AnswersWrongError: the answers do not fit the form.
    """
    try:
        with transaction.atomic():
            known = _known(by, client_key)
            if known is not None:
                return known
            requester = requester or by
            who = policies.standing(by, now=now)
            require(policies.may_raise_for(who, requester, service))
            service = _offered(service, requester, now=now)
            ticket = _ticket(service, by=by, requester=requester, now=now)
            ticket.customer = _customer(requester, customer, now=now)
            ticket.answers = _answers(service, answers)
            ticket.title = title.strip()[:TITLE_LIMIT] or str(service.name)
            ticket.priority = _priority(service, priority)
            ticket.channel = Channel.ON_BEHALF if requester != by else channel
            ticket.client_key = client_key
            ticket.confidential = confidential or service.confidential
            ticket.follow_up_of = follow_up_of
            _write(ticket, by=by, now=now)
            attachments.claim(ids=files, owner=ticket, by=by)
            return ticket
    except IntegrityError:
        known = _known(by, client_key)  # a double click, both at once
        if known is None:
            raise
        return known


def _known(by: Person, client_key: str) -> Ticket | None:
    if not client_key:
        return None
    return Ticket.objects.filter(raised_by=by, client_key=client_key).first()


def _offered(service: Service, requester: Person, *, now: datetime) -> Service:
    on = org_queries.organisation_day(now)
    found = (
        catalog_queries.services_visible_to(requester, on)
        .select_related("form", "standard", "department")
        .filter(pk=service.pk)
        .first()
    )
    if found is None:
        raise ServiceNotOfferedError
    return found


def _customer(requester: Person, customer: Department | None, *, now: datetime) -> Department:
    on = org_queries.organisation_day(now)
    if customer is not None and org_queries.works_for(requester, customer, on=on):
        return customer
    own = org_queries.department_of(requester, on=on)
    if own is None:
        raise RequesterWithoutDepartmentError
    return own


def _answers(service: Service, answers: Mapping[str, Any]) -> dict[str, Any]:
    clean, errors = form_schema.validate(form_schema.parse(_form(service).fields), answers)
    if errors:
        raise AnswersWrongError(errors)
    return clean


def _form(service: Service) -> FormVersion:
    if service.form is None:  # a database constraint holds this for published services
        raise ServiceNotOfferedError
    return service.form


def _priority(service: Service, priority: str) -> str:
    if priority in Priority.values:
        return priority
    return service.standard.default_priority if service.standard else Priority.NORMAL


def _ticket(service: Service, *, by: Person, requester: Person, now: datetime) -> Ticket:
    if service.standard is None:  # a database constraint holds this for published services
        raise ServiceNotOfferedError
    return Ticket(
        service=service,
        form=_form(service),
        standard=service.standard,
        supplier=service.department,
        requester=requester,
        raised_by=by,
        state=TicketState.SUBMITTED,
        submitted_at=now,
        last_activity_at=now,
    )


def _write(ticket: Ticket, *, by: Person, now: datetime) -> None:
    ticket.number = TicketCounter.take()
    ticket.save(force_insert=True)
    work = Work(TicketLog(ticket, now=now), by=by, now=now)
    event = work.happen(EventKind.SUBMITTED, **submitted_data(ticket))
    work.tell(events.TicketSubmitted, event)
    held = plans.Fulfilment(work).holds_back()
    offered = work.happen(
        EventKind.LEG_OFFERED, 0, **({"held": True} if held else {}), **first_leg_data(ticket)
    )
    if not held:
        work.tell(events.LegOffered, offered, leg_no=0)
    plans.advance(work)
    work.finish()
    TicketDraft.objects.filter(person=by, service=ticket.service_id).delete()


def follow_up(
    *,
    ticket: Ticket,
    by: Person,
    answers: Mapping[str, Any],
    now: datetime,
    title: str = "",
    client_key: str = "",
) -> Ticket:
    """Make a request that is linked to one that was resolved, with fresh clocks (R12).

    Raises:
        PermissionDenied: `by` may not read the first one.
        NotPossibleError: the first one is still open.
        ServiceNotOfferedError, AnswersWrongError: as in `submit`.
    """
    require(policies.may_read(policies.standing(by, now=now), ticket))
    if ticket.resolved_at is None and ticket.closed_at is None:
        raise NotPossibleError("the request is still open")
    return submit(
        service=ticket.service,
        by=by,
        answers=answers,
        now=now,
        title=title or ticket.title,
        client_key=client_key,
        confidential=ticket.confidential,
        follow_up_of=ticket,
    )
