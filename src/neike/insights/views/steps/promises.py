"""Step: what the department promised."""

from django.utils.translation import ngettext

from neike.catalog import queries as catalog_queries
from neike.catalog.models import ServiceStandard
from neike.insights.queries.kept import METRICS
from neike.insights.views.days import working_day
from neike.kernel.registries import LoopPage, StepShown
from neike.kernel.ui.formatting import number
from neike.org import queries as org_queries


def what_it_promised(page: LoopPage) -> StepShown:
    """Show the services the reader can ask for today, with what they promise at their usual priority."""
    services = list(
        catalog_queries.services_visible_to(page.person, org_queries.organisation_day(page.now))
        .filter(department=page.department.id)
        .prefetch_related("standard__targets")
        .order_by("is_catch_all", "order", "key")
    )
    promised = [(service, _targets(service.standard)) for service in services if service.standard]
    metrics = [
        metric for metric in METRICS if any(metric in targets for _each, targets in promised)
    ]
    words = ngettext("%(count)s service", "%(count)s services", len(promised))
    return StepShown(
        headline=words % {"count": number(len(promised))},
        context={
            "metrics": metrics,
            "rows": [
                {"service": service, "cells": [(metric, targets.get(metric)) for metric in metrics]}
                for service, targets in promised
            ],
            "day": working_day(page),
        },
        running=bool(promised),
    )


def _targets(standard: ServiceStandard) -> dict[str, int]:
    return catalog_queries.promise(standard, standard.default_priority)
