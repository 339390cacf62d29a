"""Business calendars: the list, a year, and the administrator's forms."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from neike.kernel.policies import policy
from neike.kernel.registries import CALENDAR_PREVIEWS
from neike.org import policies
from neike.org.actions import calendar_trials, national_days
from neike.org.actions import calendars as calendar_actions
from neike.org.choices import Weekday
from neike.org.forms.calendars import CalendarForm, CopyForm, DatesForm, hours_text, zone_names
from neike.org.models import BusinessCalendar
from neike.org.queries import calendar_years
from neike.org.views.days import moment, reader
from neike.org.views.structure_forms import Do, answer


@require_safe
@policy("org.calendars")
def calendars(request: HttpRequest) -> HttpResponse:
    """List the calendars."""
    _now, today = moment()
    context = {
        "calendars": calendar_years.calendars_visible_to(reader(request)),
        "may_change": bool(policies.may_change_organisation(reader(request), on=today)),
    }
    return render(request, "org/calendars.html", context)


@require_safe
@policy("org.calendars")
def calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show a calendar: its week and one year of dates."""
    _now, today = moment()
    shown = _calendar(request, public_id)
    year = request.GET.get("year", str(today.year))
    try:
        view = calendar_years.year_view(shown, int(year) if year.isdecimal() else 0)
    except ValueError as error:
        raise Http404 from error
    context = {
        "calendar": shown,
        "year": view,
        "week": _week(shown),
        "weekdays": [(str(day.label), _short(str(day.label))) for day in Weekday],
        "today": today,
        "may_change": bool(policies.may_change_organisation(reader(request), on=today)),
    }
    return render(request, "org/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.calendar_edit")
def add_calendar(request: HttpRequest) -> HttpResponse:
    """Make a calendar."""
    now, _today = moment()
    initial = {f"hours_{day}": "09:00-12:00, 13:30-18:00" for day in range(5)}
    form = CalendarForm(request.POST or None, initial={"zone": "Asia/Shanghai", **initial})

    def create(data: dict[str, Any]) -> object:
        return calendar_actions.create_calendar(
            name=data["name"],
            zone=data["zone"],
            week=form.week(),
            country=data["country"],
            by=reader(request),
            now=now,
        )

    return answer(
        request, form, create, _("New calendar"), reverse("org:calendars"), zones=zone_names()
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.calendar_edit")
def change_calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a calendar's name, zone and weekly hours."""
    now, _today = moment()
    shown = _calendar(request, public_id)
    form = CalendarForm(request.POST or None, initial=_initial(shown))

    def change(data: dict[str, Any]) -> object:
        return calendar_actions.change_calendar(
            calendar=shown,
            name=data["name"],
            zone=data["zone"],
            week=form.week(),
            country=data["country"],
            revision=data["revision"] or 0,
            by=reader(request),
            now=now,
        )

    return _answer_previewed(request, shown, form, change, _("Change calendar"), zones=zone_names())


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.calendar_edit")
def copy_calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make a copy of a calendar under another name."""
    now, _today = moment()
    shown = _calendar(request, public_id)
    return answer(
        request,
        CopyForm(request.POST or None),
        lambda data: calendar_actions.copy_calendar(
            calendar=shown, name=data["name"], by=reader(request), now=now
        ),
        _("Copy calendar"),
        reverse("org:calendars"),
        str(shown.name),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy("org.calendar_edit")
def set_dates(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say how dates differ from their weekday."""
    now, today = moment()
    shown = _calendar(request, public_id)
    form = DatesForm(request.POST or None, initial={"first": request.GET.get("day", today)})

    def write(data: dict[str, Any]) -> object:
        return calendar_actions.set_exceptions(
            calendar=shown,
            days=form.days(),
            kind=data["kind"],
            hours=data["hours"],
            name=data["name"],
            by=reader(request),
            now=now,
        )

    return _answer_previewed(request, shown, form, write, _("Set dates"), subtitle=str(shown.name))


def _answer_previewed(
    request: HttpRequest,
    shown: BusinessCalendar,
    form: forms.Form,
    do: Do,
    title: str,
    **extra: Any,
) -> HttpResponse:
    """Like `answer`, but first show what the change would do to running promises, if it does anything."""
    if request.method == "POST" and form.is_valid():
        try:
            question = _question(
                request, shown, lambda: do(form.cleaned_data), title=title, form=form, **extra
            )
        except ValidationError:
            question = None  # `answer` meets the same refusal and shows it at the form
        if question is not None:
            return question
    return answer(request, form, do, title, _url(shown), **extra)


def _question(
    request: HttpRequest,
    shown: BusinessCalendar,
    do: Callable[[], object],
    *,
    title: str,
    form: forms.Form | None = None,
    **extra: object,
) -> HttpResponse | None:
    """Return the page that asks whether to save, or None when that was agreed to or nothing would happen.

    Raises:
        ValidationError: the change itself is refused.
    """
    now, _today = moment()
    spec = calendar_trials.tried(shown, do)
    agreed = calendar_trials.fingerprint(spec)
    if request.POST.get("agreed") == agreed:
        return None
    lines = [line for each in CALENDAR_PREVIEWS for line in each.lines(shown.pk, spec, now)]
    if not lines:
        return None
    context = {
        "form": form or forms.Form(),
        "title": title,
        "subtitle": str(shown.name),
        "back": _url(shown),
        "previews": lines,
        "agreed": agreed,
        **extra,
    }
    return render(request, "org/form.html", context)


@require_POST
@policy("org.calendar_edit")
def remove_date(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Let a date follow its weekday again."""
    now, _today = moment()
    shown = _calendar(request, public_id)
    exception = get_object_or_404(shown.exceptions, pk=pk)

    def remove() -> None:
        calendar_actions.remove_exception(
            calendar=shown, day=exception.date, by=reader(request), now=now
        )

    try:
        question = _question(request, shown, remove, title=_("Remove a date"))
        if question is not None:
            return question
        remove()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect(_url(shown, exception.date.year))


@require_POST
@policy("org.calendar_edit")
def load_year(request: HttpRequest, public_id: UUID, year: int) -> HttpResponse:
    """Load the national days of a year."""
    now, _today = moment()
    shown = _calendar(request, public_id)

    def load() -> national_days.PackChange:
        return national_days.load_national_days(
            calendar=shown, years=[year], by=reader(request), now=now
        )

    try:
        question = _question(request, shown, load, title=_("Load public holidays"))
        if question is not None:
            return question
        change = load()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _loaded(change))
    return redirect(_url(shown, year))


@require_POST
@policy("org.calendar_edit")
def confirm_year(request: HttpRequest, public_id: UUID, year: int) -> HttpResponse:
    """Declare a year's dates final."""
    now, _today = moment()
    shown = _calendar(request, public_id)
    national_days.confirm_year(calendar=shown, year=year, by=reader(request), now=now)
    messages.success(request, _("Saved."))
    return redirect(_url(shown, year))


@require_POST
@policy("org.calendar_edit")
def make_default(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make a calendar the default one."""
    now, _today = moment()
    calendar_actions.make_default(
        calendar=_calendar(request, public_id), by=reader(request), now=now
    )
    messages.success(request, _("Saved."))
    return redirect("org:calendars")


def _calendar(request: HttpRequest, public_id: UUID) -> BusinessCalendar:
    return get_object_or_404(
        calendar_years.calendars_visible_to(reader(request)), public_id=public_id
    )


def _url(calendar: BusinessCalendar, year: int | None = None) -> str:
    address = reverse("org:calendar", args=[calendar.public_id])
    return f"{address}?year={year}" if year else address


def _week(calendar: BusinessCalendar) -> list[tuple[str, str]]:
    week = calendar_actions.week_of(calendar)
    return [(str(day.label), hours_text(week[day.value])) for day in Weekday]


def _short(weekday: str) -> str:
    """Return what stands above a column: 一 for 星期一, Mo for Monday."""
    return weekday[:2] if weekday.isascii() else weekday[-1]


def _initial(calendar: BusinessCalendar) -> dict[str, Any]:
    week = calendar_actions.week_of(calendar)
    return {
        "name_zh": calendar.name.texts.get("zh-hans", ""),
        "name_en": calendar.name.texts.get("en", ""),
        "zone": calendar.zone,
        "country": calendar.country,
        "revision": calendar.revision,
        **{f"hours_{day.value}": hours_text(week[day.value]) for day in Weekday},
    }


def _loaded(change: national_days.PackChange) -> str:
    if not change.changed:
        return _("Nothing has changed since it was last loaded.")
    words = ngettext("%(count)s date added", "%(count)s dates added", change.added)
    text = words % {"count": change.added}
    if change.kept:
        kept = ngettext(
            "%(count)s set by hand was kept", "%(count)s set by hand were kept", change.kept
        )
        text = f"{text} · {kept % {'count': change.kept}}"
    return text
