"""What people do with two requests at once: relate, merge, split."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import truncatechars
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.desk import actions, forms, policies, queries
from neike.desk.choices import TicketState
from neike.desk.display import times
from neike.desk.models import Ticket
from neike.desk.views.acting import Call, act_on_ticket, answer
from neike.desk.views.reading import Reader, reader, ticket_of
from neike.kernel.limits import limited
from neike.kernel.policies import policy, require

_LONGEST_SEARCH: Final = 120
_SHOWN_OF_A_MESSAGE: Final = 160


@require_safe
@policy("desk.use")
@limited("desk.find_request", "120/m", by="person")
def find(request: HttpRequest) -> HttpResponse:
    """Suggest requests for an input, only those the reader may read."""
    who = reader(request)
    text = request.GET.get(request.GET.get("field", ""), "").strip()[:_LONGEST_SEARCH]
    found = queries.requests_meant(who.person, text, now=who.now) if text else []
    labels = [forms.request_label(each) for each in found]
    return render(request, "desk/related/_options.html", {"requests": labels})


@require_POST
@policy("desk.use")
def link(request: HttpRequest, number: int) -> HttpResponse:
    """Relate a request to another one."""

    def run(call: Call) -> object:
        return actions.link(
            ticket=call.ticket,
            other=call.data["other"],
            kind=call.data["link"],
            by=call.reader.person,
            now=call.reader.now,
        )

    done = _("Related. Both pages show it to whoever may read both.")
    return act_on_ticket(request, number, run, key="link", kind="link", done=done)


@require_POST
@policy("desk.use")
def unlink(request: HttpRequest, number: int) -> HttpResponse:
    """Take a relation away."""
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    form = forms.UnlinkForm(request.POST)

    def run(call: Call) -> object:
        visible = queries.tickets_visible_to(call.reader.who)
        return actions.unlink(
            ticket=call.ticket,
            other=get_object_or_404(visible, number=call.data["other"]),
            kind=call.data["link"],
            by=call.reader.person,
            now=call.reader.now,
        )

    call = Call(request, who, ticket, lead, form)
    return answer(call, run, name="unlink", done=_("The relation is taken away."))


@require_POST
@policy("desk.use")
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Merge a request into another one."""

    def run(call: Call) -> object:
        return actions.merge(
            ticket=call.ticket, into=call.data["other"], why=call.data["reason"], **call.common
        )

    done = _("Merged. For ten minutes you can undo it here.")
    return act_on_ticket(request, number, run, key="merge", kind="merge", done=done)


@require_POST
@policy("desk.use")
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    """Take a merge back."""

    def run(call: Call) -> object:
        return actions.unmerge(ticket=call.ticket, **call.common)

    done = _("Undone. The request goes on as before.")
    return act_on_ticket(request, number, run, key="unmerge", kind="", done=done)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("desk.use")
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Make another request of messages of one, or a part of it."""
    who = reader(request)
    ticket = ticket_of(who, number)
    require(policies.may_split(who.who, ticket))
    if ticket.state == TicketState.MERGED:
        raise Http404
    form = _split_form(request, who, ticket)
    if request.method == "POST" and form.is_valid():
        made = _made(form, who, ticket)
        if made is not None:
            messages.success(
                request, _("Made %(made)s of %(ticket)s.") % {"made": made, "ticket": ticket}
            )
            return HttpResponseRedirect(made.path)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "desk/related/split.html", {"ticket": ticket, "form": form}, status=status
    )


def _split_form(request: HttpRequest, who: Reader, ticket: Ticket) -> forms.SplitForm:
    written = queries.messages_visible_to(who.who, ticket)
    choices = [
        (
            str(each.pk),
            _("%(name)s, %(when)s: %(text)s")
            % {
                "name": each.author.name,
                "when": times.short(each.created_at, now=who.now),
                "text": truncatechars(each.body, _SHOWN_OF_A_MESSAGE),
            },
        )
        for each in written
    ]
    return forms.SplitForm(
        request.POST if request.method == "POST" else None,
        initial={"title": ticket.title},
        messages=choices,
        services=queries.services_to_raise(who.who, who.person, ticket.requester),
    )


def _made(form: forms.SplitForm, who: Reader, ticket: Ticket) -> Ticket | None:
    """Return the new request, or None with the reason in the form."""
    data = form.cleaned_data
    try:
        return actions.split(
            ticket=ticket,
            messages=[int(pk) for pk in data["messages"]],
            service=data["service"],
            by=who.person,
            title=data["title"],
            as_part=data["part"],
            client_key=data["client_key"],
            now=who.now,
        )
    except actions.AnswersWrongError:
        text = _(
            "This service asks for more than the messages say. Choose another one, or make the request by its form and relate the two."
        )
        form.add_error("service", text)
    except actions.DeskError as refused:
        form.add_error(None, str(refused))
    return None
