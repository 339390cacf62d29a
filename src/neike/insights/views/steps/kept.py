"""Step: how the department kept its promises."""

from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from neike.catalog.choices import TargetMetric
from neike.desk.queries.quality import FEWEST, quality_of_department
from neike.engines.shares import Share
from neike.insights import queries
from neike.insights.queries import Kept, OpenNow, Performance, Told, Week
from neike.insights.queries.lists import ENDED, MISSED, OPEN, OVERDUE
from neike.insights.views.days import working_day
from neike.insights.views.links import of_page, told_on
from neike.kernel.registries import LoopPage, NextAction, StepShown
from neike.kernel.ui.charts import Chart, Series, bar_chart, line_chart
from neike.kernel.ui.formatting import MISSING, percent
from neike.org import queries as org_queries

_FEWEST_WEEKS = 2


def how_it_kept_it(page: LoopPage) -> StepShown:
    """Show the share of promises kept and the times taken: by metric, by week, by customer."""
    told = told_on(page)
    found = queries.kept(page.department.id, page.period, told)
    owed = queries.open_now(page.now, told, supplier_id=page.department.id)
    owes = owed.get(page.department.id, OpenNow())
    metric = found.headline
    context = {
        "open": owes,
        "open_url": of_page(page, OPEN),
        "overdue_url": of_page(page, OVERDUE),
        "metric": metric,
        "is_part": not told.all_of(page.department.id),
        "day": working_day(page),
        "metrics": [_metric_row(page, each, one) for each, one in found.overall.items()],
        "quality": _quality(page, told),
    }
    if metric:
        context |= _headline(page, found, metric, told)
    return StepShown(
        headline=percent(found.overall[metric].kept.value) if metric else MISSING,
        context=context,
        running=metric is not None,
        concern=owes.overdue > 0,
        action=_action(page, owes, metric),
    )


def _quality(page: LoopPage, told: Told) -> Share | None:
    """Return the share of quality checks passed: all of it for who works there, for others from a few on."""
    found = quality_of_department(page.department.id, page.period).passed
    enough = found is not None and (told.all_of(page.department.id) or found.n >= FEWEST)
    return found if enough else None


def _action(page: LoopPage, owes: OpenNow, metric: TargetMetric | None) -> NextAction | None:
    if owes.overdue:
        return NextAction(_("Look at what is overdue"), of_page(page, OVERDUE))
    if metric:
        return NextAction(_("Look at what was missed"), of_page(page, MISSED))
    return None


def _metric_row(page: LoopPage, metric: TargetMetric, found: Performance) -> dict[str, Any]:
    return {
        "label": metric.label,
        "found": found,
        "url": of_page(page, ENDED, metric=metric),
        "missed": found.kept.n - found.kept.hits,
        "missed_url": of_page(page, MISSED, metric=metric),
    }


def _headline(page: LoopPage, found: Kept, metric: TargetMetric, told: Told) -> dict[str, Any]:
    today = org_queries.organisation_day(page.now)
    trend = queries.weeks(page.department.id, metric, page.period, told, until=today)
    return {
        "headline": _metric_row(page, metric, found.overall[metric]),
        "compared": queries.compared(page.department.id, metric, page.period, told),
        "before": page.period.previous(),
        "trend": _trend(page, metric, trend) if len(trend) >= _FEWEST_WEEKS else None,
        "spread": _spread(found, metric),
        "by_customer": _by_customer(page, found, metric),
    }


def _by_customer(page: LoopPage, found: Kept, metric: TargetMetric) -> list[dict[str, Any]]:
    rows = [
        {
            "name": page.organisation.name(customer) or _("a former department"),
            "found": metrics[metric],
            "url": of_page(page, ENDED, customer=customer, metric=metric),
        }
        for customer, metrics in found.by_customer.items()
        if metric in metrics
    ]
    return sorted(rows, key=lambda row: -row["found"].kept.n)


def _trend(page: LoopPage, metric: TargetMetric, trend: list[Week]) -> Chart:
    known = [week.kept for week in trend]
    return line_chart(
        [_day_words(week.start) for week in trend],
        [
            Series(
                _("Kept"),
                [_hundredths(one.value) if one else None for one in known],
                low=[_hundredths(one.low) if one else None for one in known],
                high=[_hundredths(one.high) if one else None for one in known],
                hrefs=[of_page(page, ENDED, metric=metric, week=week.start) for week in trend],
            )
        ],
        axis=_("Week from"),
        unit="%",
        low=0,
        high=100,
    )


def _day_words(day: date) -> str:
    return formats.date_format(day, pgettext("date format, this year", "j M"))


def _hundredths(share: float) -> float:
    return round(share * 100, 1)


def _spread(found: Kept, metric: TargetMetric) -> Chart:
    bins = found.used[metric]
    labels = [
        _("over %(low)s") % {"low": percent(one.low)}
        if one.high is None
        else _("%(low)s–%(high)s") % {"low": percent(one.low), "high": percent(one.high)}
        for one in bins
    ]
    kept = [one.count if one.high is not None and one.high <= 1 else None for one in bins]
    late = [one.count if one.high is None or one.high > 1 else None for one in bins]
    return bar_chart(
        labels,
        [
            Series(_("within the target"), kept, tone="success"),
            Series(_("over the target"), late, tone="error"),
        ],
        axis=_("Share of the target used"),
        stacked=True,
    )
