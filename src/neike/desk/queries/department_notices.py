"""What departments tell their customers, as each reader may know it, and the requests of a major incident."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from neike.catalog import queries as catalog_queries
from neike.catalog.models import Service
from neike.desk import policies
from neike.desk.choices import (
    FINAL_TICKET_STATES,
    OPEN_TICKET_STATES,
    NoticeKind,
    NoticeState,
    TicketState,
)
from neike.desk.models import DepartmentNotice, IncidentLink, Ticket
from neike.desk.policies import Standing
from neike.org import queries as org_queries
from neike.org.models import Department, Person

FEWEST: Final = 5
"""Requests a reader may not open are counted from so many different requesters on, and in steps of so many."""
RECENT: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=90)
"""So far ahead the page of a service shows planned outages."""
MOST: Final = 200


def notices_visible_to(who: Standing) -> QuerySet[DepartmentNotice]:
    """Return the notices of departments a person may read."""
    return DepartmentNotice.objects.filter(policies.notices_readable_by(who))


def in_force(now: datetime) -> Q:
    """Match what is published and not over: an outage ends by itself at its time."""
    return Q(state=NoticeState.PUBLISHED) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def current_notices(who: Standing, *, now: datetime) -> list[DepartmentNotice]:
    """Return what is told to a person at this moment, incidents first; one query where nothing is told at all."""
    if not DepartmentNotice.objects.filter(in_force(now)).exists():
        return []
    found = notices_visible_to(who).filter(in_force(now)).prefetch_related("services")
    return list(found.order_by("kind", "starts_at", "pk")[:MOST])


def concerns(notice: DepartmentNotice, service: Service) -> bool:
    """Whether a notice is about a service: named, or one of its department where none is named."""
    named = [each.pk for each in notice.services.all()]
    return service.pk in named if named else service.department_id == notice.department_id


def upcoming_outages(who: Standing, service: Service, *, now: datetime) -> list[DepartmentNotice]:
    """Return the planned outages of a service in the next 90 days, the next first; one query where there is none."""
    soon = in_force(now) & Q(kind=NoticeKind.OUTAGE, starts_at__lt=now + AHEAD)
    if not DepartmentNotice.objects.filter(soon).exists():
        return []
    found = notices_visible_to(who).filter(soon)
    ordered = found.prefetch_related("services").order_by("starts_at", "pk")[:MOST]
    return [each for each in ordered if concerns(each, service)]


def open_incidents(who: Standing, *, now: datetime) -> QuerySet[DepartmentNotice]:
    """Return the major incidents a person may link requests to."""
    return notices_visible_to(who).filter(in_force(now), kind=NoticeKind.INCIDENT)


def outages_over(now: datetime) -> QuerySet[DepartmentNotice]:
    """Return the outages whose time has passed and that are still called published."""
    return DepartmentNotice.objects.filter(state=NoticeState.PUBLISHED, ends_at__lte=now)


def past_notices(who: Standing, *, now: datetime) -> QuerySet[DepartmentNotice]:
    """Return what was told in the last 30 days and is over, the latest first."""
    ended = Q(state=NoticeState.ENDED, over_at__gt=now - RECENT)
    passed = Q(state=NoticeState.PUBLISHED, ends_at__lte=now)
    found = notices_visible_to(who).filter(ended | passed)
    return found.order_by("-starts_at", "-pk")


def own_drafts(who: Standing) -> QuerySet[DepartmentNotice]:
    """Return what the person's departments have not published."""
    served = DepartmentNotice.objects.filter(department__in=who.serves | who.leads)
    return served.filter(state=NoticeState.DRAFT).order_by("starts_at", "pk")


def linked_tickets(notice: DepartmentNotice) -> QuerySet[Ticket]:
    """Return the requests that belong to an incident."""
    links = IncidentLink.objects.filter(
        notice=notice, unlinked_at__isnull=True, ticket=OuterRef("pk")
    )
    return Ticket.objects.filter(Exists(links))


def linked_visible_to(who: Standing, notice: DepartmentNotice) -> QuerySet[Ticket]:
    """Return those of an incident's requests that a person may read."""
    return linked_tickets(notice).filter(policies.readable_by(who))


@dataclass(frozen=True, slots=True)
class LinkedCounts:
    """How many requests belong to an incident: those the reader may open, and at least how many others (0: unsaid)."""

    visible: int
    unsettled: int
    others: int


def linked_counts(who: Standing, notice: DepartmentNotice) -> LinkedCounts:
    """Count an incident's requests for a reader; two queries.

    `unsettled` of the visible ones are open. Others are told from five different requesters on, rounded down to
    fives, so that no single person's request shows by a difference.
    """
    seen = linked_visible_to(who, notice).aggregate(
        visible=Count("pk"), unsettled=Count("pk", filter=Q(state__in=OPEN_TICKET_STATES))
    )
    hidden = linked_tickets(notice).filter(~policies.readable_by(who))
    people = hidden.order_by().values("requester").distinct().count()
    return LinkedCounts(**seen, others=people // FEWEST * FEWEST)


def known_requests(person_id: int, notices: Collection[int]) -> dict[int, Ticket]:
    """Return the person's own unsettled request by incident, of those named; one query."""
    if not notices:
        return {}
    links = IncidentLink.objects.filter(
        notice__in=notices, unlinked_at__isnull=True, ticket__requester=person_id
    ).exclude(ticket__state__in=FINAL_TICKET_STATES)
    found = links.select_related("ticket").order_by("linked_at", "pk")
    return {link.notice_id: link.ticket for link in found}


@dataclass(frozen=True, slots=True)
class IncidentsBeside:
    """The incidents a request belongs to, and the open ones it could be linked to, as far as a person reads them."""

    linked: list[DepartmentNotice]
    others: QuerySet[DepartmentNotice]
    has_others: bool


def incidents_beside(who: Standing, ticket: Ticket, *, now: datetime) -> IncidentsBeside:
    """Return the incidents beside a request; one query on days without any."""
    links = IncidentLink.objects.filter(
        ticket=ticket, unlinked_at__isnull=True, notice=OuterRef("pk")
    )
    near = DepartmentNotice.objects.filter(
        Q(Exists(links)) | in_force(now), kind=NoticeKind.INCIDENT
    )
    ids: dict[bool, list[int]] = {True: [], False: []}
    for pk, linked in near.annotate(linked=Exists(links)).values_list("pk", "linked")[:MOST]:
        ids[linked].append(pk)
    nothing = DepartmentNotice.objects.none()
    seen = notices_visible_to(who) if ids[True] or ids[False] else nothing
    mine = seen.filter(pk__in=ids[True]).order_by("starts_at", "pk") if ids[True] else nothing
    others = seen.filter(pk__in=ids[False]).order_by("-starts_at", "pk") if ids[False] else nothing
    return IncidentsBeside(list(mine), others, has_others=bool(ids[False]) and others.exists())


def services_to_ask(notice: DepartmentNotice, person: Person, *, now: datetime) -> list[Service]:
    """Return the services through which somebody can say that they are affected: the named ones first."""
    on = org_queries.organisation_day(now)
    offered = catalog_queries.services_visible_to(person, on).select_related("form", "standard")
    named = [each.pk for each in notice.services.all()]
    catch_all = offered.filter(department=notice.department_id, is_catch_all=True)
    return [*offered.filter(pk__in=named).order_by("order", "pk"), *catch_all.order_by("pk")]


def near_departments(who: Standing) -> list[int]:
    """Return the departments whose notices a person hears of: their own, all above, and those they serve."""
    rows = Department.objects.filter(public_id__in=who.surroundings)
    return sorted({*rows.values_list("pk", flat=True), *who.serves, *who.leads})


def is_linkable(ticket: Ticket) -> bool:
    """Whether a request may still be linked to an incident: it is open, or waits for confirmation."""
    return ticket.state in (*OPEN_TICKET_STATES, TicketState.RESOLVED)
