"""What people keep for working a queue."""

from django.utils.translation import gettext_lazy as _

from neike.desk import demo
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import (
    DEMO_PARTS,
    DemoPart,
)

AUDIT_ACTIONS.register(
    AuditAction(key="desk.queue_exported", label=_("A list of requests was downloaded"))
)


DEMO_PARTS.register(DemoPart(key="desk.working", order=37, load=demo.load_working))
