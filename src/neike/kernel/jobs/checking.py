"""Nightly checks: run one, keep what it found."""

import logging
from datetime import datetime

from neike.kernel.jobs.models import CheckResult
from neike.kernel.registries import NightlyCheck, Problem

logger = logging.getLogger(__name__)

KEPT = 100


def findings(entry: NightlyCheck, now: datetime) -> list[Problem]:
    """Run a check; one that cannot run is itself a problem, and the others still run."""
    try:
        return entry.run(now)
    except Exception as error:
        logger.exception("the check %s could not run", entry.key)
        return [Problem(subject=entry.key, detail=f"could not run: {error!r}")]


def keep(key: str, found: list[Problem], *, now: datetime) -> None:
    """Store what a check found in place of its last result, and log each problem."""
    for problem in found[:KEPT]:
        logger.error("check %s: %s: %s", key, problem.subject, problem.detail)
    CheckResult.objects.update_or_create(
        key=key,
        defaults={
            "ran_at": now,
            "found": len(found),
            "problems": [
                {"subject": problem.subject, "detail": problem.detail} for problem in found[:KEPT]
            ],
        },
    )
