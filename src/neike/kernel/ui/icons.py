"""Icons by our own names, drawn from the sprite that the asset build makes of icons.txt."""

from functools import cache
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
    if name not in icon_names():
        raise ValueError(f"unknown icon {name!r}: add it to kernel/ui/icons.txt")
    css = f"nk-icon {classes}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>',
            css,
            label,
            static(_SPRITE),
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static(_SPRITE), name
    )
