"""What every page of the shell needs; nothing is computed before a template asks for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property

from neike.kernel.ui import navigation, preferences


class Shell:
    """The reader's surroundings. Every part is computed at most once per page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def theme(self) -> str:
        """Return "system", "light" or "dark"."""
        return preferences.theme_of(self.request)

    @cached_property
    def theme_name(self) -> str:
        """Return the theme's name for `data-theme`, empty when the system decides."""
        return preferences.THEMES[self.theme]

    @cached_property
    def sidebar(self) -> list[navigation.Group]:
        """Return the groups of the sidebar."""
        return navigation.sidebar(self.request.user, self.request.path)

    @cached_property
    def bar(self) -> list[navigation.Link]:
        """Return the tools of the bar, such as the notices bell."""
        return navigation.links(self.request.user, self.request.path, navigation.BAR)

    @cached_property
    def live_since(self) -> int:
        """Return the moment the page is made, in milliseconds: what changes from now on is told to it."""
        return int(timezone.now().timestamp() * 1000)  # noqa: TID251 - the page's one clock, like a view's

    @cached_property
    def live_channel(self) -> str:
        """Return the address at which the page listens; "" where it is switched off."""
        return reverse("live:listen") if settings.LIVE else ""

    @cached_property
    def person_links(self) -> list[navigation.Link]:
        """Return the entries of the person's menu."""
        return navigation.links(self.request.user, self.request.path, navigation.PERSON)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `shell` and `now`, the moment the page is made."""
    return {
        "shell": Shell(request),
        "now": SimpleLazyObject(timezone.now),  # noqa: TID251 - the page's one clock, like a view's
    }
