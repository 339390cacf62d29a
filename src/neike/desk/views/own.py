"""What a reader keeps for themselves on a request: unsent words, out of sight until later, a reminder."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.desk import actions, forms, policies, queries
from neike.desk.choices import FINAL_TICKET_STATES, Later, Visibility
from neike.desk.display import times
from neike.desk.models import Ticket
from neike.desk.queries import own as own_queries
from neike.desk.views import page
from neike.desk.views.acting import Call, answer
from neike.desk.views.reading import Reader, reader, ticket_of
from neike.engines import mentions
from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.models import Person

_KINDS = {"reply": Visibility.PUBLIC, "note": Visibility.INTERNAL}


@require_POST
@policy("desk.use")
@limited("desk.words", "120/m", by="person")
def words(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what is typed in reply or note, and say before it is sent whom it cannot speak to.

    With `discard` the words are forgotten and the page is shown without them; with `keep` (a page without scripts)
    they are kept and the page is shown.
    """
    who = reader(request)
    ticket = ticket_of(who, number)
    form = forms.WordsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": _("The draft could not be kept.")}, status=422)
    visibility = _KINDS[form.cleaned_data["kind"]]
    if not policies.may_post(who.who, ticket, visibility) or ticket.state in FINAL_TICKET_STATES:
        raise Http404
    if request.POST.get("discard"):
        actions.forget_words(ticket=ticket, by=who.person, visibility=visibility)
        return _shown(request, who, ticket, _("The draft is discarded."))
    try:
        kept = actions.keep_words(
            ticket=ticket,
            by=who.person,
            visibility=visibility,
            body=form.cleaned_data["body"],
            client_key=form.cleaned_data["client_key"],
            now=who.now,
        )
    except actions.DeskError as refused:
        return JsonResponse({"problem": str(refused)}, status=422)
    if request.POST.get("keep"):
        return _shown(request, who, ticket, _("The draft is kept."))
    problem = _problem(who, ticket, form.cleaned_data["body"], visibility)
    return JsonResponse({"kept": _("Draft kept") if kept else "", "problem": problem})


def _shown(request: HttpRequest, who: Reader, ticket: Ticket, done: str) -> HttpResponse:
    messages.success(request, done)
    if request.headers.get("HX-Request") == "true":
        return page.respond(request, who, ticket)
    return HttpResponseRedirect(f"{ticket.path}#composer")


def _problem(who: Reader, ticket: Ticket, body: str, visibility: Visibility) -> str:
    """Return why the words would be refused for whom they mention, "" when they would not."""
    meant = queries.people_written(who.person, body, now=who.now)
    refused = queries.left_out(list(meant.values()), ticket, visibility, now=who.now)
    return str(actions.MentionRefusedError(refused, visibility)) if refused else ""


@require_safe
@policy("desk.use")
@limited("desk.mention_people", "240/m", by="person")
def people(request: HttpRequest, number: int) -> HttpResponse:
    """Offer whom the writer may mean: only people they see in the directory."""
    who = reader(request)
    ticket = ticket_of(who, number)
    text = request.GET.get("q", "")[:60]
    found = queries.people_to_mention(who.person, text, now=who.now) if text.strip() else []
    if not text.strip():
        found = _near(who, ticket)
    context = {
        "people": [
            (each, mentions.typed(each.name, each.employee_no, str(each.public_id)))
            for each in found
        ],
        "prefix": request.GET.get("for", "")[:20],
    }
    return render(request, "desk/ticket/_mention_people.html", context)


def _near(who: Reader, ticket: Ticket) -> list[Person]:
    """Return the people on the request, whom one most likely means."""
    followers = [each.person for each in ticket.participants.select_related("person")]
    assigned = [leg.assignee for leg in ticket.legs.all() if leg.assignee]
    every = {one.pk: one for one in [*assigned, ticket.requester, *followers]}
    return [one for one in every.values() if one.pk != who.person.pk and one.erased_at is None][
        : own_queries.OFFERED
    ]


def _act(
    request: HttpRequest,
    number: int,
    form: object,
    run: Callable[[Call], object],
    *,
    name: str,
    done: str | Callable[[], str],
) -> HttpResponse:
    who = reader(request)
    ticket = ticket_of(who, number)
    lead = next(leg for leg in ticket.legs.all() if leg.is_lead)
    return answer(Call(request, who, ticket, lead, form), run, name=name, done=done)  # type: ignore[arg-type]  # a form


def _moment(call: Call) -> datetime:
    return actions.later_moment(
        person=call.reader.person,
        wanted=Later(call.data["when"]),
        day=call.data["date"],
        now=call.reader.now,
    )


@require_POST
@policy("desk.use")
def snooze(request: HttpRequest, number: int) -> HttpResponse:
    """Hide the request from the reader's own lists until later."""
    said: list[str] = []

    def run(call: Call) -> None:
        until = _moment(call)
        by, now = call.reader.person, call.reader.now
        actions.snooze(ticket=call.ticket, by=by, until=until, now=now)
        said.append(_("Hidden from your lists until %(when)s.") % {"when": times.full(until)})
        due = call.ticket.due_at
        if due is not None and due < until:
            said.append(
                _("Mind: it is promised before that, by %(when)s.") % {"when": times.full(due)}
            )

    form = forms.LaterForm(request.POST, auto_id="snooze-%s")
    return _act(request, number, form, run, name="snooze", done=lambda: " ".join(said))


@require_POST
@policy("desk.use")
def wake(request: HttpRequest, number: int) -> HttpResponse:
    """Bring the request back into the reader's lists."""

    def run(call: Call) -> None:
        actions.end_snooze(ticket=call.ticket, by=call.reader.person, now=call.reader.now)

    done = _("It is back in your lists.")
    return _act(request, number, forms.EmptyForm(request.POST), run, name="wake", done=done)


@require_POST
@policy("desk.use")
def remind(request: HttpRequest, number: int) -> HttpResponse:
    """Let the reader be reminded."""
    said: list[str] = []

    def run(call: Call) -> None:
        at = _moment(call)
        actions.remind(
            ticket=call.ticket,
            by=call.reader.person,
            at=at,
            note=call.data["note"],
            now=call.reader.now,
        )
        said.append(_("You will be reminded on %(when)s.") % {"when": times.full(at)})

    form = forms.ReminderForm(request.POST, auto_id="remind-%s")
    return _act(request, number, form, run, name="remind", done=lambda: said[0])


@require_POST
@policy("desk.use")
def reminded(request: HttpRequest, number: int) -> HttpResponse:
    """Take the reminder away."""

    def run(call: Call) -> None:
        actions.end_reminder(ticket=call.ticket, by=call.reader.person, now=call.reader.now)

    done = _("The reminder is done.")
    return _act(request, number, forms.EmptyForm(request.POST), run, name="reminded", done=done)


@require_safe
@policy("desk.use")
def kept(request: HttpRequest) -> HttpResponse:
    """List where the reader was mentioned and what they keep for themselves."""
    who = reader(request)
    context = {
        "mentions": queries.mentions_of(who.who),
        "reminders": queries.sheets_of(who.who, queries.REMINDED),
        "snoozed": queries.sheets_of(who.who, queries.SNOOZED),
        "drafts": queries.sheets_of(who.who, queries.DRAFTED),
        "now": who.now,
    }
    return render(request, "desk/own/kept.html", context)
