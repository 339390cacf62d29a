"""Checklists that departments keep ready."""

from collections.abc import Collection

from django.db.models import QuerySet

from neike.desk.models import ChecklistTemplate
from neike.desk.policies import Standing


def checklists_visible_to(who: Standing) -> QuerySet[ChecklistTemplate]:
    """Return the checklists of the departments somebody works for or leads."""
    rows = ChecklistTemplate.objects.filter(department__in=who.serves | who.leads)
    return rows.select_related("department").order_by("department", "pk")


def checklists_of(departments: Collection[int]) -> list[ChecklistTemplate]:
    """Return the checklists of departments (ids) that can be used now; one query."""
    rows = ChecklistTemplate.objects.filter(department__in=departments, retired_at__isnull=True)
    return list(rows.order_by("pk"))
