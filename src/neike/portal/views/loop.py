"""The loop: all departments side by side, and the page of one with its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from neike.insights import queries
from neike.insights.queries import Serving
from neike.insights.queries.lists import ASKED, ENDED, OPEN, OVERDUE
from neike.insights.views.links import list_url
from neike.insights.views.periods import day_of_chart, named_period
from neike.insights.views.steps.waits import matrix_chart
from neike.kernel.policies import policy
from neike.kernel.registries import LOOP_STEPS, LoopPage, LoopStep, StepShown
from neike.kernel.ui.charts import Chart
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import DepartmentOnDay, OrgChart

_MOST_PERIODS = 8
_MOST_IN_MATRIX = 14


@dataclass(frozen=True, slots=True)
class Step:
    """A registered step with what it shows here; `anchor` is its place on the page."""

    step: LoopStep
    shown: StepShown

    @property
    def anchor(self) -> str:
        """The name of the step's place on the page."""
        return self.step.key.replace(".", "-")

    @property
    def context(self) -> dict[str, Any]:
        """What the step's template gets."""
        return self.shown.context

    @property
    def state(self) -> str:
        """The state of the ring's segment."""
        if self.shown.concern:
            return "current"
        return "done" if self.shown.running else "todo"


@require_safe
@policy("portal.loop")
def loops(request: HttpRequest) -> HttpResponse:
    """Show every department with its headline numbers."""
    now = timezone.now()
    period, periods = _periods(request, now)
    organisation = org_queries.chart(on=day_of_chart(period, now))
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    told = queries.told_to(request.user, now=now)
    servings, matrix = queries.overview(period, told, now=now)
    rows = [_row(each, servings, period, organisation) for _depth, each in organisation.walk()]
    context = {
        "period": period,
        "periods": periods,
        "rows": [
            *(row for row in rows if row["serving"]),
            *(row for row in rows if not row["serving"] and _worked(row["department"], period)),
        ],
        "is_empty": not servings,
        "is_part": not all(told.all_of(each.id) for each in organisation),
        "matrix": _company_matrix(servings, matrix, period, organisation),
    }
    return render(request, "portal/loop/overview.html", context)


@require_safe
@policy("portal.loop")
def loop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the loop of one department: the steps that modules have registered."""
    now = timezone.now()
    period, periods = _periods(request, now)
    organisation = org_queries.chart(on=day_of_chart(period, now))
    department = _department(organisation, public_id)
    if department is None and "period" not in request.GET:
        # Founded since the last quarter in which somebody was asked for something.
        period = org_queries.current_quarter(now)
        organisation = org_queries.chart(on=day_of_chart(period, now))
        department = _department(organisation, public_id)
    if department is None:
        raise Http404
    page = LoopPage(
        person=request.user,
        department=department,
        organisation=organisation,
        period=period,
        now=now,
    )
    steps = [Step(step, shown) for step in LOOP_STEPS if (shown := step.show(page)) is not None]
    context = {
        "page": page,
        "period": period,
        "periods": periods if period in periods else [period, *periods],
        "steps": steps,
        "ring": _ring(steps),
    }
    return render(request, "portal/loop/page.html", context)


def _worked(department: DepartmentOnDay, period: Period) -> bool:
    """Whether a department of the chart of the period's last day worked on some day of the period."""
    return department.is_active or department.since > period.start


def _ring(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "label": step.step.label,
            "state": step.state,
            "href": f"#{step.anchor}",
            "figure": step.shown.headline,
        }
        for step in steps
    ]


def _department(organisation: OrgChart, public_id: UUID) -> DepartmentOnDay | None:
    return next((each for each in organisation if each.public_id == public_id), None)


def _periods(request: HttpRequest, now: datetime) -> tuple[Period, list[Period]]:
    """Return the period shown and the quarters to choose from, newest first.

    Without one in the address it is the last quarter in which somebody was asked for something.

    Raises:
        Http404: the address names no period.
    """
    running = org_queries.current_quarter(now)
    days = queries.known_days()
    last = min(org_queries.quarter_of(days[1]), running) if days else running
    first = org_queries.quarter_of(days[0]) if days else running
    choices = [last.shifted(-back) for back in range(_MOST_PERIODS)]
    choices = [each for each in choices if each >= first] or [last]
    chosen = named_period(request)
    if chosen is None:
        return last, choices
    return chosen, choices if chosen in choices else [chosen, *choices]


def _row(
    department: DepartmentOnDay,
    servings: dict[int, Serving],
    period: Period,
    organisation: OrgChart,
) -> dict[str, Any]:
    serving = servings.get(department.id)
    link = partial(list_url, period=period, organisation=organisation, supplier=department.id)
    return {
        "department": department,
        "serving": serving,
        "asked_url": link(ASKED),
        "open_url": link(OPEN),
        "overdue_url": link(OVERDUE),
        "kept_url": link(ENDED, metric=serving.metric) if serving and serving.metric else "",
    }


def _company_matrix(
    servings: dict[int, Serving],
    matrix: dict[tuple[int, int], int],
    period: Period,
    organisation: OrgChart,
) -> Chart | None:
    """Return the hand-overs between those departments that give and take most."""
    volume: dict[int, int] = {pk: serving.legs for pk, serving in servings.items()}
    for (_supplier, customer), legs in matrix.items():
        volume[customer] = volume.get(customer, 0) + legs
    busiest = sorted(volume, key=lambda pk: -volume[pk])[:_MOST_IN_MATRIX]
    if len(busiest) < 2:  # noqa: PLR2004 - one department hands nothing over
        return None
    return matrix_chart(busiest, matrix, period=period, organisation=organisation)
