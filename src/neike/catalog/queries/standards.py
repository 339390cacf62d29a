"""What is promised: seconds of working time per metric and priority."""

import json
from collections.abc import Iterable
from hashlib import sha256

from django.db.models import Q

from neike.catalog.choices import Priority
from neike.catalog.models import Service, ServiceStandard
from neike.catalog.queries.kept import catch_alls
from neike.org.models import Department, DepartmentAncestry


class StandardMissingError(Exception):
    """No department has a catch-all service yet, so nothing is promised anywhere."""


def promise(standard: ServiceStandard, priority: str) -> dict[str, int]:
    """Return the working seconds promised per metric for a priority.

    A target for that very priority beats the one for every priority. Metrics without either are missing.
    Costs one query unless the targets were prefetched.
    """
    found: dict[str, int] = {}
    for target in sorted(standard.targets.all(), key=lambda one: one.priority):
        if target.priority in ("", priority):  # "" sorts first, so the specific one wins
            found[target.metric] = target.seconds
    return found


def promises(standard: ServiceStandard) -> dict[str, dict[str, int]]:
    """Return `promise` for every priority, most urgent first."""
    return {priority.value: promise(standard, priority) for priority in Priority}


def fingerprint(standard: ServiceStandard) -> str:
    """Return a token that changes with whatever clocks follow: targets, pause rules, calendar and its hours."""
    targets = sorted(standard.targets.values_list("metric", "priority", "seconds"))
    calendar = standard.calendar
    said = [calendar.pk, calendar.revision, standard.third_party_pauses, targets]
    return sha256(json.dumps(said).encode()).hexdigest()[:32]


def current_standard(service: Service) -> ServiceStandard | None:
    """Return the standard in force, None for a service that never was published."""
    return service.standard


def standard_for(department: Department) -> ServiceStandard:
    """Return what a department promises where nothing more specific is agreed (R17: never none).

    That is its catch-all service's standard, else that of the nearest department above it, else the
    organisation's first.

    Raises:
        StandardMissingError: there is no catch-all service at all.
    """
    return standards_for([department.pk])[department.pk]


def standards_for(departments: Iterable[int]) -> dict[int, ServiceStandard]:
    """Return `standard_for` of many departments by id, in a fixed number of queries.

    Raises:
        StandardMissingError: there is no catch-all service at all.
    """
    wanted = list(departments)
    found = catch_alls()
    if wanted and not found:
        raise StandardMissingError
    first = next(iter(found.values()), None)
    nearest = _nearest(wanted, found.keys())
    return {
        each: found.get(each) or found.get(nearest.get(each, 0)) or first  # type: ignore[misc]  # never None here
        for each in wanted
    }


def _nearest(wanted: list[int], having: Iterable[int]) -> dict[int, int]:
    """Return the nearest ancestor that has a catch-all, of each department that lacks one."""
    lacking = set(wanted).difference(having)
    if not lacking:
        return {}
    rows = DepartmentAncestry.objects.filter(
        Q(valid_to__isnull=True), descendant__in=lacking, ancestor__in=list(having)
    ).order_by("-depth")
    return dict(rows.values_list("descendant_id", "ancestor_id"))
