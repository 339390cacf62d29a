"""Requests of a major incident: one tap of who is affected, linking, answering and resolving together."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from neike.desk import actions, forms, jobs, policies
from neike.desk.actions import incidents
from neike.desk.actions.bulk import AT_ONCE
from neike.desk.choices import BulkAction
from neike.desk.models import DepartmentNotice, Ticket
from neike.desk.queries import department_notices as queries
from neike.desk.views.department_notices.reading import notice_of, notice_page
from neike.desk.views.reading import Reader, reader, ticket_of
from neike.kernel.jobs import enqueue
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require

_REFUSED = 422


@require_POST
@policy("desk.use")
@limited("desk.create", "30/m")
def affected(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make the reader's request about an incident, or lead to the one there is."""
    who = reader(request)
    notice = notice_of(who, public_id)
    try:
        found = incidents.affected(notice=notice, by=who.person, now=who.now)
    except incidents.FormNeededError as asks:
        messages.info(request, str(asks))
        form = reverse("desk:new", args=[asks.service.key])
        return HttpResponseRedirect(f"{form}?incident={notice.public_id}")
    except actions.DeskError as refused:
        messages.warning(request, str(refused))
        return HttpResponseRedirect(notice.path)
    if found.is_new:
        words = _("Noted: %(number)s. You are told as soon as there is news.")
        messages.success(request, words % {"number": found.ticket})
    else:
        messages.info(request, _("We know already: %(number)s.") % {"number": found.ticket})
    return HttpResponseRedirect(found.ticket.path)


@require_POST
@policy("desk.use")
def together(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Answer or resolve all requests of an incident; what came of each stands on the run's page."""
    who = reader(request)
    notice = notice_of(who, public_id)
    require(policies.may_manage_notice(who.who, notice.department_id))
    form = forms.TogetherForm(request.POST, auto_id=f"{verb}-%s")
    if not form.is_valid():
        return notice_page(request, who, notice, bound={verb: form}, status=_REFUSED)
    action = BulkAction.RESOLVE if verb == "resolve" else BulkAction.REPLY
    run = incidents.start_together(
        notice=notice,
        by=who.person,
        action=action,
        params={"text": form.cleaned_data["text"]},
        now=who.now,
    )
    if run.rows.count() > AT_ONCE:
        enqueue(jobs.run_bulk, key=str(run.pk), now=who.now, run_id=run.pk)
    else:
        actions.run_bulk(run=run, now=who.now)
    return HttpResponseRedirect(reverse("desk:bulk_run", args=[run.public_id]))


@require_POST
@policy("desk.use")
def link(request: HttpRequest, number: int) -> HttpResponse:
    """Link a request to a major incident."""
    who = reader(request)
    ticket = ticket_of(who, number)
    known = queries.open_incidents(who.who, now=who.now)
    form = forms.LinkIncidentForm(request.POST, incidents=known)
    if not form.is_valid():
        messages.warning(request, _("Please choose one of the open major incidents."))
        return HttpResponseRedirect(ticket.path)
    notice = form.cleaned_data["incident"]
    return _done(
        request, who, ticket, notice, incidents.link_incident, _("Linked to the incident.")
    )


@require_POST
@policy("desk.use")
def unlink(request: HttpRequest, number: int, public_id: UUID) -> HttpResponse:
    """Take a request from a major incident."""
    who = reader(request)
    ticket = ticket_of(who, number)
    notice = notice_of(who, public_id)
    return _done(request, who, ticket, notice, incidents.unlink_incident, _("No longer linked."))


def _done(
    request: HttpRequest,
    who: Reader,
    ticket: Ticket,
    notice: DepartmentNotice,
    act: Callable[..., Ticket],
    words: str,
) -> HttpResponse:
    try:
        act(ticket=ticket, notice=notice, by=who.person, now=who.now)
    except actions.DeskError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, words)
    return HttpResponseRedirect(ticket.path)
