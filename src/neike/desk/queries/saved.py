"""Saved views of queues, what a person likes to see there, and what they did to many requests."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from neike.desk.choices import RowState
from neike.desk.models import BulkRun, DeskPreference, Macro, SavedView
from neike.desk.policies import Standing

MOST_VIEWS = 40
"""More saved views than this are not shown to one person; actions refuse more of one's own."""


def saved_views_to(who: Standing) -> QuerySet[SavedView]:
    """Return the saved views a person has: their own, and those of departments they work for or lead."""
    departments = who.serves | who.leads
    return SavedView.objects.filter(
        Q(owner=who.person_id, department__isnull=True) | Q(department__in=departments)
    ).select_related("department", "owner")


def saved_views_of(who: Standing) -> list[SavedView]:
    """Return them in their order, own ones first; one query."""
    found = list(saved_views_to(who).order_by("position", "pk")[:MOST_VIEWS])
    return sorted(found, key=lambda view: view.department_id is not None)


def preference_of(person_id: int) -> DeskPreference:
    """Return what a person likes; the usual where they never said; one query."""
    found = DeskPreference.objects.filter(person=person_id).first()
    return found or DeskPreference(person_id=person_id)


def last_bulk_run(person_id: int, *, since: datetime) -> BulkRun | None:
    """Return what somebody last did to many requests, if it was after `since`; one query."""
    runs = BulkRun.objects.filter(person=person_id, created_at__gte=since)
    counts = {
        state.value: Count("rows", filter=Q(rows__state=state))
        for state in (RowState.DONE, RowState.REFUSED, RowState.WAITING)
    }
    return runs.annotate(**counts).order_by("-created_at").first()


def macros_to(who: Standing) -> QuerySet[Macro]:
    """Return the macros a person has: their own, and those of departments they work for or lead."""
    departments = who.serves | who.leads
    return Macro.objects.filter(
        Q(owner=who.person_id, department__isnull=True) | Q(department__in=departments)
    ).order_by("pk")
