"""Step: whom the department serves."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.engines.shares import SMALL_SAMPLE
from neike.insights import queries
from neike.insights.queries.lists import ASKED
from neike.insights.views.links import of_page, told_on
from neike.insights.views.maps.panel import department_panel
from neike.kernel.registries import LoopPage, NextAction, StepShown
from neike.kernel.ui.charts import Chart, Series, bar_chart
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries

_MOST_BARS = 12


def whom_it_serves(page: LoopPage) -> StepShown:
    """Show the departments that asked for something in the period, with volume and share."""
    told = told_on(page)
    flows = queries.customers(page.department.id, page.period, told)
    rows = [
        {
            "name": page.organisation.name(flow.customer_id) or _("a former department"),
            "is_own": flow.customer_id == page.department.id,
            "flow": flow,
            "url": of_page(page, ASKED, customer=flow.customer_id),
        }
        for flow in flows
    ]
    legs = sum(flow.legs for flow in flows)
    words = ngettext("%(count)s department", "%(count)s departments", len(flows))
    return StepShown(
        headline=words % {"count": number(len(flows))},
        context={
            "rows": rows,
            "legs": legs,
            "is_part": not told.all_of(page.department.id),
            "small": 0 < legs < SMALL_SAMPLE,
            "all_url": of_page(page, ASKED),
            "panel": _panel(page),
            "chart": _chart(rows) if len(rows) > 1 else None,
        },
        running=bool(rows),
        action=NextAction(_("See what they asked for"), of_page(page, ASKED)) if rows else None,
    )


def _panel(page: LoopPage) -> dict[str, Any]:
    """Compare the two quarters that end with the one the period ends in."""
    quarter = org_queries.quarter_of(page.organisation.on)
    return department_panel(page.department.id, quarter, page.organisation)


def _chart(rows: list[dict[str, Any]]) -> Chart:
    shown = rows[:_MOST_BARS]
    return bar_chart(
        [row["name"] for row in shown],
        [
            Series(
                _("Asked for"),
                [row["flow"].legs for row in shown],
                hrefs=[row["url"] for row in shown],
            )
        ],
        axis=_("Customer department"),
        horizontal=True,
    )
