"""Stating a new relation between two departments, positions or persons."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.org.choices import Role
from neike.relations import actions
from neike.relations.choices import Closeness, Origin, RelationKind, RelationLevel
from neike.relations.display.ends import sentence
from neike.relations.forms.relations import NewRelationForm
from neike.relations.models import ServiceRelation
from neike.relations.views.reading import Reader, reader_of


@require_http_methods(["GET", "HEAD", "POST"])
@policy("relations.use")
@limited("relations.new", "60/m")
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new relation at a level, or state it and go to its page."""
    reader = reader_of(request)
    level = _level(request, reader)
    is_post = request.method == "POST"
    form = NewRelationForm(
        request.POST if is_post else None,
        level=level,
        reader=reader.person,
        chart=reader.chart,
        on=reader.on,
        initial=_initial(request, reader, level),
    )
    context: dict[str, Any] = {
        "form": form,
        "level": level,
        "levels": RelationLevel.choices,
        "trail": [(_("My internal customers"), reverse("relations:mine")), (_("New relation"), "")],
    }
    if not (is_post and form.is_valid()):
        return render(request, "relations/new.html", context, status=422 if is_post else 200)
    try:
        made = _make(reader, form)
    except (actions.DuplicateRelationError, actions.RejectedLatelyError) as known:
        form.add_error(None, str(known))
        context["known"] = known.relation
        context["known_sentence"] = sentence(known.relation, reader.chart)
    except actions.RelationError as refused:
        form.add_error(None, str(refused))
    except PermissionDenied:
        form.add_error(
            None,
            _("You speak for neither of the two. One of them must be you, or be led by you."),
        )
    else:
        messages.success(request, _("Stated. The other side is asked to confirm it."))
        return HttpResponseRedirect(made.path)
    return render(request, "relations/new.html", context, status=422)


def _make(reader: Reader, form: NewRelationForm) -> ServiceRelation:
    """State it for one's own end; a quality officer, who has none, proposes it to both."""
    data = form.cleaned_data
    common: dict[str, Any] = {
        "provider": form.end("provider"),
        "customer": form.end("customer"),
        "kind": data["kind"],
        "closeness": data["closeness"],
        "valid_from": data["valid_from"],
        "by": reader.person,
        "now": reader.now,
    }
    try:
        return actions.declare(**common)
    except PermissionDenied:
        return actions.propose(origin=Origin.DECLARED, **common)


def _level(request: HttpRequest, reader: Reader) -> str:
    """Return the level asked for; without one departments for those who speak for any, else persons."""
    asked = request.POST.get("level") or request.GET.get("level", "")
    if asked in RelationLevel.values:
        return asked
    officer = bool(reader.who.held.of(Role.QUALITY_OFFICER))
    speaks = bool(reader.who.leads) or officer
    return RelationLevel.DEPARTMENT if speaks else RelationLevel.PERSON


def _initial(request: HttpRequest, reader: Reader, level: str) -> dict[str, Any]:
    """Fill in one's own end as the provider, unless the address says otherwise."""
    found: dict[str, Any] = {
        "valid_from": reader.on,
        "closeness": Closeness.REGULAR,
        "kind": RelationKind.SUPPORT if level != RelationLevel.PERSON else RelationKind.NEXT_STEP,
    }
    if level == RelationLevel.DEPARTMENT:
        own = next((reader.chart.get(each) for each in sorted(reader.who.held.heads)), None)
        found["provider"] = str(own.public_id) if own else ""
    elif level == RelationLevel.PERSON:
        found["provider"] = f"{reader.person.name} ({reader.person.employee_no})"
    asked = {side: request.GET[side] for side in ("provider", "customer") if side in request.GET}
    return found | {side: value[:120] for side, value in asked.items()}
