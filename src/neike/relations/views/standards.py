"""Who has signed which version of a service's standard, on the service's page."""

from datetime import datetime
from typing import Any

from neike.org import queries as org_queries
from neike.relations import policies, queries
from neike.relations.choices import AgreementState


def signatures(person: Any, standard: Any, now: datetime) -> dict[str, Any]:  # noqa: ANN401 - the kernel's signature
    """Return the agreements about the service that hold or wait for a signature, of those the reader may see."""
    who = policies.standing(person, now=now)
    found = queries.agreements_visible_to(who).filter(
        service=standard.service_id,
        state__in=(AgreementState.IN_FORCE, AgreementState.PROPOSED),
    )
    chart = org_queries.chart(on=org_queries.organisation_day(now))
    rows = [
        {
            "agreement": each,
            "customer": chart.name(each.relation.customer_department_id),
            "version": each.standard.version,
            "is_newest": each.standard_id == standard.pk,
        }
        for each in found.order_by("relation__customer_department", "-standard__version")
    ]
    return {"rows": rows} if rows else {}
