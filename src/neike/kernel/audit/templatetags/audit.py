"""`{% audit_history object %}`: what happened to one object, for any module's page."""

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from neike.kernel.audit import queries

register = template.Library()


@register.inclusion_tag("audit/_history.html", takes_context=True)
def audit_history(context: Context, subject: Model, length: int = 20) -> dict[str, Any]:
    """Show the newest entries about an object; put it only where the reader may see the object's history."""
    lines, further = queries.page(queries.entries_about(subject), length=length)
    return {"lines": lines, "more": further is not None, "now": context["now"]}
