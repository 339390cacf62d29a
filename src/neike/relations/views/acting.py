"""How a view lets something happen to a relation and tells how it went: the new state, the form again, or what changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from neike.kernel.policies import require
from neike.kernel.registries import RelationSeen
from neike.relations import actions, policies
from neike.relations.choices import Side
from neike.relations.display.ends import full_name
from neike.relations.display.history import change_words
from neike.relations.display.rows import rows_of
from neike.relations.models import ServiceRelation
from neike.relations.views.mine import waiting_count
from neike.relations.views.page import page_context
from neike.relations.views.reading import Reader, is_htmx, reader_of, relation_of
from neike.relations.wording import NO_REASONS


@dataclass
class Outcome:
    """What went wrong: a sentence, what others changed meanwhile, and what was typed."""

    problem: str = ""
    changes: list[str] = field(default_factory=list)
    key: str = ""
    form: forms.Form | None = None


@dataclass
class Call:
    """One posted form: who sent it about which relation, and what it says."""

    request: HttpRequest
    reader: Reader
    relation: ServiceRelation
    data: dict[str, Any]

    @property
    def common(self) -> dict[str, Any]:
        """What every action takes: the relation, who, which version they saw, when."""
        return {
            "relation": self.relation,
            "by": self.reader.person,
            "version": self.data["version"],
            "now": self.reader.now,
        }

    @property
    def side(self) -> str:
        """For which side the person acts."""
        return str(self.data["side"])


def act(
    request: HttpRequest,
    public_id: UUID,
    form_class: type[forms.Form],
    run: Callable[[Call], object],
    *,
    key: str,
    done: str,
) -> HttpResponse:
    """Run an action and answer: what is shown as it is now, 422 with the reason, or 409 with what changed since."""
    reader = reader_of(request)
    relation = relation_of(reader, public_id)
    form = form_class(request.POST, auto_id=f"{key}-%s")
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _again(request, reader, relation, Outcome(problem, [], key, form), status=422)
    try:
        run(Call(request, reader, relation, form.cleaned_data | {"form": form}))
    except actions.RelationChangedError as changed:
        outcome = Outcome(str(changed), _changes(reader, relation, form), key, form)
        return _again(request, reader, relation, outcome, status=409)
    except actions.RelationError as refused:
        return _again(request, reader, relation, Outcome(str(refused), [], key, form), status=422)
    if not (is_htmx(request) and _is_row(request)):  # a row shows by itself what came of it
        messages.success(request, done)
    return _done(request, relation)


def _changes(reader: Reader, relation: ServiceRelation, form: forms.Form) -> list[str]:
    """Say what happened since the version the person saw, oldest first; reasons only to people of the ends."""
    ends = {
        side: full_name(relation, side, reader.chart) for side in (Side.PROVIDER, Side.CUSTOMER)
    }
    rows = relation.changes.filter(seq__gt=form.cleaned_data["version"]).select_related("by")
    return [change_words(each, ends.get(Side(each.side), "")) for each in rows.order_by("seq")]


def _done(request: HttpRequest, relation: ServiceRelation) -> HttpResponse:
    if is_htmx(request):
        reader = reader_of(request)
        return _shown(request, reader, relation_of(reader, relation.public_id), Outcome(), 200)
    if _is_row(request):
        return HttpResponseRedirect(f"{reverse('relations:mine')}#relation-{relation.pk}")
    return HttpResponseRedirect(relation.path)


def _again(
    request: HttpRequest,
    reader: Reader,
    relation: ServiceRelation,
    outcome: Outcome,
    *,
    status: int,
) -> HttpResponse:
    """Answer with the relation as it is now; nothing typed is lost."""
    fresh = relation_of(reader, relation.public_id)
    return _shown(request, reader, fresh, outcome, status)


def _is_row(request: HttpRequest) -> bool:
    return request.POST.get("place") == "row"


def _shown(
    request: HttpRequest,
    reader: Reader,
    relation: ServiceRelation,
    outcome: Outcome,
    status: int,
) -> HttpResponse:
    """Draw the row, the body of the page, or the whole page where no script asked."""
    if is_htmx(request) and _is_row(request):
        return _row(request, reader, relation, outcome, status)
    context = page_context(request, reader, relation) | {"outcome": outcome}
    if is_htmx(request):
        context["fragment"] = True
        return render(request, "relations/relation/_body.html", context, status=status)
    return render(request, "relations/relation.html", context, status=status)


def _row(
    request: HttpRequest,
    reader: Reader,
    relation: ServiceRelation,
    outcome: Outcome,
    status: int,
) -> HttpResponse:
    side = Side.CUSTOMER if request.POST.get("side") == Side.CUSTOMER else Side.PROVIDER
    require(policies.may_act_for(reader.who, relation, side))
    [row] = rows_of(reader.who, [RelationSeen(relation, side)], chart=reader.chart, now=reader.now)
    context = {
        "row": row,
        "outcome": outcome,
        "quick_reasons": NO_REASONS,
        "waiting": waiting_count(reader),
        "fragment": True,
        "now": reader.now,
    }
    return render(request, "relations/mine/_row.html", context, status=status)
