"""What the desk shows where a standard is read, written and published."""

from datetime import datetime
from typing import Any, Final

from neike.desk import policies
from neike.desk.models import QualityDraw, QualityPlan
from neike.desk.queries import quality as queries
from neike.desk.queries.standards import open_under
from neike.org import queries as org_queries

_QUARTERS: Final = 4


def open_requests(_person: Any, standard: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Say what publishing does to the open requests: nothing; and how they would stand under the draft."""
    return {"found": open_under(standard, now=now)}


def quality_plan(_person: Any, standard: Any, _now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Say how many delivered requests are looked at."""
    return {
        "service": standard.service,
        "plan": QualityPlan.objects.filter(service=standard.service_id).first(),
        "criteria": len(standard.quality_criteria),
        "last": QualityDraw.objects.filter(service=standard.service_id).order_by("-month").first(),
    }


def quality(person: Any, standard: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Return the share of checks passed in the last quarters, and by criterion, as far as the reader may be told."""
    service = standard.service
    told = queries.may_be_told(policies.standing(person, now=now), service)
    if not QualityDraw.objects.filter(service=service).exists():
        return {}
    quarter = org_queries.current_quarter(now)
    rows = []
    for back in range(_QUARTERS):
        period = quarter.shifted(-back)
        found = queries.quality_of(service, period)
        if found.passed and (told or found.passed.n >= queries.FEWEST):
            rows.append({"period": period, "share": found.passed})
        elif found.passed:
            rows.append({"period": period, "share": None})
    span = [quarter.shifted(-back) for back in range(_QUARTERS)]
    criteria = [
        {"text": each.text, "share": each.met}
        for each in queries.criteria_of(service, span[-1], until=span[0])
        if each.met and (told or each.met.n >= queries.FEWEST)
    ]
    return {"rows": rows, "criteria": criteria, "fewest": queries.FEWEST, "service": service}
