"""The lines of the map's legend."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from neike.kernel.ui.tones import tone_class

register = template.Library()
_DASHES = {"solid": "", "dashed": "9 5", "dotted": "2 5", "dashdot": "9 4 2 4"}


@register.simple_tag
def map_line(tone: str, style: str) -> SafeString:
    """Draw a short line as the map draws it."""
    return format_html(
        '<svg class="nk-draw nk-map-line {}" viewBox="0 0 44 8" width="44" height="8" aria-hidden="true">'
        '<line class="tone-stroke" x1="1" y1="4" x2="43" y2="4" stroke-width="4" stroke-dasharray="{}"/></svg>',
        tone_class(tone),
        _DASHES[style],
    )
