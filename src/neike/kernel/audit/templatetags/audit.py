"""`{% audit_history object %}`: what happened to one object, for any module's page."""

from django import template
from django.db.models import Model
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from neike.kernel.audit import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def audit_history(context: Context, subject: Model, length: int = 20) -> SafeString:
    """Show the newest entries about an object; put it only where the reader may see the object's history."""
    lines, further = queries.page(queries.entries_about(subject), length=length)
    shown = {"lines": lines, "more": further is not None}
    # With the request, because components see what the context processors give and nothing else.
    return render_to_string("audit/_history.html", shown, request=context["request"])
