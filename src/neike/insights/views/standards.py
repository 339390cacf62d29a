"""How a service's promise was kept in the last quarters, where everybody reads the promise."""

from datetime import datetime
from typing import Any, Final

from neike.catalog.choices import TargetMetric
from neike.insights.queries import told_to
from neike.insights.queries.attained import attained
from neike.org import queries as org_queries

_QUARTERS: Final = 4
_METRICS: Final = (TargetMetric.FIRST_RESPONSE, TargetMetric.END_TO_END)


def panel(person: Any, standard: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Return the share kept by quarter, as far as the reader is told; nothing where nothing came to its end."""
    quarter = org_queries.current_quarter(now)
    quarters = [quarter.shifted(-back) for back in range(_QUARTERS)]
    told = told_to(person, now=now)
    found = attained(standard.service, [each.value for each in _METRICS], quarters, told)
    rows = [
        {"period": period, "shares": [found[metric.value][place] for metric in _METRICS]}
        for place, period in enumerate(quarters)
        if any(found[metric.value][place] for metric in _METRICS)
    ]
    if not rows:
        return {}
    return {
        "rows": rows,
        "metrics": [str(each.label) for each in _METRICS],
        "is_part": not told.all_of(standard.service.department_id),
    }
