"""What the kit itself adds to the menu: its style page, where builders of pages can see it."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NAVIGATION, NavigationEntry


def _for_builders(_person: Any) -> bool:  # noqa: ANN401 - the kernel knows no person model
    return bool(settings.DEBUG)


NAVIGATION.register(
    NavigationEntry(
        key="ui.style",
        order=990,
        label=_("UI kit"),
        icon="compass",
        url_name="ui:style",
        group="admin",
        visible=_for_builders,
    )
)
