"""The request page: everything it shows, as one page, one fragment or one sheet of paper."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms as django_forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from neike.catalog import queries as catalog_queries
from neike.catalog.choices import TargetMetric
from neike.desk import actions, forms, live, policies, queries
from neike.desk.actions.macros import filled
from neike.desk.choices import (
    FINAL_TICKET_STATES,
    ClockState,
    EventKind,
    TicketState,
    Visibility,
    WaitingOn,
)
from neike.desk.display import (
    history,
    history_of_relations,
    moves,
    offers,
    promises,
    reasons,
    related,
    relay,
    states,
    times,
)
from neike.desk.models import Clock, Leg, Message, OwnSheet, Ticket, TicketEvent
from neike.desk.views import relating, steps
from neike.desk.views.reading import Reader
from neike.engines.clocks import ClockReading
from neike.kernel.attachments.queries import attachments_of_many
from neike.kernel.registries import TICKET_PANELS
from neike.org import queries as org_queries

SHOWN: Final = 150
"""The page shows the latest so many lines of the conversation until somebody asks for all."""
PROMISES_SHOWN: Final = 12
"""And so many promises: those that run and are due first, then those that came to their end."""


@dataclass
class Outcome:
    """How an action on the page ended: bound forms to show again, what others changed, what went wrong."""

    forms: dict[str, django_forms.Form] = field(default_factory=dict)
    changes: Sequence[TicketEvent] = ()
    problem: str = ""
    done: str = ""


def respond(
    request: HttpRequest,
    reader: Reader,
    ticket: Ticket,
    outcome: Outcome | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return the page, or to htmx the part of it that changes."""
    context = page_context(request, reader, ticket, outcome or Outcome())
    fragment = request.headers.get("HX-Request") == "true"
    name = "desk/ticket/_ticket.html" if fragment else "desk/ticket.html"
    return render(request, name, {**context, "fragment": fragment}, status=status)


def page_context(
    request: HttpRequest, reader: Reader, ticket: Ticket, outcome: Outcome
) -> dict[str, Any]:
    """Return what the page shows, in a fixed number of queries whatever the request's length."""
    legs = list(ticket.legs.all())
    events = list(queries.history(reader.who, ticket))
    readings = queries.readings(ticket, now=reader.now)
    names = history.Names(
        legs={leg.no: leg for leg in legs},
        chart=reader.chart,
        people=history.people_in(events),
        now=reader.now,
        tickets=queries.others_named(reader.who, events),
    )
    serves = bool(policies.may_read_internal(reader.who, ticket))
    may_relate = serves or bool(policies.may_relate(reader.who, ticket))
    panel = relating.panel(reader, events, names, may_relate=may_relate)
    conversation = _conversation(reader, ticket, events, names)
    everything = "all" in request.GET or len(conversation) <= SHOWN
    mentions = queries.mentions_in(ticket, internal=serves)
    actions.see_mentions(mentions, person=reader.person, now=reader.now)
    sheet = queries.sheet_of(reader.person.pk, ticket.pk)
    every_clock = _clocks(readings, names, reader.now)
    promised = every_clock if "all" in request.GET else every_clock[:PROMISES_SHOWN]
    return {
        "ticket": ticket,
        "reader": reader.person,
        "shortcuts": queries.preference_of(reader.person.pk).shortcuts,
        "now": reader.now,
        "outcome": outcome,
        "related": panel,
        "split_url": relating.split_url(ticket, may_split=serves),  # as `policies.may_split`
        "unsent": relating.unsent(reader, ticket, panel, outcome.forms),
        "changed_words": _changed_words(outcome.changes, names, serves=serves),
        "state_words": states.ticket_state_words(ticket, reader_id=reader.person.pk),
        "state_tone": states.TICKET_TONES[ticket.state],
        "priority_tone": states.PRIORITY_TONES[ticket.priority],
        "customer_name": reader.chart.name(ticket.customer_id),
        "supplier_name": reader.chart.name(ticket.supplier_id),
        "promise": _promise(ticket, readings, reader.now),
        "cards": _cards(reader, ticket, readings),
        "ball": _ball(ticket, legs, reader),
        "clocks": promised,
        "more_clocks": len(readings) - len(promised),
        "links": queries.links_of(mentions),
        "conversation": conversation if everything else conversation[-SHOWN:],
        "earlier": 0 if everything else len(conversation) - SHOWN,
        "answers": catalog_queries.answer_rows(ticket.form, ticket.answers),
        "own_files": attachments_of_many(Ticket, [ticket.pk]),
        "serves": serves,
        **_live(ticket, readings, serves=serves, now=reader.now),
        **_moves(reader, ticket, legs, events, outcome, every_clock, names.people, panel, sheet),
        **_own(sheet, outcome, serves=serves, now=reader.now),
        **_side(reader, ticket, outcome),
        "panels": _panels(reader, ticket),
        "copy_url": _copy_url(reader, ticket),
    }


def _copy_url(reader: Reader, ticket: Ticket) -> str:
    """Return where one begins a rejected or withdrawn request anew, "" for others."""
    if not policies.may_copy(reader.who, ticket):
        return ""
    return f"{reverse('desk:new', args=[ticket.service.key])}?copy={ticket}"


def _live(
    ticket: Ticket,
    readings: Sequence[tuple[Clock, ClockReading]],
    *,
    serves: bool,
    now: datetime,
) -> dict[str, Any]:
    """Return what the page listens to, and when time alone will have changed it."""
    clocks = [clock for clock, _reading in readings if clock.state == ClockState.RUNNING]
    seconds = times.seconds_to_next((m for c in clocks for m in (c.warn_at, c.due_at)), now=now)
    return {
        "topics": f"{live.NOTES if serves else live.TICKET}:{ticket.pk}",
        "next_change": seconds,
        "next_change_at": int(now.timestamp()) + seconds,
        "shows_presence": serves and settings.LIVE,
    }


def _readable(changes: Iterable[TicketEvent], *, serves: bool) -> list[TicketEvent]:
    """Return the events of a conflict that the reader may know of."""
    return [
        event
        for event in changes
        if serves
        or not (
            event.kind == EventKind.MESSAGE_POSTED
            and event.data.get("visibility") == Visibility.INTERNAL
        )
    ]


def _changed_words(
    changes: Sequence[TicketEvent], names: history.Names, *, serves: bool
) -> list[tuple[str, str, datetime]]:
    return [
        (event.by.name if event.by else "", history.sentence(event, names), event.at)
        for event in _readable(changes, serves=serves)
        if not history_of_relations.is_hidden(event, names)
    ]


def _conversation(
    reader: Reader, ticket: Ticket, events: Sequence[TicketEvent], names: history.Names
) -> list[history.Moment]:
    messages = {each.pk: each for each in queries.messages_visible_to(reader.who, ticket)}
    files: dict[int, list[Any]] = defaultdict(list)
    for each in attachments_of_many(Message, list(messages)):
        files[each.owner_id or 0].append(each)
    return history.moments(events, names, messages=messages, files=files)


def _promise(
    ticket: Ticket, readings: Sequence[tuple[Clock, ClockReading]], now: datetime
) -> dict[str, Any] | None:
    """Return the promise of the whole request: its chip, its moment and why."""
    found = next(
        (each for each in readings if each[0].metric == TargetMetric.END_TO_END), None
    ) or next(iter(readings), None)
    if found is None:
        return None
    return {"ticket": ticket, **_clock(*found, now)}


def _clock(clock: Clock, reading: ClockReading, now: datetime) -> dict[str, Any]:
    calendar = org_queries.prepared_calendar(clock.calendar)
    due = clock.due_at
    return {
        "clock": clock,
        "chip": promises.chip(clock, clock.calendar, now=now),
        "due": due,
        "due_full": times.full(due) if due else "",
        "used": times.working(reading.used, calendar),
        "target": times.working(reading.target, calendar),
        "left": times.working(reading.remaining, calendar),
        "why": reasons.sentences(reading, calendar, calendar_name=str(clock.calendar.name)),
        "note": promises.note(clock, clock.calendar),
    }


def _clocks(
    readings: Sequence[tuple[Clock, ClockReading]], names: history.Names, now: datetime
) -> list[dict[str, Any]]:
    found = []
    for clock, reading in readings:
        whose = names.supplier(clock.leg.no) if clock.leg else ""
        found.append({**_clock(clock, reading, now), "whose": whose})
    return found


def _cards(
    reader: Reader, ticket: Ticket, readings: Sequence[tuple[Clock, ClockReading]]
) -> list[relay.Card]:
    by_metric = {
        (clock.leg.no if clock.leg else None, clock.metric): (clock, reading)
        for clock, reading in readings
    }
    return relay.cards(
        queries.relay_bar(ticket, now=reader.now),
        by_metric,
        chart=reader.chart,
        requester=ticket.requester.name,
        now=reader.now,
    )


def _ball(ticket: Ticket, legs: Sequence[Leg], reader: Reader) -> list[str]:
    """Return who has to do the next thing: people or departments."""
    if ticket.state in FINAL_TICKET_STATES:
        return []
    if ticket.state == TicketState.RESOLVED or ticket.waiting_on == WaitingOn.REQUESTER:
        return [ticket.requester.name]
    found = []
    if any(leg.waiting_on == WaitingOn.APPROVER and leg.ended_at is None for leg in legs):
        found += queries.open_approvers([ticket.pk]).get(ticket.pk, [])
    for leg in legs:
        if leg.waiting_on == WaitingOn.SUPPLIER and leg.ended_at is None:
            name = reader.chart.name(leg.supplier_id)
            found.append(f"{name} · {leg.assignee.name}" if leg.assignee else name)
    return found


def _moves(
    reader: Reader,
    ticket: Ticket,
    legs: Sequence[Leg],
    events: Sequence[TicketEvent],
    outcome: Outcome,
    clocks: Sequence[dict[str, Any]],
    people: Mapping[int, str],
    panel: related.Panel,
    sheet: OwnSheet,
) -> dict[str, Any]:
    """Return the buttons, and the forms behind them."""
    lead = next(leg for leg in legs if leg.is_lead)
    last = next((e for e in reversed(events) if e.kind == EventKind.CONFIRMED), None)
    by_leg = [
        relating.with_parts(each, panel) for each in moves.leg_moves(reader.who, ticket, legs)
    ]
    whole = moves.ticket_moves(
        reader.who,
        ticket,
        lead,
        reopen_until=queries.reopen_until(ticket),
        closed_by_itself=bool(last and last.data.get("automatic")),
        now=reader.now,
    )
    departments = {each.leg.pk: reader.chart.name(each.leg.supplier_id) for each in by_leg}
    stepped = steps.context(reader, ticket, legs, clocks, people)
    merged = next((e.at for e in reversed(events) if e.kind == EventKind.MERGED), None)
    more = moves.relating_moves(
        reader.who, ticket, lead, may_relate=panel.may_relate, merged_at=merged, now=reader.now
    )
    every = [*whole, *more, *(move for each in by_leg for move in each.moves), *stepped.moves]
    composer = _composer(reader, ticket, legs, outcome, sheet)
    places = {move.id for move in every} | set(composer["composer"]) | {"follow"}
    return {
        "typed": _typed_without_place(outcome, places),
        "steps": stepped,
        "leg_moves": [(departments[each.leg.pk], each) for each in by_leg],
        "ticket_moves": whole,
        "more_moves": more,
        "move_forms": [
            (move, outcome.forms.get(move.id) or move_form(move, legs, reader))
            for move in every
            if move.form
        ],
        **composer,
    }


def _typed_without_place(outcome: Outcome, places: Collection[str]) -> list[str]:
    """Return what somebody typed into a form that the request, as it is now, has no more: it is shown to be copied."""
    gone = (form for name, form in outcome.forms.items() if name not in places)
    written = (
        str(field.value() or "")
        for form in gone
        for field in form
        if isinstance(field.field.widget, django_forms.Textarea)
    )
    return [text for text in written if text.strip()]


def move_form(move: moves.Move, legs: Iterable[Leg], reader: Reader) -> django_forms.Form:
    """Return the empty form behind a button."""
    leg = next((each for each in legs if each.no == move.leg_no), None)
    return form_of(move.form, move.id, leg=leg, reader=reader, version=move.version)


def form_of(
    kind: str,
    prefix: str,
    *,
    leg: Leg | None,
    reader: Reader,
    version: int = 0,
    data: Any = None,  # noqa: ANN401 - a query dict
) -> django_forms.Form:
    """Return the form of a kind, empty or bound; `prefix` keeps the ids of several on one page apart."""
    initial = {"version": version}
    auto_id = f"{prefix}-%s"
    if kind == "assign" and leg is not None:
        on = reader.who.on
        initial["to"] = leg.assignee.public_id if leg.assignee else None  # type: ignore[assignment]
        return forms.AssignForm(
            data,
            initial=initial,
            auto_id=auto_id,
            agents=None if data is None else org_queries.agents_of(leg.supplier, on=on),
            colleagues=org_queries.colleagues_of(leg.supplier_id, on=on),
        )
    if kind in {"ask-approval", "give-task"}:
        form = forms.AskApprovalForm if kind == "ask-approval" else forms.GiveTaskForm
        return form(data, initial=initial, auto_id=auto_id, reader=reader.person, on=reader.who.on)
    if kind == "add-task" and leg is not None:
        kept = queries.checklists_of([leg.supplier_id])
        return forms.TaskForm(data, initial=initial, auto_id=auto_id, checklists=kept)
    if kind in {"link", "merge"}:
        pair = forms.LinkForm if kind == "link" else forms.MergeForm
        return pair(data, initial=initial, auto_id=auto_id, reader=reader.person, now=reader.now)
    return _FORMS[kind](data, initial=initial, auto_id=auto_id)


_FORMS: Final[dict[str, type[forms.MoveForm]]] = {
    "": forms.MoveForm,
    "return": forms.ReturnForm,
    "note": forms.NoteForm,
    "note-parts": forms.ResolveForm,
    "reason": forms.ReasonForm,
    "optional-reason": forms.OptionalReasonForm,
    "priority": forms.PriorityForm,
    "wait": forms.WaitForm,
    "ask": forms.AskForm,
    "approve": forms.ApproveForm,
    "refuse": forms.RefuseForm,
    "question": forms.QuestionForm,
}


def _composer(
    reader: Reader, ticket: Ticket, legs: Sequence[Leg], outcome: Outcome, sheet: OwnSheet
) -> dict[str, Any]:
    """Return the composer: which ways of writing the person has, each with its form and what is typed already."""
    may_write = ticket.state not in FINAL_TICKET_STATES
    found: dict[str, django_forms.Form] = {}
    if may_write and policies.may_post(reader.who, ticket, Visibility.PUBLIC):
        found["reply"] = outcome.forms.get("reply") or _message_form("reply", sheet.reply)
    if may_write and policies.may_read_internal(reader.who, ticket):
        found["note"] = outcome.forms.get("note") or _message_form("note", sheet.note)
    leg = moves.working_leg(reader.who, legs) if may_write else None
    if leg is not None:
        found |= _leg_composer(reader, leg, outcome)
    kept = {"reply": sheet.reply, "note": sheet.note}
    first = next((name for name in found if name in outcome.forms), None)
    first = first or next((name for name in found if kept.get(name)), None)
    return {
        "composer": found,
        "macros": _macros(reader, ticket) if "note" in found else [],
        "composer_leg": leg,
        "kept_words": [name for name in found if kept.get(name) and name not in outcome.forms],
        "composer_open": first or next(iter(found), ""),
    }


def _message_form(name: str, body: str) -> forms.MessageForm:
    return forms.MessageForm(auto_id=f"{name}-%s", initial={"body": body})


def _own(sheet: OwnSheet, outcome: Outcome, *, serves: bool, now: datetime) -> dict[str, Any]:
    """Return what only the reader sees: their reminder, and until when they hide the request."""
    until = sheet.snoozed_until
    return {
        "sheet": sheet,
        "snoozed": until if until is not None and until > now else None,
        "may_snooze": serves,
        "reminder_due": sheet.remind_at is not None and sheet.remind_at <= now,
        "snooze_form": outcome.forms.get("snooze") or forms.LaterForm(auto_id="snooze-%s"),
        "remind_form": outcome.forms.get("remind") or forms.ReminderForm(auto_id="remind-%s"),
    }


def _macros(reader: Reader, ticket: Ticket) -> list[tuple[str, str]]:
    """Return (name, text) of the macros the reader has, filled in for this request in the requester's language."""
    language = ticket.requester.language or reader.person.language or get_language() or ""
    return [
        (
            str(macro.name),
            filled(
                macro.body.in_language(language), ticket=ticket, agent=reader.person, now=reader.now
            ),
        )
        for macro in queries.macros_to(reader.who)
    ]


def _leg_composer(reader: Reader, leg: Leg, outcome: Outcome) -> dict[str, django_forms.Form]:
    initial = {"version": leg.version, "follow_up_at": next_morning(reader.now)}
    return {
        "ask": outcome.forms.get("ask") or forms.AskForm(initial=initial, auto_id="ask-%s"),
        "hand-over": outcome.forms.get("hand-over")
        or forms.HandOverForm(
            initial={"version": leg.version},
            auto_id="hand-over-%s",
            offers=hand_over_offers(reader, leg),
        ),
        "wait": outcome.forms.get("wait") or forms.WaitForm(initial=initial, auto_id="wait-%s"),
    }


def hand_over_offers(reader: Reader, leg: Leg) -> Sequence[offers.Offer]:
    """Return what the leg's department can ask of others."""
    return offers.offers(reader.chart, priority=leg.priority, without=leg.supplier_id)


def next_morning(now: datetime) -> datetime:
    """Return nine o'clock of the reader's next day, as a proposal."""
    zone = timezone.get_current_timezone()
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(9), tzinfo=zone)


def _side(reader: Reader, ticket: Ticket, outcome: Outcome) -> dict[str, Any]:
    who = reader.who
    followers = list(ticket.participants.select_related("person").order_by("added_at", "pk"))
    linked = queries.tickets_visible_to(who)
    before = linked.filter(pk=ticket.follow_up_of_id) if ticket.follow_up_of_id else ()
    may_add = bool(policies.may_add_participant(who, ticket))
    return {
        "followers": [
            (each.person, may_add or each.person_id == who.person_id) for each in followers
        ],
        "may_add_follower": may_add,
        "may_follow": may_add
        and reader.person.pk not in {each.person_id for each in followers}
        and reader.person.pk not in (ticket.requester_id, ticket.raised_by_id),
        "follower_form": outcome.forms.get("follow")
        or forms.FollowerForm(auto_id="follow-%s", reader=reader.person, on=who.on),
        "follow_ups": [*before, *linked.filter(follow_up_of=ticket).order_by("number")],
    }


def _panels(reader: Reader, ticket: Ticket) -> list[dict[str, Any]]:
    """Return what upper modules show here (rating, thanks): template and context of each."""
    found = []
    for panel in TICKET_PANELS:
        context = panel.context(reader.person, ticket, reader.now)
        if context:
            found.append({"key": panel.key, "template": panel.template, "context": context})
    return found
