"""Saved views and macros for programs."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from neike.desk import actions, queries
from neike.desk.actions.macros import in_both
from neike.desk.api.asking import Caller, caller, refusal
from neike.desk.api.fields import Text
from neike.desk.api.shown import Refusal
from neike.desk.models import Macro, SavedView
from neike.kernel.policies import policy
from neike.kernel.texts import LocalizedText
from neike.org.models import Department

router = Router()
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]
Parameter = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Names = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]


class ViewGiven(Schema, extra="forbid"):
    """A saved view. `data` holds the parameters of the queue's address; unknown ones are left out."""

    name: Name
    data: Annotated[
        dict[Parameter, Annotated[list[Parameter], Field(max_length=50)]], Field(max_length=20)
    ] = {}
    department: UUID | None = None


class ViewShown(Schema):
    """A saved view; `department` None: one's own."""

    id: UUID
    name: str
    data: dict[str, list[str]]
    department: UUID | None
    version: int


class LocalName(Schema, extra="forbid"):
    """A short text in both languages."""

    en: Names = ""
    zh: Names = ""


class LocalText(Schema, extra="forbid"):
    """A text in both languages."""

    en: Text = ""
    zh: Text = ""


class MacroGiven(Schema, extra="forbid"):
    """A macro; one language is enough."""

    name: LocalName
    body: LocalText
    department: UUID | None = None


class MacroShown(Schema):
    """A macro; `department` None: one's own."""

    id: UUID
    name: dict[str, str]
    body: dict[str, str]
    department: UUID | None
    version: int


def _view_shown(view: SavedView) -> ViewShown:
    return ViewShown(
        id=view.public_id,
        name=view.name,
        data=queries.parameters_of(view.data),
        department=view.department.public_id if view.department else None,
        version=view.version,
    )


def _macro_shown(macro: Macro) -> MacroShown:
    return MacroShown(
        id=macro.public_id,
        name=in_both(macro.name),
        body=in_both(macro.body),
        department=macro.department.public_id if macro.department else None,
        version=macro.version,
    )


def _department(who: Caller, public_id: UUID | None) -> Department | None:
    """Return a department the caller works for or leads; any other is absent."""
    if public_id is None:
        return None
    found = Department.objects.filter(pk__in=who.who.serves | who.who.leads)
    return get_object_or_404(found, public_id=public_id)


@router.get("/queue-views", response=list[ViewShown])
@policy("desk.use")
def list_views(request: HttpRequest) -> list[ViewShown]:
    """List one's own saved views and those of one's departments."""
    return [_view_shown(view) for view in queries.saved_views_of(caller(request).who)]


@router.post("/queue-views", response={201: ViewShown, 422: Refusal})
@policy("desk.use")
def create_view(request: HttpRequest, body: ViewGiven) -> Status[Any]:
    """Save a view, for oneself or for a department one works for."""
    who = caller(request)
    try:
        view = actions.save_view(
            by=who.person,
            name=body.name,
            data=body.data,
            department=_department(who, body.department),
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, _view_shown(view))


@router.delete("/queue-views/{view_id}", response={204: None})
@policy("desk.use")
def remove_view(request: HttpRequest, view_id: UUID) -> Status[None]:
    """Delete a saved view."""
    who = caller(request)
    view = get_object_or_404(queries.saved_views_to(who.who), public_id=view_id)
    actions.delete_view(view=view, by=who.person, now=who.now)
    return Status(204, None)


@router.get("/macros", response=list[MacroShown])
@policy("desk.use")
def list_macros(request: HttpRequest) -> list[MacroShown]:
    """List one's own macros and those of one's departments."""
    found = queries.macros_to(caller(request).who).select_related("department")
    return [_macro_shown(macro) for macro in found]


@router.post("/macros", response={201: MacroShown, 422: Refusal})
@policy("desk.use")
def create_macro(request: HttpRequest, body: MacroGiven) -> Status[Any]:
    """Keep a reply ready, for oneself or for a department one works for."""
    who = caller(request)
    try:
        macro = actions.keep_macro(
            by=who.person,
            name=LocalizedText.of(zh=body.name.zh, en=body.name.en),
            body=LocalizedText.of(zh=body.body.zh, en=body.body.en),
            department=_department(who, body.department),
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, _macro_shown(macro))


@router.delete("/macros/{macro_id}", response={204: None})
@policy("desk.use")
def remove_macro(request: HttpRequest, macro_id: UUID) -> Status[None]:
    """Delete a macro."""
    who = caller(request)
    macro = get_object_or_404(queries.macros_to(who.who), public_id=macro_id)
    actions.delete_macro(macro=macro, by=who.person, now=who.now)
    return Status(204, None)
