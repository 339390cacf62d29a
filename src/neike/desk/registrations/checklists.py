"""The departments' checklists in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NAVIGATION, NavigationEntry
from neike.org.models import Person


def _sees_checklists(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show checklists to whoever serves a department; the request desk's entry has found that out."""
    return isinstance(person, Person) and getattr(person, "waiting_at_desk", None) is not None


NAVIGATION.register(
    NavigationEntry(
        key="desk.checklists",
        order=220,
        label=_("Checklists"),
        icon="quiz",
        url_name="desk:checklists",
        group="work",
        visible=_sees_checklists,
    )
)
