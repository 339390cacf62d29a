"""Where the settings are shown, who may see the logo's file, and what a change is called in the record."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.attachments import AttachmentOwner, register_owner
from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.policies import holds_role
from neike.kernel.registries import NAVIGATION, NavigationEntry

NAVIGATION.register(
    NavigationEntry(
        key="settings",
        order=900,
        label=_("Settings"),
        icon="settings",
        url_name="installation:settings",
        group="admin",
        visible=lambda person: holds_role(person, "SA"),
    )
)
register_owner(
    AttachmentOwner(
        key="installation.installation", may_read=lambda person, _owner_id: holds_role(person, "SA")
    )
)
AUDIT_ACTIONS.register(AuditAction(key="installation.changed", label=_("Settings changed")))
