"""What people keep for working a queue."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neike.desk import demo
from neike.desk.registrations.readers import standing_of
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    DemoPart,
    NavigationEntry,
)


def _serves(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the board to who serves a department; what they serve is looked up once per page."""
    who = standing_of(person)
    return who is not None and bool(who.serves)


NAVIGATION.register(
    NavigationEntry(
        key="desk.my_board",
        order=205,
        label=_("My work"),
        icon="quiz",
        url_name="desk:my_board",
        group="work",
        visible=_serves,
    )
)


AUDIT_ACTIONS.register(
    AuditAction(key="desk.queue_exported", label=_("A list of requests was downloaded"))
)


DEMO_PARTS.register(DemoPart(key="desk.working", order=37, load=demo.load_working))
