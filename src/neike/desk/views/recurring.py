"""Recurring requests: what is made again, when next, and setting one up."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.catalog.forms import request_form
from neike.catalog.models import Service
from neike.desk import actions, policies, queries
from neike.desk.actions import recurring as recurring_actions
from neike.desk.choices import RecurringState
from neike.desk.forms import ScheduleForm
from neike.desk.models import RecurringRequest, Ticket
from neike.desk.queries.recurring import next_dates, recurring_visible_to
from neike.desk.views.reading import Reader, reader
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.models import Person

_REFUSED: Final = 422
_SHOWN_DATES: Final = 3
_SHOWN: Final = 100


@require_safe
@policy("desk.use")
def recurring(request: HttpRequest) -> HttpResponse:
    """Show the recurring requests that concern the reader, those still going on first, with their next dates."""
    who = reader(request)
    on = org_queries.organisation_day(who.now)
    rows = [
        (one, next_dates(one, _SHOWN_DATES, on=on) if one.state == RecurringState.ACTIVE else [])
        for one in recurring_visible_to(who.who)[:_SHOWN]
    ]
    return render(request, "desk/recurring/list.html", {"rows": rows, "person": who.person})


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
@limited("desk.recurring", "30/m")
def recurring_new(request: HttpRequest, key: str) -> HttpResponse:
    """Set up that a service is asked for again; `?from=1042` takes over what an earlier request said."""
    who = reader(request)
    service = _offered(who, key)
    like = _like(who, service, request.GET.get("from", ""))
    data = request.POST or None
    on = org_queries.organisation_day(who.now)
    schedule = ScheduleForm(
        data,
        reader=who.person,
        on=on,
        for_others=who.who.serves_in(service.department_id) or bool(who.who.leads),
        initial={"title": like.title} if like else {},
    )
    if service.form is None:
        raise Http404
    answers: Mapping[str, Any] | None = like.answers if like else None
    form = request_form(
        service.form, data, request.FILES or None, reader=who.person, on=on, answers=answers
    )
    if request.method == "POST" and all([schedule.is_valid(), form.is_valid()]):
        try:
            made = recurring_actions.set_up_recurring(
                service=service,
                by=who.person,
                requester=_requester(who, service, schedule),
                answers={
                    key: value for key, value in form.answers.items() if key not in form.uploads
                },
                title=schedule.cleaned_data["title"],
                schedule=schedule.schedule(),
                now=who.now,
            )
        except actions.AnswersWrongError as wrong:
            for name, said in wrong.errors.items():
                form.add_error(name if name in form.fields else None, said)
        except actions.DeskError as refused:
            schedule.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Set up. The first request is made on %(day)s.") % {"day": made.next_on}
            )
            return redirect("desk:recurring")
    context = {"service": service, "schedule": schedule, "form": form, "like": like}
    status = _REFUSED if request.method == "POST" else 200
    return render(request, "desk/recurring/new.html", context, status=status)


def _offered(who: Reader, key: str) -> Service:
    on = org_queries.organisation_day(who.now)
    return get_object_or_404(catalog_queries.services_visible_to(who.person, on), key=key)


def _like(who: Reader, service: Service, number: str) -> Ticket | None:
    """Return the earlier request to take over, if the reader may read it and it was for this service."""
    if not number.isdecimal() or len(number) > 15:  # noqa: PLR2004 - fits the column
        return None
    readable = queries.tickets_visible_to(who.who)
    return readable.filter(number=int(number), service=service).first()


def _requester(who: Reader, service: Service, schedule: ScheduleForm) -> Person:
    """Return for whom it is.

    Raises:
        NotOnBehalfError: the reader may not ask for that person.
    """
    public_id = schedule.cleaned_data.get("requester")
    if not public_id:
        return who.person
    found = Person.objects.get(public_id=public_id)
    if not policies.may_raise_for(who.who, found, service):
        raise NotOnBehalfError
    return found


class NotOnBehalfError(actions.DeskError):
    """Somebody asks for a person they may not ask for."""

    def __str__(self) -> str:
        return _("You may ask for people of the departments you lead, and for whom you serve.")


_ACTS: Final = {
    "pause": recurring_actions.pause_recurring,
    "resume": recurring_actions.resume_recurring,
    "stop": recurring_actions.stop_recurring,
}


@require_POST
@policy("desk.use")
def recurring_act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pause, resume or stop one."""
    who = reader(request)
    one: RecurringRequest = get_object_or_404(recurring_visible_to(who.who), public_id=public_id)
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        act(one=one, by=who.person, now=who.now)
    except actions.DeskError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect("desk:recurring")
