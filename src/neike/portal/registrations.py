"""What the portal shows in the shell."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NAVIGATION, NavigationEntry

NAVIGATION.register(
    NavigationEntry(
        key="portal.home", order=10, label=_("My day"), icon="home", url_name="portal:home"
    )
)
