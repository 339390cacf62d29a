"""The portal's words in the sidebar."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NAVIGATION, NavigationEntry

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
