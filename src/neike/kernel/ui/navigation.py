"""The sidebar, the bar and the person's menu, as the reader may see them now."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NAVIGATION, NavigationEntry
from neike.kernel.ui.tones import pick

Text = str | Promise

# The groups of the sidebar in their order; "bar" and "person" stand in the bar above the page.
GROUPS: Final[dict[str, Text]] = {
    "loop": "",
    "work": _("Work"),
    "manage": _("Manage"),
    "admin": _("Administration"),
}
BAR: Final = "bar"
PERSON: Final = "person"
_KNOWN: Final = {name: name for name in (*GROUPS, BAR, PERSON)}


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `current` is "page" on its own page, "true" on a page below it, else empty."""

    key: str
    label: Text
    icon: str
    url: str
    count: int
    current: str

    @property
    def anchor(self) -> str:
        """Return the id of the number on the page."""
        return f"count-{self.key.replace('.', '-')}"

    @property
    def count_text(self) -> str:
        """Return the count, capped so that it stays short."""
        return "99+" if self.count > 99 else str(self.count)  # noqa: PLR2004 - two digits fit


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading, which may be empty."""

    label: Text
    links: list[Link]


def sidebar(person: Any, path: str) -> list[Group]:  # noqa: ANN401 - the kernel knows no person model
    """Return the groups of the sidebar that hold something for this person."""
    order = list(GROUPS)
    entries = sorted(_visible(person, *GROUPS), key=lambda entry: order.index(entry.group))
    here = _deepest(entries, path)
    return [
        Group(GROUPS[name], [_link(entry, person, path, here) for entry in members])
        for name, members in groupby(entries, key=lambda entry: entry.group)
    ]


def links(person: Any, path: str, group: str) -> list[Link]:  # noqa: ANN401
    """Return the links of one group ("bar" or "person")."""
    entries = list(_visible(person, group))
    here = _deepest(entries, path)
    return [_link(entry, person, path, here) for entry in entries]


def _visible(person: Any, *groups: str) -> Iterator[NavigationEntry]:  # noqa: ANN401
    for entry in NAVIGATION:
        if pick(_KNOWN, entry.group, "navigation group") in groups and entry.visible(person):
            yield entry


def _deepest(entries: list[NavigationEntry], path: str) -> str:
    """Return the longest address that `path` lies at or below; the home page counts only for itself."""
    urls = [reverse(entry.url_name) for entry in entries]
    inside = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(inside, key=len, default="")


def _link(entry: NavigationEntry, person: Any, path: str, here: str) -> Link:  # noqa: ANN401
    url = reverse(entry.url_name)
    current = "" if url != here else "page" if url == path else "true"
    return Link(entry.key, entry.label, entry.icon, url, entry.count(person), current)
