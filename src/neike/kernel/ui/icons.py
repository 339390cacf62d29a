"""Icons by our own names, drawn from the sprite that the asset build makes of icons.txt."""

from functools import cache, lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

_LIST = Path(__file__).with_name("icons.txt")
_SPRITE = "neike/dist/icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """Return every name the sprite knows."""
    rows = (line.split("#")[0].split() for line in _LIST.read_text("utf-8").splitlines())
    return frozenset(row[0] for row in rows if row)


def icon_svg(name: str, label: str = "", classes: str = "") -> SafeString:
    """Return an icon as SVG: decoration when `label` is empty, otherwise an image with that name.

    Raises:
        ValueError: icons.txt has no such name.
    """
    if label:
        meaning = format_html('role="img" aria-label="{}"', label)
        return format_html('<svg class="{}" {}>{}</svg>', _css(classes), meaning, _drawing(name))
    return _decoration(name, classes)


@lru_cache(maxsize=2048)
def _decoration(name: str, classes: str) -> SafeString:
    return format_html('<svg class="{}" aria-hidden="true">{}</svg>', _css(classes), _drawing(name))


def _css(classes: str) -> str:
    return f"nk-icon {classes}".strip()


def _drawing(name: str) -> SafeString:
    if name not in icon_names():
        raise ValueError(f"unknown icon {name!r}: add it to kernel/ui/icons.txt")
    return format_html('<use href="{}#{}"/>', static(_SPRITE), name)
