"""The list behind a number: what the reader may see of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog.choices import TargetMetric
from neike.catalog.models import Service
from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.desk.choices import EventKind, ReturnReason, WaitingOn
from neike.desk.models import TicketEvent
from neike.desk.policies import Standing
from neike.desk.queries.queues import Cursor
from neike.insights import queries
from neike.insights.models import LegFlow
from neike.insights.queries import Told, Wanted
from neike.insights.queries.boards import PAUSES, scope_of
from neike.insights.queries.flows import PARTIES
from neike.insights.queries.lists import (
    NOBODY,
    OF_LEGS,
    OF_OUTCOMES,
    OPEN,
    OVERDUE,
    PAUSED,
    RETURNED,
    SETTLED,
)
from neike.insights.templatetags.insights import working
from neike.insights.views.days import DAY
from neike.insights.views.periods import day_of_chart, named_period
from neike.kernel.policies import policy
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import OrgChart

_PAGE = 50
_OF_LEADS = (SETTLED, PAUSED)
"""Lists that only a lead's board opens."""
_MOST_COUNTED = 300
"""What one may see is counted up to here: each row costs a look at the reader's rights."""


@require_safe
@policy("insights.lists")
def behind(request: HttpRequest) -> HttpResponse:
    """List the legs or promises behind a number, newest first, as far as the reader may read them."""
    now = timezone.now()
    period = named_period(request) or org_queries.current_quarter(now)
    organisation = org_queries.chart(on=day_of_chart(period, now))
    assert isinstance(request.user, Person)  # noqa: S101 - the door has checked that somebody is signed in
    who = desk_policies.standing(request.user, now=now)
    wanted = _wanted(request, period, organisation, who)
    told = queries.told_to(request.user, now=now)
    rows = queries.visible_rows(who, wanted, told, now=now)
    page = desk_queries.page_of(
        rows,
        field=wanted.order_field,
        after=Cursor.parse(request.GET.get("after", "")),
        size=_PAGE,
        newest_first=True,
    )
    visible = rows.order_by()[: _MOST_COUNTED + 1].count()
    total = queries.total(wanted, told, now=now)
    context = {
        "wanted": wanted,
        "rows": _rows(page.rows, wanted, organisation),
        "title": _title(wanted),
        "about": [*_about(wanted, organisation), *_about_more(request, wanted, organisation)],
        "total": total,
        "visible": number(visible) if visible <= _MOST_COUNTED else f"{_MOST_COUNTED}+",
        "hides": visible < min(total, _MOST_COUNTED),
        "is_part": not _is_whole(wanted, told),
        "next": _next(request, page.following),
        "back": _back(wanted, organisation),
        "board": _board(request, wanted),
        "day": DAY,
    }
    return render(request, "insights/behind.html", context)


def _is_whole(wanted: Wanted, told: Told) -> bool:
    """Whether the reader is told all there is: a list about one of their own departments."""
    if wanted.within is not None:
        return all(told.all_of(pk) for pk in wanted.within)
    return any(told.all_of(pk) for pk in (wanted.supplier_id, wanted.customer_id) if pk is not None)


def _wanted(request: HttpRequest, period: Period, organisation: OrgChart, who: Standing) -> Wanted:
    what, metric = request.GET.get("what", ""), request.GET.get("metric", "")
    if what not in (*OF_LEGS, *OF_OUTCOMES) or (metric and metric not in TargetMetric.values):
        raise Http404
    within = _within(request, organisation, who)
    led = within is not None  # else nothing is narrowed as only a lead's board does
    if what in _OF_LEADS and not led:
        raise Http404
    return Wanted(
        what=what,
        period=period,
        supplier_id=_department(request, "supplier", organisation),
        customer_id=_department(request, "customer", organisation),
        metric=metric if what in OF_OUTCOMES else "",
        week=_week(request) if what in OF_OUTCOMES else None,
        within=within,
        service_id=_service(request) if led and what in OF_OUTCOMES else None,
        reason=(
            _one_of(request, "reason", ReturnReason.values) if led and what == RETURNED else ""
        ),
        party=_party(request, what),
        person_id=_person(request) if led and what == OPEN else None,
    )


def _within(request: HttpRequest, organisation: OrgChart, who: Standing) -> frozenset[int] | None:
    """Return the department named with all below; for who leads it alone.

    Raises:
        Http404: there was none of that id, or somebody else leads it.
    """
    pk = _department(request, "within", organisation)
    if pk is None:
        return None
    if pk not in who.leads:
        raise Http404
    return scope_of(who, organisation, pk)


def _one_of(request: HttpRequest, name: str, allowed: Collection[str]) -> str:
    value = request.GET.get(name, "")
    if value and value not in allowed:
        raise Http404
    return value


def _party(request: HttpRequest, what: str) -> str:
    """Return for whom was waited; a list of pauses names somebody.

    Raises:
        Http404: it names nobody that can be waited for.
    """
    if what not in _OF_LEADS:
        return ""
    value = _one_of(request, "party", [each.value for each in PARTIES])
    if what == PAUSED and value not in {each.value for each in PAUSES}:
        raise Http404
    return value


def _service(request: HttpRequest) -> int | None:
    """Return the service an address names by its key.

    Raises:
        Http404: there is none of that key.
    """
    key = request.GET.get("service", "").replace("\x00", "")[:64]
    if not key:
        return None
    found = Service.objects.filter(key=key).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return found


def _person(request: HttpRequest) -> int | None:
    """Return in whose hands something is, by public id; `NOBODY` for "nobody".

    Raises:
        Http404: there is nobody of that id.
    """
    given = request.GET.get("person", "")
    if given in {"", "nobody"}:
        return NOBODY if given else None
    try:
        found = Person.objects.filter(public_id=UUID(given)).values_list("pk", flat=True).first()
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def _department(request: HttpRequest, side: str, organisation: OrgChart) -> int | None:
    """Return the department an address names.

    Raises:
        Http404: there was none of that id.
    """
    named = request.GET.get(side, "")
    if not named:
        return None
    for each in organisation:
        if str(each.public_id) == named:
            return each.id
    raise Http404


def _week(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None


_TITLES = {
    "asked": lambda: _("Asked for"),
    "returned": lambda: _("Sent back"),
    "open": lambda: _("Open now"),
    "overdue": lambda: _("Overdue now"),
    "settled": lambda: _("Settled"),
    "paused": lambda: _("Paused at some time"),
    "ended": lambda: _("Promises that came to their end"),
    "kept": lambda: _("Kept promises"),
    "missed": lambda: _("Missed promises"),
}


def _title(wanted: Wanted) -> str:
    return _TITLES[wanted.what]()


def _about(wanted: Wanted, organisation: OrgChart) -> list[str]:
    """Return the conditions of the list in words."""
    words = []
    if wanted.supplier_id:
        words.append(_("served by %(name)s") % {"name": organisation.name(wanted.supplier_id)})
    if wanted.customer_id:
        words.append(_("asked by %(name)s") % {"name": organisation.name(wanted.customer_id)})
    if wanted.metric:
        words.append(str(TargetMetric(wanted.metric).label))
    if wanted.what not in (OPEN, OVERDUE):
        words.append(str(wanted.period))
    if wanted.week:
        words.append(_("week from %(day)s") % {"day": wanted.week.isoformat()})
    return words


def _about_more(request: HttpRequest, wanted: Wanted, organisation: OrgChart) -> list[str]:
    """Return the conditions of a lead's list in words."""
    words = []
    if wanted.within is not None:
        pk = _department(request, "within", organisation)
        words.append(_("served by %(name)s and all below") % {"name": organisation.name(pk)})
    if wanted.service_id:
        words.append(str(Service.objects.get(pk=wanted.service_id).name))
    if wanted.reason:
        words.append(str(ReturnReason(wanted.reason).label))
    if wanted.party:
        words.append(_("waited for %(whom)s") % {"whom": WaitingOn(wanted.party).label})
    if wanted.person_id is not None:
        person = Person.objects.filter(pk=wanted.person_id).first()
        words.append(person.name if person else _("in nobody's hands"))
    return words


def _board(request: HttpRequest, wanted: Wanted) -> str:
    """Return the board a lead's list was opened from, "" for other lists."""
    if wanted.within is None:
        return ""
    chosen = {"department": request.GET["within"], "period": wanted.period.key}
    return f"{reverse('insights:board')}?{urlencode(chosen)}"


def _rows(rows: Sequence[Any], wanted: Wanted, organisation: OrgChart) -> list[dict[str, Any]]:
    """Return the lines of a list; one query for what lists of waits add to them."""
    notes: Mapping[int, str] = {}
    if wanted.what == SETTLED and wanted.party:
        flows = LegFlow.objects.filter(leg__in=[row.pk for row in rows])
        spent = flows.values_list("leg", f"{wanted.party}_seconds")
        notes = {leg: working(seconds, DAY) for leg, seconds in spent}
    elif wanted.what == PAUSED:
        notes = _reasons(rows, wanted.party)
    return [_row(row, organisation, notes.get(row.pk, "")) for row in rows]


def _reasons(legs: Sequence[Any], party: str) -> dict[int, str]:
    """Return the reasons given for the pauses of legs, by leg."""
    events = TicketEvent.objects.filter(
        ticket__in={leg.ticket_id for leg in legs}, kind=EventKind.LEG_WAITING
    ).order_by("ticket", "seq")
    said: dict[tuple[int, int | None], list[str]] = {}
    for event in events:
        if event.data.get("waiting_on") == party and event.data.get("reason"):
            said.setdefault((event.ticket_id, event.leg_no), []).append(event.data["reason"])
    return {leg.pk: " · ".join(said.get((leg.ticket_id, leg.no), [])) for leg in legs}


def _row(row: Any, organisation: OrgChart, note: str) -> dict[str, Any]:  # noqa: ANN401 - an outcome or a leg
    return {
        "row": row,
        "note": note,
        "ticket": row.ticket,
        "supplier": organisation.name(row.supplier_id),
        "customer": organisation.name(row.customer_id),
    }


def _next(request: HttpRequest, following: Cursor | None) -> str:
    if following is None:
        return ""
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    return f"{request.path}?{urlencode({**kept, 'after': str(following)})}"


def _back(wanted: Wanted, organisation: OrgChart) -> dict[str, str]:
    """Return the loop page the number stands on, if a department is named."""
    department = organisation.get(wanted.supplier_id)
    if department is None:
        return {}
    return {
        "name": str(department.name),
        "public_id": str(department.public_id),
        "period": wanted.period.key,
    }
