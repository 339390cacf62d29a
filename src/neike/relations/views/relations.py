"""One relation: its page, and what the two ends say about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from neike.kernel.limits import limited
from neike.kernel.policies import policy
from neike.relations import actions
from neike.relations.choices import RelationState
from neike.relations.forms.relations import (
    ClosenessForm,
    CorrectForm,
    EndForm,
    NoteForm,
    ReasonForm,
    SayForm,
)
from neike.relations.views.acting import Call, act
from neike.relations.views.page import page_context
from neike.relations.views.reading import is_htmx, reader_of, relation_of


@require_safe
@policy("relations.use")
def relation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one relation: who serves whom, what both sides say, what happened."""
    reader = reader_of(request)
    found = relation_of(reader, public_id)
    return render(request, "relations/relation.html", page_context(request, reader, found))


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say for one's side that the relation holds."""

    def run(call: Call) -> object:
        return actions.confirm(side=call.side, **call.common)

    return act(request, public_id, SayForm, run, key="confirm", done=_("Confirmed. Thank you."))


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say for one's side that it does not hold: turns a mere proposal down, contests what somebody stated."""

    def run(call: Call) -> object:
        said = call.data["form"].said
        if call.relation.state == RelationState.PROPOSED:
            return actions.end(side=call.side, reason=said, **call.common)
        return actions.contest(side=call.side, reason=said, **call.common)

    done = _("Noted, with your reason. The other side can read it.")
    return act(request, public_id, ReasonForm, run, key="refuse", done=done)


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the relation, today or on a day."""

    def run(call: Call) -> object:
        said = call.data["form"].said
        return actions.end(side=call.side, reason=said, on=call.data["on"], **call.common)

    done = _("The end is noted, with your reason.")
    return act(request, public_id, EndForm, run, key="end", done=done)


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def closeness(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say how much the customer depends on the provider."""

    def run(call: Call) -> object:
        return actions.set_closeness(closeness=call.data["closeness"], **call.common)

    return act(request, public_id, ClosenessForm, run, key="closeness", done=_("Saved."))


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def correct(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct since when the relation holds."""

    def run(call: Call) -> object:
        return actions.correct_start(
            valid_from=call.data["valid_from"], reason=call.data["form"].said, **call.common
        )

    return act(request, public_id, CorrectForm, run, key="correct", done=_("Saved."))


@require_POST
@policy("relations.use")
@limited("relations.say", "120/m")
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep the reader's private note; an empty text removes it."""
    reader = reader_of(request)
    found = relation_of(reader, public_id)
    form = NoteForm(request.POST, auto_id="note-%s")
    saved = form.is_valid()
    if saved:
        text = form.cleaned_data["text"]
        actions.write_note(relation=found, by=reader.person, text=text, now=reader.now)
        messages.success(request, _("Saved, for your eyes only."))
        if not is_htmx(request):
            return HttpResponseRedirect(f"{found.path}#note")
    context = page_context(request, reader, found)
    if not saved:
        context["note_form"] = form
    template = "relations/relation/_note.html" if is_htmx(request) else "relations/relation.html"
    return render(request, template, context | {"fragment": True}, status=200 if saved else 422)
