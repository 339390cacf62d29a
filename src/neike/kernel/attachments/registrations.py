"""What attachments have checked at night, and what their recorded actions are called."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.attachments import cleaning
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import NIGHTLY_CHECKS, NightlyCheck

NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="attachments.bytes",
        order=30,
        label=_("Attached files are there and unchanged"),
        run=cleaning.files_that_disagree,
    )
)
AUDIT_ACTIONS.register(AuditAction(key="attachments.redacted", label=_("File removed")))
