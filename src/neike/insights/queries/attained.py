"""How the promises of one service were kept, quarter by quarter."""

from collections.abc import Sequence

from django.db.models import Count, Q

from neike.catalog.models import Service
from neike.engines.shares import Share, wilson
from neike.insights.models import Outcome
from neike.insights.queries.telling import Told
from neike.org.periods import Period


def attained(
    service: Service, metrics: Sequence[str], periods: Sequence[Period], told: Told
) -> dict[str, list[Share | None]]:
    """Return the share kept by metric, in the order of the periods; one query for each period."""
    found: dict[str, list[Share | None]] = {metric: [] for metric in metrics}
    for period in periods:
        rows = (
            Outcome.objects.filter(
                told.rows(period, "day"),
                supplier=service.department_id,
                service=service,
                metric__in=metrics,
            )
            .values_list("metric")
            .annotate(hits=Count("pk", filter=Q(kept=True)), ended=Count("pk"))
            .order_by()
        )
        sums = {metric: (hits, ended) for metric, hits, ended in rows}
        for metric in metrics:
            found[metric].append(wilson(*sums.get(metric, (0, 0))))
    return found
