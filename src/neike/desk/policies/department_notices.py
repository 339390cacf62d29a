"""Who reads and writes what departments tell their customers, and who links requests to a major incident."""

from django.db.models import Exists, OuterRef, Q

from neike.desk.choices import NoticeState
from neike.desk.models import DepartmentNotice, Ticket
from neike.desk.policies.requests import may_read_internal
from neike.desk.policies.standings import Standing
from neike.kernel.policies import Decision, allow, deny


def notices_readable_by(who: Standing) -> Q:
    """Return the condition on `DepartmentNotice` for what a person may read.

    Who serves or leads its department reads all of it. Everybody else reads what is published or over, unless it is
    meant for departments they are neither in nor below, or about a confidential service they are not offered.
    """
    own = Q(department__in=who.serves | who.leads)
    audience = DepartmentNotice.audience.through.objects.filter(departmentnotice=OuterRef("pk"))
    near = audience.filter(department__public_id__in=who.surroundings)
    shown = Q(state__in=(NoticeState.PUBLISHED, NoticeState.ENDED))
    shown &= ~Q(Exists(audience)) | Q(Exists(near))
    if who.closed_services:
        about = DepartmentNotice.services.through.objects.filter(
            departmentnotice=OuterRef("pk"), service__in=who.closed_services
        )
        shown &= ~Q(Exists(about))
    return own | shown


def may_manage_notice(who: Standing, department_id: int) -> Decision:
    """Who leads or serves a department speaks for it."""
    return allow() if who.serves_in(department_id) else deny("not_in_department")


def may_read_notice(who: Standing, notice: DepartmentNotice) -> Decision:
    """Whether the notice is among those the person may read; one query."""
    found = DepartmentNotice.objects.filter(notices_readable_by(who), pk=notice.pk).exists()
    return allow() if found else deny("not_in_audience")


def may_link_incident(who: Standing, ticket: Ticket) -> Decision:
    """Who asked says that it belongs to an incident, or who works on it."""
    if who.person_id in (ticket.requester_id, ticket.raised_by_id):
        return allow()
    return may_read_internal(who, ticket)
