"""`{% usertext body links %}`: somebody's own words, drawn where no script looks at them."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from neike.kernel.texts import markdown

register = template.Library()


@register.simple_tag
def usertext(body: str, links: Mapping[str, markdown.Link] | None = None) -> SafeString:
    """Render Markdown inside an element that neither htmx nor Alpine ever processes; `links` as for `render`."""
    html = markdown.render(body, links)
    return format_html('<div class="nk-prose" hx-ignore x-ignore>{}</div>', html)
