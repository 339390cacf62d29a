"""What the shell of every page needs."""

from typing import Any

from django.http import HttpRequest

from neike.kernel.registries import NAVIGATION


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the sidebar entries this person may use."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"navigation": []}
    return {"navigation": [entry for entry in NAVIGATION if entry.visible(person)]}
