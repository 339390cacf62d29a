"""The portal's words in the sidebar, and the last touch of the demo company."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.audit.labels import AUDIT_ACTIONS, AuditAction
from neike.kernel.registries import DEMO_PARTS, NAVIGATION, DemoPart, NavigationEntry
from neike.portal import demo, policies

NAVIGATION.register(
    NavigationEntry(
        key="portal.home", order=10, label=_("My day"), icon="home", url_name="portal:home"
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="portal.loop", order=300, label=_("Loop"), icon="loop", url_name="portal:loops"
    )
)
NAVIGATION.register(
    NavigationEntry(
        key="portal.start",
        order=690,
        label=_("Start for real"),
        icon="running",
        url_name="portal:start",
        group="admin",
        visible=lambda person: bool(policies.may_start_for_real(person)),
    )
)
AUDIT_ACTIONS.register(AuditAction(key="portal.started_for_real", label=_("Started for real")))

DEMO_PARTS.register(DemoPart(key="portal.finish", order=990, load=demo.finish))
