"""Step: who waits for whom."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from neike.desk.choices import WaitingOn
from neike.insights import queries
from neike.insights.queries import Pair, Waits
from neike.insights.queries.flows import PARTIES
from neike.insights.queries.lists import ASKED, RETURNED
from neike.insights.views.days import working_day
from neike.insights.views.links import list_url, told_on
from neike.kernel.registries import LoopPage, StepShown
from neike.kernel.ui.charts import Chart, Series, bar_chart, heatmap
from neike.kernel.ui.formatting import MISSING, percent
from neike.org.periods import Period
from neike.org.queries import OrgChart

MOST_IN_MATRIX = 10


def who_waits(page: LoopPage) -> StepShown | None:
    """Show by whom the time was spent, and the hand-overs between the department and its partners."""
    told = told_on(page)
    waited = queries.waits(page.department.id, page.period, told)
    pairs = queries.neighbours(page.department.id, page.period, told)
    if not pairs and not waited.legs:
        return None
    partners = _partners(page.department.id, pairs)
    flows = queries.flow_matrix(partners, page.period, told) if len(partners) > 1 else {}
    return StepShown(
        headline=_headline(waited),
        context={
            "waited": waited,
            "is_part": not told.all_of(page.department.id),
            "parties": _parties(waited),
            "day": working_day(page),
            "chart": _chart(waited) if waited.total else None,
            "pairs": [_pair_row(page, pair) for pair in pairs],
            "matrix": matrix_chart(
                partners, flows, period=page.period, organisation=page.organisation
            )
            if flows
            else None,
        },
    )


def _headline(waited: Waits) -> str:
    if not waited.total:
        return MISSING
    return _("%(share)s own work") % {"share": percent(waited.share(WaitingOn.SUPPLIER))}


def _parties(waited: Waits) -> list[dict[str, Any]]:
    return [
        {
            "label": party.label,
            "seconds": waited.seconds[party],
            "per_leg": waited.seconds[party] / waited.legs if waited.legs else None,
            "share": waited.share(party),
        }
        for party in PARTIES
    ]


TONES = {
    WaitingOn.SUPPLIER: "primary",
    WaitingOn.REQUESTER: "warning",
    WaitingOn.APPROVER: "success",
    WaitingOn.THIRD_PARTY: "neutral",
    WaitingOn.OTHER_LEG: "info",
}


def _chart(waited: Waits) -> Chart:
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


def _partners(department: int, pairs: Iterable[Pair]) -> list[int]:
    """Return the department and those it exchanges most with, the department first."""
    volume: Counter[int] = Counter()
    for pair in pairs:
        volume.update({pair.supplier_id: pair.legs, pair.customer_id: pair.legs})
    volume.pop(department, None)
    return [department, *(pk for pk, _legs in volume.most_common(MOST_IN_MATRIX - 1))]


def _pair_row(page: LoopPage, pair: Pair) -> dict[str, Any]:
    link = partial(
        list_url,
        period=page.period,
        organisation=page.organisation,
        supplier=pair.supplier_id,
        customer=pair.customer_id,
    )
    name = page.organisation.name
    return {
        "supplier": name(pair.supplier_id) or _("a former department"),
        "customer": name(pair.customer_id) or _("a former department"),
        "pair": pair,
        "url": link(ASKED),
        "returned_url": link(RETURNED),
    }


def matrix_chart(
    departments: list[int],
    flows: dict[tuple[int, int], int],
    *,
    period: Period,
    organisation: OrgChart,
) -> Chart:
    """Return a heatmap of legs: rows serve, columns ask."""
    names = [organisation.name(pk) or _("a former department") for pk in departments]

    def link(supplier: int, customer: int) -> str:
        if (supplier, customer) not in flows:
            return ""
        return list_url(
            ASKED, period=period, organisation=organisation, supplier=supplier, customer=customer
        )

    return heatmap(
        _("Hand-overs"),
        names,
        names,
        [[flows.get((row, column)) for column in departments] for row in departments],
        axis=_("serves ↓ · asks →"),
        hrefs=[[link(row, column) for column in departments] for row in departments],
    )
