"""The approver's cards: what waits for a decision, what was decided lately, tasks in one's hands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.catalog import queries as catalog_queries
from neike.desk import actions, forms, policies, queries
from neike.desk.choices import ApprovalState
from neike.desk.display import approvals as asked_for
from neike.desk.display import promises, times
from neike.desk.models import Approval, ApprovalVote, Clock
from neike.desk.views.reading import Reader, reader
from neike.kernel.policies import policy
from neike.org import queries as org_queries

CARDS: Final = 25
DECIDED: Final = 50
VERBS: Final[Mapping[str, tuple[str, type[forms.MoveForm]]]] = {
    "approve": ("note", forms.ApproveForm),
    "refuse": ("reason", forms.RefuseForm),
    "ask": ("question", forms.QuestionForm),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One approval that waits for the reader. `for_others` are those they stand in for."""

    shown: asked_for.Shown
    approval: Approval
    customer: str
    waited: str
    chip: promises.Chip | None
    behind: str
    answers: Sequence[Any]
    for_others: Sequence[str]
    form: Mapping[str, django_forms.Form]
    opened: str


@require_safe
@policy("desk.use")
def approvals(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader's approval, what they decided, and their tasks."""
    return render(request, "desk/approver/approver.html", _context(request, reader(request)))


@require_POST
@policy("desk.use")
def decide(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Approve, reject or ask from a card; answer with the cards, 422 with the form where something is wrong."""
    if verb not in VERBS:
        raise Http404
    who = reader(request)
    approval = get_object_or_404(
        queries.approvals_visible_to(who.who).select_related("ticket"), public_id=public_id
    )
    name, form_class = VERBS[verb]
    form = form_class(request.POST, auto_id=f"{verb}-{public_id}-%s")
    if form.is_valid():
        try:
            said = act(verb, approval, who, form.cleaned_data[name])
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return _answer(request, Reader(who.person, who.now))
    return _answer(request, who, {(approval.pk, verb): form}, status=422)


def act(verb: str, approval: Approval, who: Reader, words: str) -> str:
    """Let somebody decide or ask; return what is said afterwards."""
    by, now = who.person, who.now
    run: Mapping[str, Callable[[], object]] = {
        "approve": lambda: actions.approve(approval=approval, by=by, note=words, now=now),
        "refuse": lambda: actions.refuse(approval=approval, by=by, why=words, now=now),
        "ask": lambda: actions.ask_before_deciding(
            approval=approval, by=by, question=words, now=now
        ),
    }
    run[verb]()
    return {
        "approve": _("Approved."),
        "refuse": _("Rejected, with your reason."),
        "ask": _("Asked. The decision stays open."),
    }[verb]


def _answer(
    request: HttpRequest,
    who: Reader,
    typed: Mapping[tuple[int, str], django_forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    fragment = request.headers.get("HX-Request") == "true"
    if not fragment and status == 200:  # noqa: PLR2004
        return HttpResponseRedirect(reverse("desk:approvals"))
    name = "desk/approver/_cards.html" if fragment else "desk/approver/approver.html"
    context = _context(request, who, typed or {})
    return render(request, name, {**context, "fragment": fragment}, status=status)


def _context(
    request: HttpRequest,
    who: Reader,
    typed: Mapping[tuple[int, str], django_forms.Form] | None = None,
) -> dict[str, Any]:
    """Return what the page shows, in a fixed number of queries but for names in forms' answers."""
    tab = request.GET.get("tab", "")
    votes = list(queries.with_request(queries.votes_waiting_for(who.who))[: CARDS + 1])
    refused = typed or {}
    context: dict[str, Any] = {
        "tab": tab if tab in {"decided", "tasks"} else "waiting",
        "cards": _cards(who, votes[:CARDS], refused),
        "more": len(votes) > CARDS,
        "now": who.now,
        "problem": " ".join(
            str(error) for form in refused.values() for error in form.non_field_errors()
        ),
    }
    if tab == "decided":
        context["decided"] = _decided(who)
    if tab == "tasks":
        rows = queries.tasks_waiting_for(who.who).select_related("ticket", "assignee")
        context["tasks"] = list(rows[:DECIDED])
    return context


def _cards(
    who: Reader,
    votes: Sequence[ApprovalVote],
    typed: Mapping[tuple[int, str], django_forms.Form],
) -> list[Card]:
    asked = list({vote.approval_id: vote.approval for vote in votes}.values())
    clocks = queries.approver_clocks(asked) if asked else {}
    return [_card(who, each, clocks.get((each.ticket_id, each.no)), typed) for each in asked]


def _card(
    who: Reader,
    approval: Approval,
    clock: Clock | None,
    typed: Mapping[tuple[int, str], django_forms.Form],
) -> Card:
    ticket = approval.ticket
    shown = asked_for.shown(who.who, ticket, approval)
    steps = list(ticket.standard.steps.all())
    return Card(
        shown=shown,
        approval=approval,
        customer=who.chart.name(ticket.customer_id),
        waited=waited(approval, now=who.now),
        chip=promises.chip(clock, clock.calendar, now=who.now) if clock else None,
        behind=asked_for.waits_behind(approval, steps),
        answers=catalog_queries.answer_rows(ticket.form, ticket.answers),
        for_others=shown.for_others,
        form={verb: _form(verb, approval, typed) for verb in VERBS},
        opened=next((verb for verb in VERBS if (approval.pk, verb) in typed), ""),
    )


def _form(
    verb: str, approval: Approval, typed: Mapping[tuple[int, str], django_forms.Form]
) -> django_forms.Form:
    _name, form_class = VERBS[verb]
    fresh = form_class(initial={"version": 0}, auto_id=f"{verb}-{approval.public_id}-%s")
    return typed.get((approval.pk, verb)) or fresh


def _decided(who: Reader) -> list[dict[str, Any]]:
    """Return what the reader decided lately, as far as they may still read it."""
    rows = queries.with_request(queries.decided_lately(who.who, now=who.now))
    readable = queries.tickets_visible_to(who.who).order_by().values("pk")
    rows = rows.filter(approval__ticket__in=readable)
    return [
        {
            "vote": vote,
            "voice": asked_for.voices([vote])[0],
            "ticket": vote.approval.ticket,
            "approval": vote.approval,
            "tone": asked_for.TONES[vote.approval.state],
            "is_open": vote.approval.state == ApprovalState.OPEN,
        }
        for vote in rows[:DECIDED]
    ]


def may_decide(who: policies.Standing, approval: Approval) -> bool:
    """Tell whether an open approval waits for somebody."""
    votes = list(approval.votes.select_related("person", "decided_by"))
    is_open = approval.state == ApprovalState.OPEN
    return is_open and bool(asked_for.open_votes_of(who, approval.ticket, votes))


def waited(approval: Approval, *, now: datetime) -> str:
    """Return how much working time an approval has waited, by the calendar of its request."""
    calendar = org_queries.prepared_calendar(approval.ticket.standard.calendar)
    return times.working(calendar.worked_between(approval.asked_at, now), calendar)
