"""Relations follow their departments: closed ones end them, successors are proposed in their place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from neike.org import queries as org_queries
from neike.org.choices import DepartmentState
from neike.org.models import Department, DepartmentSuccession, DepartmentVersion
from neike.relations.actions.ending import batches, end_all
from neike.relations.actions.successors import propose_successors
from neike.relations.actions.work import Work
from neike.relations.choices import (
    ChangeKind,
    EndCause,
    RelationState,
)
from neike.relations.models import ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.queries.relations import relations_to_end

Effect = Callable[[], AbstractContextManager[object]]
BY_DEPARTMENT = (EndCause.DEPARTMENT_CLOSED, EndCause.DEPARTMENT_MERGED)


def follow_department(
    *, department: Department, now: datetime, effect: Effect = transaction.atomic
) -> None:
    """End a department's relations on the day it closes, today or later, and propose them with its successors.

    A department that does not close any more keeps those whose announced end was its closing. Repeats change nothing.
    Each batch is a transaction of its own, opened by `effect`, with a fixed number of statements.
    """
    on = org_queries.organisation_day(now)
    closing = _closing_day(department, on)
    if closing is None:
        _take_back(department, now)
        return
    cause = (
        EndCause.DEPARTMENT_MERGED
        if DepartmentSuccession.objects.filter(predecessor=department, date=closing).exists()
        else EndCause.DEPARTMENT_CLOSED
    )
    ids = list(
        _relations_at(department).exclude(valid_to__lte=closing).values_list("pk", flat=True)
    )
    for batch in batches(ids):
        with effect():
            ended = end_all(batch, partial(_closed, cause=cause, on=closing), now=now)
            propose_successors([one for one in ended if not one.is_open], now=now)


def _closed(relation: ServiceRelation, cause: EndCause, on: date) -> bool:
    relation.valid_to, relation.ended_reason = max(on, relation.valid_from), ""
    relation.ended_cause = cause
    return True


def end_what_is_due(*, now: datetime, effect: Effect = transaction.atomic) -> int:
    """End the relations whose announced last day has come; returns how many.

    Each batch is a transaction of its own, opened by `effect`, with a fixed number of statements.
    """
    on = org_queries.organisation_day(now)
    count = 0
    for batch in batches(list(relations_to_end(on).values_list("pk", flat=True))):
        with effect():
            ended = end_all(batch, lambda one: bool(one.valid_to and one.valid_to <= on), now=now)
            propose_successors([one for one in ended if one.ended_cause in BY_DEPARTMENT], now=now)
            count += len(ended)
    return count


def _closing_day(department: Department, on: date) -> date | None:
    """Return since when the department is closed, else when it will be; None when it stays open."""
    versions = list(DepartmentVersion.objects.filter(department=department).order_by("valid_from"))
    past = [version for version in versions if version.valid_from <= on]
    later = [version for version in versions if version.valid_from > on]
    closed: date | None = None
    for version in past:
        is_closed = version.state == DepartmentState.CLOSED
        closed = (closed or version.valid_from) if is_closed else None
    if closed is not None:
        return closed
    return next((row.valid_from for row in later if row.state == DepartmentState.CLOSED), None)


def _relations_at(department: Department) -> QuerySet[ServiceRelation]:
    at = Q()
    for side in ("provider", "customer"):
        at |= Q(**{f"{side}_department": department})
        at |= Q(**{f"{side}_position__department": department})
    return ServiceRelation.objects.filter(OPEN, at).order_by("pk")


def _take_back(department: Department, now: datetime) -> None:
    rows = _relations_at(department).filter(valid_to__isnull=False, ended_cause__in=BY_DEPARTMENT)
    for relation in rows:
        _stay(relation, now)


@transaction.atomic
def _stay(relation: ServiceRelation, now: datetime) -> None:
    """Take back an announced end that nobody but the product announced."""
    work = Work.locked(relation, by=None, version=None, now=now)
    found = work.relation
    if found.state == RelationState.ENDED or found.ended_cause not in BY_DEPARTMENT:
        return
    before = found.valid_to.isoformat() if found.valid_to else None
    found.valid_to, found.ended_cause = None, ""
    work.finish(ChangeKind.CORRECTED, data={"valid_to": None, "before": before})
