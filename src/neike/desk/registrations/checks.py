"""What is checked every night."""

from django.utils.translation import gettext_lazy as _

from neike.desk import checks
from neike.kernel.registries import (
    NIGHTLY_CHECKS,
    NightlyCheck,
)

for _order, (_key, _label, _run) in enumerate(
    (
        ("desk.replay", _("Requests are what their log says"), checks.replay_equals_stored),
        ("desk.lead_leg", _("Every request has one lead leg"), checks.one_lead_leg),
        ("desk.segments", _("Time of legs is cut without gap"), checks.segments_partition_legs),
        ("desk.clocks", _("No clock runs after the end"), checks.no_clock_runs_at_the_end),
        ("desk.links", _("Related requests know of each other"), checks.links_are_mirrored),
    )
):
    NIGHTLY_CHECKS.register(NightlyCheck(key=_key, order=100 + _order, label=_label, run=_run))
