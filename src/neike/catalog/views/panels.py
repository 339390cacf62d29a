"""What upper modules show on the pages about a standard."""

from datetime import datetime
from typing import Any

from neike.catalog.models import ServiceStandard
from neike.kernel.registries import STANDARD_PANELS
from neike.org.models import Person


def panels_of(
    place: str, standard: ServiceStandard | None, *, person: Person, now: datetime
) -> list[dict[str, Any]]:
    """Return template and context of what is registered for a place; nothing without a standard."""
    if standard is None:
        return []
    found = []
    for panel in STANDARD_PANELS:
        context = panel.context(person, standard, now) if panel.place == place else {}
        if context:
            found.append({"key": panel.key, "template": panel.template, "context": context})
    return found
