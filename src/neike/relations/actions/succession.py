"""Relations follow their departments: closed ones end them, successors are proposed in their place."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from neike.org import queries as org_queries
from neike.org.choices import DepartmentState
from neike.org.models import Department, DepartmentSuccession, DepartmentVersion
from neike.relations.actions.errors import NotPossibleError, RelationError
from neike.relations.actions.making import propose
from neike.relations.actions.moves import end_by_itself, let_end
from neike.relations.actions.work import Work
from neike.relations.choices import (
    ChangeKind,
    EndCause,
    Origin,
    RelationLevel,
    RelationState,
    Side,
)
from neike.relations.models import ServiceRelation
from neike.relations.models.relations import OPEN
from neike.relations.queries.relations import relations_to_end

BY_DEPARTMENT = (EndCause.DEPARTMENT_CLOSED, EndCause.DEPARTMENT_MERGED)


def follow_department(*, department: Department, now: datetime) -> None:
    """End a department's relations on the day it closes, today or later, and propose them with its successors.

    A department that does not close any more keeps those whose announced end was its closing. Repeats change nothing.
    """
    on = org_queries.organisation_day(now)
    closing = _closing_day(department, on)
    if closing is None:
        _take_back(department, now)
        return
    for relation in _relations_at(department).exclude(valid_to__lte=closing):
        cause = (
            EndCause.DEPARTMENT_MERGED
            if _successors(department, closing)
            else EndCause.DEPARTMENT_CLOSED
        )
        try:
            ended = end_by_itself(relation=relation, cause=cause, on=closing, now=now)
        except NotPossibleError:  # it ended in the meantime
            continue
        if closing <= on:
            propose_successors(ended, now=now)


def end_what_is_due(*, now: datetime) -> int:
    """End the relations whose announced last day has come; returns how many."""
    due = list(relations_to_end(org_queries.organisation_day(now)))
    for relation in due:
        ended = let_end(relation=relation, now=now)
        if ended.ended_cause in BY_DEPARTMENT:
            propose_successors(ended, now=now)
    return len(due)


def propose_successors(relation: ServiceRelation, *, now: datetime) -> list[ServiceRelation]:
    """Propose an ended relation between departments with those in which its closed end went on.

    Only what both or one side stood by; what cannot be (the same department twice, a closed one, a relation that
    exists) is left out.
    """
    agreed = relation.provider_confirmed_on or relation.customer_confirmed_on
    if relation.level != RelationLevel.DEPARTMENT or not agreed or relation.valid_to is None:
        return []
    made: list[ServiceRelation] = []
    for provider in _heirs(relation, Side.PROVIDER):
        for customer in _heirs(relation, Side.CUSTOMER):
            try:
                with transaction.atomic():
                    made.append(
                        propose(
                            provider=provider,
                            customer=customer,
                            kind=relation.kind,
                            origin=Origin.ORG_CHART,
                            by=None,
                            now=now,
                            closeness=relation.closeness,
                        )
                    )
            except RelationError:
                continue
    return made


def _heirs(relation: ServiceRelation, side: str) -> list[Department]:
    department: Department = getattr(relation, f"{side}_department")
    assert relation.valid_to is not None  # noqa: S101 - the caller has looked
    return _successors(department, relation.valid_to) or [department]


def _successors(department: Department, on: date) -> list[Department]:
    rows = DepartmentSuccession.objects.filter(predecessor=department, date=on)
    return [row.successor for row in rows.select_related("successor").order_by("pk")]


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
