"""The ratings of a department: by name for its own people, as published numbers for everybody else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from neike.catalog.models import Service
from neike.desk.policies import Standing
from neike.desk.queries import Cursor, page_of
from neike.desk.views.reading import reader
from neike.kernel.policies import policy
from neike.org import queries as org_queries
from neike.org.periods import Period
from neike.org.queries import DepartmentOnDay, OrgChart
from neike.surveys import display, policies, queries
from neike.surveys.choices import Score
from neike.surveys.queries import Filters

_PAGE = 50
_MOST_PERIODS = 8


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose ratings of which period are looked at, by whom."""

    who: Standing
    department: DepartmentOnDay
    organisation: OrgChart
    period: Period
    now: datetime


@require_safe
@policy("surveys.ratings")
def home(request: HttpRequest) -> HttpResponse:
    """List the departments whose ratings one can look at, one's own first; closed ones with their last quarter."""
    asks = reader(request)
    organisation = org_queries.chart(on=asks.who.on)
    rows = [(depth, each) for depth, each in organisation.walk() if each.is_active]
    own = asks.who.serves | asks.who.leads
    context = {
        "rows": rows,
        "own": [each for _depth, each in rows if each.id in own],
        "closed": [
            (each, _last_quarter(each))
            for _depth, each in organisation.walk()
            if not each.is_active
        ],
    }
    return render(request, "surveys/home.html", context)


def _last_quarter(department: DepartmentOnDay) -> Period:
    """Return the quarter in which a closed department worked last."""
    return org_queries.quarter_of(department.since - timedelta(days=1))


@require_safe
@policy("surveys.ratings")
def ratings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the ratings of a department in a period."""
    asks = reader(request)
    period, periods = _periods(request, asks.now)
    organisation = org_queries.chart(on=_day_of_chart(period, asks.now))
    department = next((each for each in organisation if each.public_id == public_id), None)
    if department is None:
        raise Http404
    asked = _Asked(asks.who, department, organisation, period, asks.now)
    is_named = bool(policies.may_read_named(asks.who, department.id))
    results = (
        queries.received(asks.who, department.id, period)
        if is_named
        else queries.published(department.id, period, now=asks.now)
    )
    context = {
        "department": department,
        "period": period,
        "periods": periods,
        "is_named": is_named,
        "shown": display.shown(results, organisation)
        | display.response(department.id, period, is_named=is_named)
        if results
        else None,
    }
    if is_named:
        context |= _list(request, asked)
    return render(request, "surveys/ratings.html", context)


def _list(request: HttpRequest, asked: _Asked) -> dict[str, Any]:
    """Return a page of the list with its filters."""
    received = queries.ratings_visible_to(asked.who).filter(supplier=asked.department.id)
    services = list(Service.objects.filter(department=asked.department.id).order_by("order", "key"))
    chosen = _filters(request, asked, services)
    page = page_of(
        queries.narrowed(received, chosen),
        field="rated_at",
        after=Cursor.parse(request.GET.get("after", "")),
        size=_PAGE,
        newest_first=True,
    )
    rows = [
        {
            "rating": rating,
            "service": rating.leg.service if rating.leg else rating.ticket.service,
            "customer": asked.organisation.name(rating.customer_id),
            "is_own": rating.rater_id == asked.who.person_id,
        }
        for rating in page.rows
    ]
    kept = {name: value for name, value in request.GET.items() if name != "after"}
    following = urlencode({**kept, "after": str(page.following)}) if page.following else ""
    return {
        "rows": rows,
        "next": f"?{following}" if following else "",
        "chosen": chosen,
        "scores": list(Score),
        "services": services,
        "is_narrowed": chosen.score is not None or chosen.service_id is not None,
    }


def _filters(request: HttpRequest, asked: _Asked, services: list[Service]) -> Filters:
    """Read the filters of the address; nonsense narrows nothing."""
    score = request.GET.get("score", "")
    service = next(
        (each for each in services if str(each.public_id) == request.GET.get("service")), None
    )
    return Filters(
        period=asked.period,
        score=int(score) if score in {"1", "2", "3", "4", "5"} else None,
        service_id=service.pk if service else None,
    )


def _periods(request: HttpRequest, now: datetime) -> tuple[Period, list[Period]]:
    """Return the period shown and the quarters to choose from, newest first.

    Raises:
        Http404: the address names no period.
    """
    running = org_queries.current_quarter(now)
    choices = [running.shifted(-back) for back in range(_MOST_PERIODS)]
    key = request.GET.get("period", "")
    if not key:
        return running, choices
    try:
        chosen = org_queries.period_from_key(key)
        _day_of_chart(chosen, now)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    return chosen, choices if chosen in choices else [chosen, *choices]


def _day_of_chart(period: Period, now: datetime) -> date:
    """Return the day whose organisation belongs to a period: its last one, but not one to come."""
    return min(org_queries.organisation_day(now), date.fromordinal(period.end.toordinal() - 1))
