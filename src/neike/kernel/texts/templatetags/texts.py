"""`{% usertext body %}`: somebody's own words, drawn where no script looks at them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from neike.kernel.texts import markdown

register = template.Library()


@register.simple_tag
def usertext(body: str) -> SafeString:
    """Render Markdown inside an element that neither htmx nor Alpine ever processes."""
    return format_html('<div class="nk-prose" hx-ignore x-ignore>{}</div>', markdown.render(body))
