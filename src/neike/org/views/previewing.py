"""Changes of the organisation that are shown before they are saved."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from neike.kernel.registries import STRUCTURE_PREVIEWS, PreviewLine, StructureChange
from neike.org import display
from neike.org.actions.structure_trials import StructureChangedError, guarded, state_of, tried
from neike.org.models import Department
from neike.org.standing import chart
from neike.org.views.days import moment

_OWN = {"csrfmiddlewaretoken", "agreed", "shown", "seen"}
"""What this page posts beside the form itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for: `do` the change on the day `on`, which touches the departments `involved`.

    `closing` (ids), `is_continued` and `is_merged` are told to the modules that show what stands there.
    `effects` says what the change would do where the picture of departments does not show it.
    """

    on: date
    do: Callable[[], object]
    involved: Iterable[Department]
    closing: tuple[int, ...] = ()
    is_continued: bool = False
    is_merged: bool = False
    done: str = ""
    effects: Callable[[], list[PreviewLine]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """How the page of a change looks."""

    title: str
    back: str
    subtitle: str = ""
    template: str = "org/restructure.html"
    involved: tuple[Department, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def answer_previewed(
    request: HttpRequest,
    form: forms.Form,
    page: Page,
    ask: Callable[[], Asked],
    *,
    then: Callable[[], str] | None = None,
) -> HttpResponse:
    """Show the form; show what it would do; do it once that was agreed to, and go to `then` (or back).

    422 with the form when it is refused, 409 when the organisation changed meanwhile.
    """
    seen = request.POST.get("seen") or state_of(page.involved)
    context: dict[str, Any] = {"form": form, "page": page, "seen": seen, **page.extra}
    if request.method != "POST":
        return render(request, page.template, context)
    if not form.is_valid():
        return render(request, page.template, context, status=422)
    asked = ask()
    try:
        found = _answer(request, context, page, asked, then)
    except StructureChangedError as error:
        form.add_error(None, error.messages)
        context["seen"] = state_of(asked.involved)
        return render(request, page.template, context, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return render(request, page.template, context, status=422)
    return found


def standing_lines(change: StructureChange) -> list[PreviewLine]:
    """Return what the modules above say stands with departments that close."""
    now, _today = moment()
    return [line for each in STRUCTURE_PREVIEWS for line in each.lines(change, now)]


def _answer(
    request: HttpRequest,
    context: dict[str, Any],
    page: Page,
    asked: Asked,
    then: Callable[[], str] | None,
) -> HttpResponse:
    _now, today = moment()
    if asked.effects is not None:
        lines = asked.effects()
    else:
        trial = tried(lambda: guarded(asked.do, context["seen"]), on=asked.on)
        lines = display.difference(trial, on=asked.on, today=today)
    if not lines:
        context["form"].add_error(None, _("Nothing would change on that day."))
        return render(request, page.template, context, status=422)
    if asked.closing:
        lines += standing_lines(
            StructureChange(asked.on, asked.closing, asked.is_continued, asked.is_merged)
        )
    keys = display.line_keys(lines)
    agreed = _fingerprint(request, keys)
    if request.POST.get("agreed") == agreed:
        guarded(asked.do, context["seen"])
        messages.success(request, asked.done or _("Saved."))
        return redirect(then() if then else page.back)
    known = {key for key in request.POST.get("shown", "").split(",") if key}
    stale = bool(known) and not known >= set(keys)
    context |= {
        "previews": [
            {"text": line.text, "concern": line.concern, "is_new": stale and key not in known}
            for line, key in zip(lines, keys, strict=True)
        ],
        "stale": stale,
        "agreed": agreed,
        "shown": ",".join(keys),
        "seen": request.POST.get("seen") or state_of(asked.involved),
    }
    return render(request, page.template, context, status=409 if stale else 200)


def _fingerprint(request: HttpRequest, keys: list[str]) -> str:
    """Return what tells this change and its effects from any other: agreement is to exactly what was shown."""
    said = sorted(
        (name, tuple(request.POST.getlist(name))) for name in request.POST if name not in _OWN
    )
    return hashlib.sha256(repr((said, keys)).encode()).hexdigest()[:16]


def name_on(department: Department, on: date) -> str:
    """Return what a department is called on a day, else its code."""
    return chart(on=on).name(department.pk) or department.code
