"""The bell in the bar."""

from django.utils.translation import gettext_lazy as _

from neike.kernel.notices.queries import unread_count
from neike.kernel.registries import NAVIGATION, NavigationEntry

NAVIGATION.register(
    NavigationEntry(
        key="notices",
        order=10,
        label=_("Notices"),
        icon="bell",
        url_name="notices:list",
        group="bar",
        count=unread_count,
    )
)
