"""How a view lets an action happen and tells how it went: the new state, the form again, or what others changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from neike.desk import actions, forms
from neike.desk.models import Leg, Ticket
from neike.desk.views import page
from neike.desk.views.page import Outcome
from neike.desk.views.reading import Reader, leg_of, reader, ticket_of


@dataclass
class Call:
    """One posted form: the request it is about, its leg if any, and what was typed."""

    request: HttpRequest
    reader: Reader
    ticket: Ticket
    leg: Leg
    form: django_forms.Form

    @property
    def data(self) -> dict[str, Any]:
        """The cleaned fields."""
        return self.form.cleaned_data

    @property
    def common(self) -> dict[str, Any]:
        """What every action takes: who, which version they saw, when."""
        return {
            "by": self.reader.person,
            "version": self.data["version"],
            "now": self.reader.now,
        }


Run = Callable[[Call], object]


def act_on_leg(
    request: HttpRequest, number: int, no: int, run: Run, *, key: str, kind: str, done: str
) -> HttpResponse:
    """Do something with a leg. `key` names the button, `kind` its form, `done` what is said afterwards."""
    who = reader(request)
    ticket = ticket_of(who, number)
    leg = leg_of(ticket, no)
    name = key if key in {"ask", "wait", "hand-over"} else f"{key}-{no}"
    if kind == "hand-over":
        form: django_forms.Form = forms.HandOverForm(
            request.POST, auto_id=f"{name}-%s", offers=page.hand_over_offers(who, leg)
        )
    else:
        form = page.form_of(kind, name, leg=leg, reader=who, data=request.POST)
    return answer(Call(request, who, ticket, leg, form), run, name=name, done=done)


def act_on_ticket(
    request: HttpRequest, number: int, run: Run, *, key: str, kind: str, done: str
) -> HttpResponse:
    """Do something with the request as a whole."""
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    form = page.form_of(kind, key, leg=None, reader=who, data=request.POST)
    return answer(Call(request, who, ticket, lead, form), run, name=key, done=done)


def answer(call: Call, run: Run, *, name: str, done: str | Callable[[], str]) -> HttpResponse:
    """Run an action and answer: the page as it is now, 422 with the form, or 409 with what changed since.

    `done` is what is said afterwards, or tells it once the action has run.
    """
    if not call.form.is_valid():
        return _again(call, name)
    try:
        run(call)
    except (actions.TicketChangedError, actions.LegChangedError) as changed:
        outcome = Outcome({name: call.form}, changed.changes, str(changed))
        return _page(call, outcome, status=409)
    except actions.DeskError as refused:
        call.form.add_error(None, str(refused))
        return _again(call, name)
    return _done(call, done if isinstance(done, str) else done())


def _again(call: Call, name: str) -> HttpResponse:
    hidden = [str(error) for field in call.form.hidden_fields() for error in field.errors]
    problems = [*map(str, call.form.non_field_errors()), *hidden]
    return _page(call, Outcome({name: call.form}, problem=" ".join(problems)), status=422)


def _page(call: Call, outcome: Outcome, *, status: int) -> HttpResponse:
    """Return the page with the request as it is now; nothing typed is lost."""
    fresh = ticket_of(call.reader, call.ticket.number)
    for form in outcome.forms.values():
        _see_present_version(form, call, fresh)
    return page.respond(call.request, call.reader, fresh, outcome, status=status)


def _see_present_version(form: django_forms.Form, call: Call, fresh: Ticket) -> None:
    """Let the form's next try carry the version that the answer shows."""
    if "version" not in form.data:
        return
    leg = next((each for each in fresh.legs.all() if each.no == call.leg.no), None)
    is_of_ticket = call.request.path.find("/legs/") < 0
    version = fresh.version if is_of_ticket or leg is None else leg.version
    data = call.request.POST.copy()
    data["version"] = str(version)
    form.data = data


def _done(call: Call, done: str) -> HttpResponse:
    """Return the page as it is now, or send the person on when it is theirs to read no more."""
    messages.success(call.request, done)
    is_htmx = call.request.headers.get("HX-Request") == "true"
    try:
        fresh = ticket_of(Reader(call.reader.person, call.reader.now), call.ticket.number)
    except Http404:
        queue = reverse("desk:queue")
        return HttpResponseClientRedirect(queue) if is_htmx else HttpResponseRedirect(queue)
    if not is_htmx:
        return HttpResponseRedirect(fresh.path)
    return page.respond(call.request, call.reader, fresh)
