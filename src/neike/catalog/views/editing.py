"""The editors of a service's form and of its standard."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from neike.catalog import actions, form_schema
from neike.catalog.actions import CatalogError
from neike.catalog.forms import request_form
from neike.catalog.forms.editor import (
    FieldFormSet,
    fields_of,
    offer_conditions,
    rows_of,
    with_keys,
)
from neike.catalog.forms.rows import change, ordered
from neike.catalog.forms.standards import StandardForm
from neike.catalog.models import FormVersion, Service
from neike.catalog.queries.pages import draft_of
from neike.catalog.views.days import moment, move_on, reader
from neike.catalog.views.managing import own_service, owner_context
from neike.catalog.views.panels import panels_of
from neike.kernel.policies import policy
from neike.kernel.texts import LocalizedText

_REFUSED = 422
_FIELDS = "fields"


@require_http_methods(["GET", "POST"])
@policy("catalog.manage")
def form(request: HttpRequest, key: str) -> HttpResponse:
    """Edit the request form: add, move and remove fields, look at it, put it into use."""
    now, _today = moment()
    service = own_service(request, key)
    person = reader(request)
    if request.method != "POST":
        stored = service.form.fields if service.form else []
        rows = FieldFormSet(prefix=_FIELDS, initial=rows_of(stored))
        offer_conditions(rows, stored)
        return _form_page(request, service, rows, _preview(request, service.form))
    what = request.POST.get("do", "")
    rows = FieldFormSet(with_keys(change(request.POST, _FIELDS, what)), prefix=_FIELDS)
    fields = fields_of(rows) if rows.is_valid() else []
    offer_conditions(rows, fields)
    problem = _problem(fields)
    if what == "publish" and rows.is_valid() and not problem:
        try:
            actions.publish_form(service=service, fields=fields, by=person, now=now)
        except CatalogError as error:
            preview = _preview(request, FormVersion(service=service, fields=fields))
            said = " ".join(error.messages)
            return _form_page(request, service, rows, preview, said, status=_REFUSED)
        messages.success(request, _("The form is in use. Requests made before keep theirs."))
        return move_on(request, "catalog:form", key)
    shown = None if problem else FormVersion(service=service, fields=fields)
    status = _REFUSED if what == "publish" else 200
    return _form_page(request, service, rows, _preview(request, shown), problem, status=status)


def _problem(fields: list[dict[str, Any]]) -> str:
    try:
        form_schema.parse(fields)
    except form_schema.SchemaError as error:
        return _in_words(error, fields)
    return ""


def _in_words(error: form_schema.SchemaError, fields: list[dict[str, Any]]) -> str:
    """Name the field by its question, which people know, rather than by its key."""
    label = next(
        (
            str(LocalizedText.from_json(each["label"]))
            for each in fields
            if each["key"] == error.where
        ),
        "",
    )
    if not label:
        return str(error)
    return _("“%(question)s” (%(key)s): %(said)s") % {
        "question": label,
        "key": error.where,
        "said": error.message,
    }


def _preview(request: HttpRequest, version: FormVersion | None) -> Any:  # noqa: ANN401 - a form or nothing
    _now, today = moment()
    if version is None:
        return None
    return request_form(version, reader=reader(request), on=today, prefix="preview")


def _form_page(
    request: HttpRequest,
    service: Service,
    rows: Any,  # noqa: ANN401 - a formset
    preview: Any,  # noqa: ANN401 - a form or nothing
    problem: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    order = ordered(rows)
    context = {
        "rows": rows,
        "ordered": [(number, row) for number, row in order if not row["DELETE"].value()],
        "removed": [(number, row) for number, row in order if row["DELETE"].value()],
        "preview": preview,
        "problem": problem,
        **owner_context(service, "form"),
    }
    return render(request, "catalog/form_editor.html", context, status=status)


@require_http_methods(["GET", "POST"])
@policy("catalog.manage")
def standard(request: HttpRequest, key: str) -> HttpResponse:
    """Write the draft of the next standard: targets, calendar, quality. Its plan has a page of its own."""
    now, _today = moment()
    service = own_service(request, key)
    current = draft_of(service) or service.standard
    entered = StandardForm(request.POST or None, standard=current)
    saving = request.method == "POST" and request.POST.get("do") == "save"
    if saving and entered.is_valid():
        try:
            actions.draft_standard(
                service=service,
                content=actions.with_plan_of(current, entered.content(())),
                by=reader(request),
                now=now,
            )
        except CatalogError as error:
            entered.add_error(None, error)
        else:
            messages.success(
                request, _("The draft is saved. Nothing is promised until you publish it.")
            )
            return redirect("catalog:standard", key)
    draft = draft_of(service)
    context = {
        "form": entered,
        "panels": panels_of("editor", current, person=reader(request), now=now),
        "publishing": panels_of("publish", draft, person=reader(request), now=now),
        **owner_context(service, "standard"),
    }
    return render(
        request, "catalog/standard_editor.html", context, status=_REFUSED if saving else 200
    )


@require_POST
@policy("catalog.manage")
def standard_state(request: HttpRequest, key: str) -> HttpResponse:
    """Publish the drafted standard, or throw the draft away."""
    now, _today = moment()
    service = own_service(request, key)
    draft = draft_of(service)
    try:
        if draft is None:
            messages.error(request, _("There is no draft."))
        elif request.POST.get("do") == "publish":
            actions.publish_standard(standard=draft, by=reader(request), now=now)
            messages.success(
                request, _("The new promise is in force for requests made from now on.")
            )
        elif request.POST.get("do") == "discard":
            actions.discard_draft(service=service, by=reader(request), now=now)
            messages.success(request, _("The draft is gone."))
    except CatalogError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    return redirect("catalog:standard", key)
