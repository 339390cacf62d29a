"""What the map tells about one department: customers it did not know, relations without work."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.urls import reverse

from neike.engines.graph import ComparedEdge
from neike.insights.queries.map_edges import RelationLine, relations_on, whole_map
from neike.org.periods import Period
from neike.org.queries import OrgChart

_MOST: Final = 8


def department_panel(department_id: int, quarter: Period, organisation: OrgChart) -> dict[str, Any]:
    """Return the context of `insights/_map_panel.html`; a fixed number of queries.

    `quarter` ends the window of two, `organisation` is that of the quarter's last day, or of today.
    """
    day: date = organisation.on
    relations = relations_on(day)
    found = whole_map(quarter, on=day).compared
    department = organisation.get(department_id)
    public_id = str(department.public_id) if department else ""
    return {
        "unknown": _rows(found.hidden, department_id, organisation, relations),
        "unused": _rows(found.paper, department_id, organisation, relations),
        "quarter": quarter,
        "before": quarter.previous(),
        "compare_url": f"{reverse('insights:map_compare')}?period={quarter.key}&within={public_id}",
        "chain_url": f"{reverse('insights:map')}?period={quarter.key}&focus={public_id}",
    }


def _rows(
    edges: Iterable[ComparedEdge],
    department_id: int,
    organisation: OrgChart,
    relations: dict[tuple[int, int], tuple[RelationLine, ...]],
) -> list[dict[str, Any]]:
    rows = [
        {
            "name": organisation.name(one.customer),
            "volume": one.volume,
            "url": next((line.path for line in relations.get(one.pair, ())), ""),
        }
        for one in edges
        if one.provider == department_id
    ]
    return rows[:_MOST]
