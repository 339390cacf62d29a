"""Quality checks and what the desk adds to the pages of a standard."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import demo, policies
from neike.desk.queries import my_day
from neike.desk.registrations.readers import day_source
from neike.desk.views import standards
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    STANDARD_PANELS,
    DemoPart,
    NavigationEntry,
    StandardPanel,
)
from neike.org.models import Person

day_source(
    "desk.quality",
    120,
    _("Quality checks"),
    "check",
    my_day.to_check,
    page="desk:quality",
    query="",
)


def _checks_quality(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show quality checks to heads of departments that serve: they are asked to do them."""
    if not isinstance(person, Person) or getattr(person, "waiting_at_desk", None) is None:
        return False
    now = timezone.now()  # noqa: TID251 - a menu has no clock of its own
    return bool(policies.standing(person, now=now).heads)


NAVIGATION.register(
    NavigationEntry(
        key="desk.quality",
        order=230,
        label=_("Quality checks"),
        icon="ruler",
        url_name="desk:quality",
        group="work",
        visible=_checks_quality,
    )
)


for _place, _template, _panel in (
    ("publish", "desk/standards/_open_requests.html", standards.open_requests),
    ("editor", "desk/standards/_quality_plan.html", standards.quality_plan),
    ("page", "desk/standards/_quality.html", standards.quality),
):
    STANDARD_PANELS.register(
        StandardPanel(
            key=f"desk.{_panel.__name__}",
            order=20,
            place=_place,
            template=_template,
            context=_panel,
        )
    )


DEMO_PARTS.register(DemoPart(key="desk.quality", order=36, load=demo.load_quality))


AUDIT_ACTIONS.register(
    AuditAction(key="desk.quality_planned", label=_("Sample of quality checks set"))
)
