"""The board of who leads a department: how its promises were kept, who waited, what came back, what is old."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from neike.catalog.choices import TargetMetric
from neike.catalog.models import Service
from neike.desk import live
from neike.desk import policies as desk_policies
from neike.desk.choices import WaitingOn
from neike.desk.policies import Standing
from neike.insights import queries
from neike.insights.queries import Pair, Told, boards
from neike.insights.queries.boards import KeptBeside, WaitSplit
from neike.insights.queries.flows import PARTIES
from neike.insights.queries.kept import headline_of
from neike.insights.queries.lists import (
    ASKED,
    ENDED,
    MISSED,
    OPEN,
    OVERDUE,
    PAUSED,
    RETURNED,
    SETTLED,
)
from neike.insights.views.days import DAY
from neike.insights.views.links import list_url
from neike.insights.views.periods import day_of_chart, named_period
from neike.insights.views.steps.waits import TONES, matrix_chart
from neike.kernel.policies import policy
from neike.kernel.ui.charts import Chart, Series, bar_chart
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.periods import Period
from neike.org.queries import DepartmentOnDay, OrgChart

_PERIODS: Final = 8
_MOST_TOPICS: Final = 40
_MOST_IN_MATRIX: Final = 12


@dataclass
class Board:
    """What an address asks for: a department that the reader leads, with all below it, in a period."""

    person: Person
    now: datetime
    period: Period
    wanted: str

    @cached_property
    def who(self) -> Standing:
        """What the reader is at the desk."""
        return desk_policies.standing(self.person, now=self.now)

    @cached_property
    def organisation(self) -> OrgChart:
        """The chart of the period."""
        return org_queries.chart(on=day_of_chart(self.period, self.now))

    @cached_property
    def led(self) -> list[DepartmentOnDay]:
        """The departments of the chart that the reader leads, in its order."""
        return [each for _depth, each in self.organisation.walk() if each.id in self.who.leads]

    @cached_property
    def department(self) -> DepartmentOnDay:
        """The department shown: the one named, else the highest that the reader leads.

        Raises:
            Http404: there is none of that id, or somebody else leads it.
        """
        for each in self.led:
            if self.wanted in ("", str(each.public_id)):
                return each
        raise Http404

    @cached_property
    def scope(self) -> frozenset[int]:
        """The department and all below."""
        return boards.scope_of(self.who, self.organisation, self.department.id)

    @cached_property
    def told(self) -> Told:
        """What the reader is told of."""
        return queries.told_to(self.person, now=self.now)

    def link(self, what: str, **more: Any) -> str:
        """Return the list behind a number of this board."""
        return list_url(
            what,
            period=self.period,
            organisation=self.organisation,
            within=self.department.id,
            **more,
        )


def _board(request: HttpRequest) -> Board:
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous visitor passed a guarded door")
    now = timezone.now()
    period = named_period(request) or org_queries.current_quarter(now)
    return Board(request.user, now, period, request.GET.get("department", ""))


@require_safe
@policy("insights.board")
def board(request: HttpRequest) -> HttpResponse:
    """Show the board; to htmx answer with what is so at this moment."""
    shown = _board(request)
    now_context = _at_this_moment(shown)
    if request.headers.get("HX-Request") == "true":
        return render(request, "insights/board/_now.html", now_context)
    context = {**now_context, **_choices(shown), **_period_context(request, shown)}
    return render(request, "insights/board/board.html", context)


def _choices(shown: Board) -> dict[str, Any]:
    running = org_queries.current_quarter(shown.now)
    periods = [running.shifted(-back) for back in range(_PERIODS)]
    return {
        "departments": [
            (str(each.public_id), " / ".join(shown.organisation.path(each.id)))
            for each in shown.led
        ],
        "periods": periods if shown.period in periods else [shown.period, *periods],
    }


def _at_this_moment(shown: Board) -> dict[str, Any]:
    found = boards.at_this_moment(shown.who, shown.scope, now=shown.now)
    below = sorted(shown.scope)[:_MOST_TOPICS]
    return {
        "department": shown.department,
        "period": shown.period,
        "found": found,
        "oldest": [
            {"leg": leg, "department": shown.organisation.name(leg.supplier_id)}
            for leg in found.oldest
        ],
        "loads": [
            {"load": each, "url": shown.link(OPEN, more={"person": each.public_id})}
            for each in found.loads
        ],
        "open_url": shown.link(OPEN),
        "overdue_url": shown.link(OVERDUE),
        "nobody_url": shown.link(OPEN, more={"person": "nobody"}),
        "topics": " ".join(f"{live.QUEUE}:{pk}" for pk in below),
        "now": shown.now,
    }


def _period_context(request: HttpRequest, shown: Board) -> dict[str, Any]:
    metrics = boards.kept_by_metric(shown.scope, shown.period, shown.told)
    metric = _metric(request, metrics)
    waited = boards.wait_split(shown.scope, shown.period, shown.told)
    pairs = boards.pairs(shown.scope, shown.period, shown.told)
    context: dict[str, Any] = {
        "before": shown.period.previous(),
        "metric": metric,
        "metrics": [
            {
                "metric": each,
                "found": one,
                "current": each == metric,
                "url": shown.link(ENDED, metric=each),
                "missed_url": shown.link(MISSED, metric=each),
                "href": f"?{_address(request, metric=each.value)}",
            }
            for each, one in metrics.items()
        ],
        "is_part": not all(shown.told.all_of(pk) for pk in shown.scope),
        "day": DAY,
        "waited": waited,
        "parties": _parties(shown, waited),
        "settled_url": shown.link(SETTLED),
        "chart": _wait_chart(waited) if waited.total else None,
        "pairs": [_pair_row(shown, each) for each in pairs],
        "matrix": _matrix(shown, pairs),
        **_reasons(shown, sum(each.legs for each in pairs)),
    }
    if metric is not None:
        context |= _by_service_and_customer(shown, metric)
    return context


def _address(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def _metric(
    request: HttpRequest, metrics: Mapping[TargetMetric, KeptBeside]
) -> TargetMetric | None:
    """Return the promise looked at: the one named, else the one that says most."""
    wanted = request.GET.get("metric", "")
    return next((each for each in metrics if each.value == wanted), headline_of(metrics))


def _by_service_and_customer(shown: Board, metric: TargetMetric) -> dict[str, Any]:
    services = boards.kept_by_service(shown.scope, metric, shown.period, shown.told)
    customers = boards.kept_by_customer(shown.scope, metric, shown.period, shown.told)
    named = Service.objects.in_bulk(services)
    name = shown.organisation.name
    return {
        "by_service": [
            _kept_row(shown, metric, str(named[pk].name), one, more={"service": named[pk].key})
            for pk, one in services.items()
        ],
        "by_customer": [
            _kept_row(shown, metric, name(pk) or _("a former department"), one, customer=pk)
            for pk, one in customers.items()
        ],
    }


def _kept_row(
    shown: Board, metric: TargetMetric, name: str, found: KeptBeside, **side: Any
) -> dict[str, Any]:
    now = found.now
    return {
        "name": name,
        "found": found,
        "missed": now.n - now.hits if now else 0,
        "url": shown.link(ENDED, metric=metric, **side),
        "missed_url": shown.link(MISSED, metric=metric, **side),
    }


def _parties(shown: Board, waited: WaitSplit) -> list[dict[str, Any]]:
    return [
        {
            "label": party.label,
            "seconds": waited.seconds[party],
            "share": waited.share(party),
            "legs": waited.legs[party],
            "url": shown.link(SETTLED, more={"party": party.value}),
        }
        for party in PARTIES
    ]


def _wait_chart(waited: WaitSplit) -> Chart:
    return bar_chart(
        [_("Working time")],
        [
            Series(str(party.label), [round(waited.share(party) * 100, 1)], tone=TONES[party])
            for party in PARTIES
            if waited.seconds[party]
        ],
        axis=_("Waiting for"),
        unit="%",
        stacked=True,
        horizontal=True,
    )


def _pair_row(shown: Board, pair: Pair) -> dict[str, Any]:
    link: Callable[[str], str] = partial(
        list_url,
        period=shown.period,
        organisation=shown.organisation,
        supplier=pair.supplier_id,
        customer=pair.customer_id,
    )
    name = shown.organisation.name
    return {
        "supplier": name(pair.supplier_id) or _("a former department"),
        "customer": name(pair.customer_id) or _("a former department"),
        "pair": pair,
        "url": link(ASKED),
        "returned_url": link(RETURNED),
    }


def _matrix(shown: Board, pairs: list[Pair]) -> Chart | None:
    """Return the heatmap of those departments that give and take most, None for fewer than two."""
    volume: dict[int, int] = {}
    for pair in pairs:
        for pk in {pair.supplier_id, pair.customer_id}:
            volume[pk] = volume.get(pk, 0) + pair.legs
    busiest = sorted(volume, key=lambda pk: (-volume[pk], pk))[:_MOST_IN_MATRIX]
    if len(busiest) < 2:  # noqa: PLR2004 - one department hands nothing over
        return None
    flows = {(pair.supplier_id, pair.customer_id): pair.legs for pair in pairs}
    return matrix_chart(busiest, flows, period=shown.period, organisation=shown.organisation)


def _reasons(shown: Board, asked: int) -> dict[str, Any]:
    returned = boards.return_reasons(shown.scope, shown.period, shown.told)
    pauses = boards.pause_reasons(shown.scope, shown.period, shown.told)
    return {
        "asked": asked,
        "asked_url": shown.link(ASKED),
        "returned": [
            {
                "label": reason.label,
                "count": count,
                "url": shown.link(RETURNED, more={"reason": reason.value}),
            }
            for reason, count in returned.items()
        ],
        "paused": [
            {
                "label": WaitingOn(party).label,
                "count": count,
                "url": shown.link(PAUSED, more={"party": party.value}),
            }
            for party, count in pauses.items()
        ],
    }
