"""The portal's words in the sidebar, and the last touch of the demo company."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import DEMO_PARTS, NAVIGATION, DemoPart, NavigationEntry
from neike.portal import demo

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

DEMO_PARTS.register(DemoPart(key="portal.finish", order=990, load=demo.finish))
