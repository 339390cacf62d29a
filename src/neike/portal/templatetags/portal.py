"""Shows what modules have registered."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def include_step(context: Context, step: Any) -> SafeString:  # noqa: ANN401 - a view's `Step`
    """Render a step of the loop page with its own context, the page and what every page has."""
    with context.push(page=context["page"], **step.context):
        return SafeString(get_template(step.step.template).template.render(context))  # type: ignore[attr-defined]
