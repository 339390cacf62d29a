"""What the record shows and has checked."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from neike.kernel.audit import safety, sealing
from neike.kernel.audit.models import AuditEntry, AuditSeal
from neike.kernel.policies import holds_role
from neike.kernel.registries import (
    NAVIGATION,
    NIGHTLY_CHECKS,
    NavigationEntry,
    NightlyCheck,
    Problem,
)

_SEALED_WITHIN = timedelta(hours=1)


def _chain_problems(now: datetime) -> list[Problem]:
    """Report the first row that breaks the chain, and entries that wait for their seal too long."""
    found = sealing.verify()
    problems = []
    if not found:
        problems.append(
            Problem(f"audit entry {found.entry_id}", f"{found.problem} at {found.position}")
        )
    sealed = AuditSeal.objects.filter(entry_id=OuterRef("pk"))
    late = AuditEntry.objects.filter(~Exists(sealed), at__lt=now - _SEALED_WITHIN).first()
    if late:
        problems.append(Problem(f"audit entry {late.pk}", "unsealed for more than an hour"))
    return problems


safety.register()
NAVIGATION.register(
    NavigationEntry(
        key="audit",
        order=920,
        label=_("Audit"),
        icon="audit",
        url_name="audit:entries",
        group="admin",
        visible=lambda person: holds_role(person, "AU"),
    )
)
NIGHTLY_CHECKS.register(
    NightlyCheck(key="audit.chain", order=10, label=_("The audit chain holds"), run=_chain_problems)
)
