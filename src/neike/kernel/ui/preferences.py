"""Language and theme of a reader: a cookie for this browser, and the person's own record if one keeps it."""

from collections.abc import Callable
from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse

Name = Literal["language", "theme"]
Saver = Callable[[Any, Name, str], None]

THEME_COOKIE: Final = "neike_theme"
THEMES: Final[dict[str, str]] = {"system": "", "light": "neike-light", "dark": "neike-dark"}
_YEAR: Final = 365 * 24 * 3600

_savers: list[Saver] = []


def saves_preferences(saver: Saver) -> Saver:
    """Register who keeps a signed-in person's choice: called as `saver(person, name, value)`."""
    if saver not in _savers:
        _savers.append(saver)
    return saver


def theme_of(request: HttpRequest) -> str:
    """Return "system", "light" or "dark": this browser's choice, else the person's, else the system's."""
    own = getattr(getattr(request, "user", None), "theme", "")
    for choice in (request.COOKIES.get(THEME_COOKIE, ""), own):
        if choice in THEMES:
            return choice
    return "system"


def remember(
    request: HttpRequest, response: HttpResponse, *, name: Name, value: str, cookie: str
) -> None:
    """Keep a choice in a cookie for a year and tell the savers when somebody is signed in."""
    response.set_cookie(
        cookie, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    if request.user.is_authenticated:
        for saver in _savers:
            saver(request.user, name, value)
