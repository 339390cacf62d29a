"""The nightly look at whether the safety objects are still there."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NIGHTLY_CHECKS, NightlyCheck, Problem
from neike.kernel.safety.install import missing_safety_objects


def _missing(_now: datetime) -> list[Problem]:
    return [
        Problem(subject=key, detail="not in the database; run `neike migrate`")
        for key in missing_safety_objects()
    ]


NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="safety.objects",
        order=10,
        label=_("Triggers that protect append-only records are in place"),
        run=_missing,
    )
)
