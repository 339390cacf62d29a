"""Small helps for the relations' templates."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from neike.relations import wording

register = template.Library()


@register.simple_tag
def relation_field_id(name: str, part: object) -> str:
    """Return an id that is one of a kind on a page with many forms."""
    return f"{name}-{part}"


@register.filter
def reason_said(text: str) -> str:
    """Write a reason: quick ones in the reader's language, own words as they were said."""
    return wording.reason_said(text)


@register.simple_tag(takes_context=True)
def include_section(context: Context, section: Any) -> SafeString:  # noqa: ANN401 - a view's `Section`
    """Render a part of a relation's page with its own context and that of the page."""
    with context.push(**section.context):
        return SafeString(get_template(section.template).template.render(context))  # type: ignore[attr-defined]
