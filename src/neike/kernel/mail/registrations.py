"""The way to the demo's mailbox."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.mail.policies import in_demo
from neike.kernel.registries import NAVIGATION, NavigationEntry

NAVIGATION.register(
    NavigationEntry(
        key="mail.catcher",
        order=940,
        label=_("Caught mail"),
        icon="mail",
        url_name="mail:catcher",
        group="admin",
        visible=lambda person: bool(in_demo(person)),
    )
)
