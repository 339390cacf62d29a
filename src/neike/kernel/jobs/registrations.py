"""The operators' page and the nightly look at what was given up."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.jobs.queries import dead_jobs
from neike.kernel.outbox.queries import dead_deliveries
from neike.kernel.policies import holds_role
from neike.kernel.registries import (
    NAVIGATION,
    NIGHTLY_CHECKS,
    NavigationEntry,
    NightlyCheck,
    Problem,
)

_REPORTED = 100


def _given_up(_now: datetime) -> list[Problem]:
    jobs = [
        Problem(
            subject=f"job {row.task_path} {row.id}",
            detail=row.exception_class_path or row.traceback,
        )
        for row in dead_jobs()[:_REPORTED]
    ]
    deliveries = [
        Problem(subject=f"delivery {row.pk} to {row.receiver}", detail=row.last_error[-200:])
        for row in dead_deliveries()[:_REPORTED]
    ]
    return jobs + deliveries


NAVIGATION.register(
    NavigationEntry(
        key="jobs",
        order=930,
        label=_("Background work"),
        icon="jobs",
        url_name="jobs:background",
        group="admin",
        visible=lambda person: holds_role(person, "SA"),
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="jobs.dead", order=20, label=_("No background work was given up"), run=_given_up
    )
)
AUDIT_ACTIONS.register(AuditAction("jobs.job_resent", _("Sent a job again")))
AUDIT_ACTIONS.register(AuditAction("jobs.delivery_resent", _("Sent a delivery again")))
