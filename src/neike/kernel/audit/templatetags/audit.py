"""`{% audit_history object %}`: what happened to one object, for any module's page."""

from typing import Any

from django import template
from django.db.models import Model

from neike.kernel.audit import queries

register = template.Library()


@register.inclusion_tag("audit/_history.html")
def audit_history(subject: Model, length: int = 20) -> dict[str, Any]:
    """Show the newest entries about an object; put it only where the reader may see the object's history."""
    lines, further = queries.page(queries.entries_about(subject), length=length)
    return {"lines": lines, "more": further is not None}
