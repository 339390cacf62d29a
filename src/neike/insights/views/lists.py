"""The list behind a number: what the reader may see of it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog.choices import TargetMetric
from neike.desk import policies as desk_policies
from neike.desk import queries as desk_queries
from neike.desk.queries.queues import Cursor
from neike.insights import queries
from neike.insights.queries import Told, Wanted
from neike.insights.queries.lists import OF_LEGS, OF_OUTCOMES, OPEN, OVERDUE
from neike.insights.views.days import DAY
from neike.insights.views.periods import day_of_chart, named_period
from neike.kernel.policies import policy
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import OrgChart

_PAGE = 50
_MOST_COUNTED = 300
"""What one may see is counted up to here: each row costs a look at the reader's rights."""


@require_safe
@policy("insights.lists")
def behind(request: HttpRequest) -> HttpResponse:
    """List the legs or promises behind a number, newest first, as far as the reader may read them."""
    now = timezone.now()
    period = named_period(request) or org_queries.current_quarter(now)
    organisation = org_queries.chart(on=day_of_chart(period, now))
    wanted = _wanted(request, period, organisation)
    assert isinstance(request.user, Person)  # noqa: S101 - the door has checked that somebody is signed in
    who = desk_policies.standing(request.user, now=now)
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
        "rows": [_row(row, organisation) for row in page.rows],
        "title": _title(wanted),
        "about": _about(wanted, organisation),
        "total": total,
        "visible": number(visible) if visible <= _MOST_COUNTED else f"{_MOST_COUNTED}+",
        "hides": visible < min(total, _MOST_COUNTED),
        "is_part": not _is_whole(wanted, told),
        "next": _next(request, page.following),
        "back": _back(wanted, organisation),
        "day": DAY,
    }
    return render(request, "insights/behind.html", context)


def _is_whole(wanted: Wanted, told: Told) -> bool:
    """Whether the reader is told all there is: a list about one of their own departments."""
    return any(told.all_of(pk) for pk in (wanted.supplier_id, wanted.customer_id) if pk is not None)


def _wanted(request: HttpRequest, period: Period, organisation: OrgChart) -> Wanted:
    what, metric = request.GET.get("what", ""), request.GET.get("metric", "")
    if what not in (*OF_LEGS, *OF_OUTCOMES) or (metric and metric not in TargetMetric.values):
        raise Http404
    return Wanted(
        what=what,
        period=period,
        supplier_id=_department(request, "supplier", organisation),
        customer_id=_department(request, "customer", organisation),
        metric=metric if what in OF_OUTCOMES else "",
        week=_week(request) if what in OF_OUTCOMES else None,
    )


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


def _row(row: Any, organisation: OrgChart) -> dict[str, Any]:  # noqa: ANN401 - an outcome or a leg
    return {
        "row": row,
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
