"""Doing one thing to many requests of a queue, what came of each, and undoing it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from neike.catalog.choices import Priority
from neike.desk import actions, forms, jobs, policies, queries
from neike.desk.actions.bulk import AT_ONCE, MOST
from neike.desk.choices import BulkAction, BulkState, Later, RowState
from neike.desk.display.offers import offers
from neike.desk.models import BulkRun, Ticket
from neike.desk.queries.department_notices import open_incidents
from neike.desk.views.listing import Listing
from neike.desk.views.reading import Reader, reader
from neike.kernel.jobs import enqueue
from neike.kernel.policies import policy

_DIRECT = (BulkAction.ACCEPT, BulkAction.ASSIGN)


@require_POST
@policy("desk.use")
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing to the chosen legs, or ask first for what it needs; each by its own policy."""
    listing = Listing(reader(request), request.GET)
    action = request.POST.get("action", "")
    wanted = BulkAction(action) if action in BulkAction.values else BulkAction.ACCEPT
    picks = _picks(listing, request.POST)
    if not picks:
        messages.info(request, _("Nothing was chosen."))
        return HttpResponseRedirect(_queue(request.GET))
    if wanted in _DIRECT:
        params = {"to": request.POST.get("to", "")} if wanted == BulkAction.ASSIGN else {}
        return _run(request, listing.who, wanted, picks, _clean(params))
    return _asked(request, listing, wanted, picks)


def _clean(params: dict[str, str]) -> dict[str, str]:
    """Leave out an id that is none."""
    try:
        return {key: str(UUID(value)) for key, value in params.items() if value}
    except ValueError:
        return {}


def _queue(query: QueryDict) -> str:
    return f"{reverse('desk:queue')}?{query.urlencode()}"


def _picks(listing: Listing, posted: QueryDict) -> list[tuple[int, int]]:
    """Return (leg id, version seen) of what was chosen: boxes, or all that the list holds."""
    if posted.get("all") == "1":
        return list(listing.legs().order_by("pk").values_list("pk", "version")[:MOST])
    values = [*posted.getlist("leg"), *posted.get("legs", "").split()]
    return list(_parsed(values).items())[:MOST]


def _parsed(values: Iterable[str]) -> dict[int, int]:
    """Return version by leg id of "id-version" values, leaving out what is none."""
    found = {}
    for value in values:
        left, _dash, right = value.partition("-")
        if left.isdecimal() and right.isdecimal() and max(len(left), len(right)) < 19:  # noqa: PLR2004 - fits 64 bits
            found[int(left)] = int(right)
    return found


def _asked(
    request: HttpRequest, listing: Listing, action: BulkAction, picks: list[tuple[int, int]]
) -> HttpResponse:
    """Ask for what the action needs; once it is there, do it."""
    bound = request.POST if request.POST.get("asked") else None
    everything = request.POST.get("all") == "1"
    initial = {
        "legs": "" if everything else " ".join(f"{pk}-{version}" for pk, version in picks),
        "all": "1" if everything else "",
    }
    form = _form(listing, action, bound, initial)
    if bound is not None and form.is_valid():
        try:
            params = _params(listing.who, form)
        except actions.DeskError as refused:
            form.add_error(None, str(refused))
        else:
            return _run(request, listing.who, action, picks, params)
    next(iter(form.visible_fields())).field.widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "action": action,
        "count": len(picks),
        "query": request.GET.urlencode(),
        "back": _queue(request.GET),
    }
    return render(request, "desk/queue/bulk_form.html", context, status=422 if bound else 200)


def _form(
    listing: Listing, action: BulkAction, bound: QueryDict | None, initial: dict[str, Any]
) -> forms.BulkForm:
    if action == BulkAction.REPLY:
        return forms.BulkReplyForm(
            bound, initial=initial, macros=queries.macros_to(listing.who.who)
        )
    if action in (BulkAction.DELIVER, BulkAction.RESOLVE):
        return forms.BulkNoteForm(bound, initial=initial)
    if action == BulkAction.PRIORITY:
        return forms.BulkPriorityForm(bound, initial=initial)
    who = listing.who
    if action == BulkAction.INCIDENT:
        known = open_incidents(who.who, now=who.now).order_by("-starts_at", "pk")
        return forms.BulkIncidentForm(bound, initial=initial, incidents=known)
    if action == BulkAction.WATCHER:
        return forms.BulkWatcherForm(bound, initial=initial, reader=who.person, on=who.who.on)
    if action in (BulkAction.MERGE, BulkAction.LINK):
        kind = forms.BulkMergeForm if action == BulkAction.MERGE else forms.BulkLinkForm
        return kind(bound, initial=initial, reader=who.person, now=who.now)
    if action == BulkAction.SNOOZE:
        return forms.BulkLaterForm(bound, initial={**initial, "when": Later.TOMORROW})
    without = listing.chosen[0] if len(listing.chosen) == 1 else 0
    found = offers(who.chart, priority=Priority.NORMAL, without=without)
    return forms.BulkHandOverForm(bound, initial=initial, offers=found)


def _params(who: Reader, form: forms.BulkForm) -> dict[str, Any]:
    """Return what the action is done with.

    Raises:
        BadMomentError: what is hidden until later would not come back in time.
    """
    if isinstance(form, forms.BulkLaterForm):
        wanted, day = Later(form.cleaned_data["when"]), form.cleaned_data["date"]
        until = actions.later_moment(person=who.person, wanted=wanted, day=day, now=who.now)
        return {"until": until.isoformat()}
    data = {
        k: v for k, v in form.cleaned_data.items() if k not in {"legs", "all", "offer", "other"}
    }
    if isinstance(form, forms.BulkReplyForm):
        data["macro"] = str(data["macro"].public_id) if data["macro"] else ""
    if isinstance(form, (forms.BulkMergeForm, forms.BulkLinkForm)):
        data["other"] = str(form.cleaned_data["other"].public_id)
    if isinstance(form, forms.BulkIncidentForm):
        data["incident"] = str(data["incident"].public_id)
    if isinstance(form, forms.BulkHandOverForm):
        offer = form.chosen()
        data["department"] = str(offer.department_public_id)
        data["service"] = str(offer.service.public_id) if offer.service else ""
    return data


def _run(
    request: HttpRequest,
    who: Reader,
    action: BulkAction,
    picks: list[tuple[int, int]],
    params: dict[str, Any],
) -> HttpResponse:
    back = request.GET.urlencode()
    run = actions.start_bulk(
        by=who.person, action=action, picks=picks, params=params, back=back, now=who.now
    )
    if len(picks) > AT_ONCE:
        enqueue(jobs.run_bulk, key=str(run.pk), now=who.now, run_id=run.pk)
        return HttpResponseRedirect(reverse("desk:bulk_run", args=[run.public_id]))
    actions.run_bulk(run=run, now=who.now)
    _tell(request, run)
    return HttpResponseRedirect(_queue(request.GET))


def _tell(request: HttpRequest, run: BulkRun) -> None:
    """Say how many were done, and the first refusals; the run's page has them all."""
    rows = list(run.rows.select_related("leg__ticket"))
    done = sum(row.state == RowState.DONE for row in rows)
    if done:
        messages.success(request, _done(BulkAction(run.action), done))
    refused = [row for row in rows if row.state == RowState.REFUSED]
    for row in refused[:5]:
        messages.warning(request, f"{row.leg.ticket}: {row.reason}")
    more = len(refused) - 5
    if more > 0:
        text = ngettext("%(count)d more was refused.", "%(count)d more were refused.", more)
        messages.warning(request, text % {"count": more})


def _done(action: BulkAction, count: int) -> str:
    if action == BulkAction.ACCEPT:
        text = ngettext("%(count)d request accepted.", "%(count)d requests accepted.", count)
    elif action == BulkAction.ASSIGN:
        text = ngettext("%(count)d request assigned.", "%(count)d requests assigned.", count)
    else:
        text = ngettext("Done for %(count)d request.", "Done for %(count)d requests.", count)
    return text % {"count": count}


def _own_run(who: Reader, public_id: UUID) -> BulkRun:
    """Return a run of the reader; one of somebody else is absent."""
    return get_object_or_404(BulkRun, public_id=public_id, person=who.person)


@require_safe
@policy("desk.use")
def bulk_run(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show how far a run is and what came of each request."""
    who = reader(request)
    run = _own_run(who, public_id)
    rows = list(run.rows.select_related("leg__ticket").order_by("pk"))
    tickets = Ticket.objects.filter(pk__in={row.leg.ticket_id for row in rows})
    readable = set(tickets.filter(policies.readable_by(who.who)).values_list("pk", flat=True))
    until = actions.undo_until(run)
    counts = {state: sum(row.state == state for row in rows) for state in RowState}
    context = {
        "run": run,
        "rows": [(row, row.leg.ticket_id in readable) for row in rows],
        "total": len(rows),
        "finished": len(rows) - counts[RowState.WAITING],
        "counts": [(RowState(state).label, count) for state, count in counts.items() if count],
        "running": run.state == BulkState.RUNNING,
        "may_undo": until is not None and who.now <= until,
        "until": until,
        **_back(run),
    }
    part = request.headers.get("HX-Request") == "true"
    template = "desk/queue/_bulk_run.html" if part else "desk/queue/bulk_run.html"
    return render(request, template, context)


def _back(run: BulkRun) -> dict[str, str]:
    """Return where a run was begun: the page of an incident, or the queue."""
    incident = run.params.get("from_incident")
    if incident:
        return {
            "back": reverse("desk:department_notice", args=[incident]),
            "back_words": _("Back to the incident"),
        }
    return {"back": f"{reverse('desk:queue')}?{run.back}", "back_words": _("Back to the queue")}


@require_POST
@policy("desk.use")
def bulk_undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Undo a run."""
    who = reader(request)
    run = _own_run(who, public_id)
    try:
        actions.undo_bulk(run=run, by=who.person, now=who.now)
    except actions.DeskError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Undone. What had changed since stayed as it is."))
    return HttpResponseRedirect(reverse("desk:bulk_run", args=[run.public_id]))
