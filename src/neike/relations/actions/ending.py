"""End many relations at once because the organisation changed or their day has come, in a fixed number of statements."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar

from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.org import queries as org_queries
from neike.relations.actions.work import shown
from neike.relations.choices import (
    AgreementState,
    ChangeKind,
    EndCause,
    RelationLevel,
    RelationState,
    Side,
)
from neike.relations.events import AgreementChanged, RelationChanged
from neike.relations.models import Agreement, RelationChange, ServiceRelation
from neike.relations.models.relations import OPEN

AT_ONCE: Final = 500
"""Relations in one transaction; few enough for the parameter limit of SQLite."""
_ENDING: Final = ("valid_to", "ended_reason", "ended_cause", "state", "version")
_AGREEMENT_ENDING: Final = ("valid_to", "state", "ended_cause", "version")
_Item = TypeVar("_Item")
Decide = Callable[[ServiceRelation], bool]
"""Sets `valid_to`, cause and reason of a locked relation; False leaves it alone."""


def batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Cut a list into parts for one transaction each."""
    return (items[first : first + AT_ONCE] for first in range(0, len(items), AT_ONCE))


def end_all(ids: Sequence[int], decide: Decide, *, now: datetime) -> list[ServiceRelation]:
    """End relations, or announce their end where the day is to come; in the caller's transaction.

    What ended in the meantime is left out. Returns those changed; their
    agreements end with the relation.
    """
    on = org_queries.organisation_day(now)
    rows = ServiceRelation.objects.select_for_update().filter(OPEN, pk__in=ids).order_by("pk")
    found, before = [], {}
    for relation in rows:
        was = shown(relation)
        if not decide(relation):
            continue
        if relation.valid_to is None:
            raise ValueError("an end needs a day")
        if relation.valid_to <= on:
            relation.state = RelationState.ENDED
        relation.version += 1
        before[relation.pk] = was
        found.append(relation)
    if not found:
        return []
    ServiceRelation.objects.bulk_update(found, _ENDING)
    RelationChange.objects.bulk_create(_change(relation, now) for relation in found)
    record_all([_record(relation, before[relation.pk], now) for relation in found])
    announce_all([_told(relation, now) for relation in found], now=now)
    _end_agreements([each for each in found if not each.is_open], now)
    return found


def _change(relation: ServiceRelation, now: datetime) -> RelationChange:
    cause = relation.ended_cause
    return RelationChange(
        relation=relation,
        seq=relation.version,
        kind=ChangeKind.ENDED,
        at=now,
        on=relation.valid_to or relation.valid_from,
        state=relation.state,
        reason=relation.ended_reason,
        data={"cause": cause} if cause else {},
    )


def _record(relation: ServiceRelation, before: dict[str, object], now: datetime) -> Record:
    return Record(
        action="relations.relation_ended",
        subject=relation,
        by=None,
        now=now,
        before=before,
        after=shown(relation),
    )


def _told(relation: ServiceRelation, now: datetime) -> tuple[RelationChanged, str]:
    event = RelationChanged(
        relation_id=relation.pk,
        seq=relation.version,
        change=ChangeKind.ENDED.value,
        side=Side.NONE.value,
        by_id=None,
        at=now,
    )
    return event, f"relation:{relation.pk}"


def _end_agreements(relations: Sequence[ServiceRelation], now: datetime) -> None:
    """End what is in force on the relation's last day, and what waits without a word."""
    days = {
        relation.pk: relation.valid_to
        for relation in relations
        if relation.level == RelationLevel.DEPARTMENT and relation.valid_to
    }
    if not days:
        return
    open_states = (AgreementState.PROPOSED, AgreementState.IN_FORCE)
    rows = Agreement.objects.select_for_update().filter(relation__in=days, state__in=open_states)
    found = list(rows.order_by("pk"))
    for each in found:
        if each.state == AgreementState.IN_FORCE and each.valid_from is not None:
            each.valid_to = max(days[each.relation_id], each.valid_from)
        each.state, each.ended_cause = AgreementState.ENDED, EndCause.RELATION_ENDED
        each.version += 1
    if not found:
        return
    Agreement.objects.bulk_update(found, _AGREEMENT_ENDING)
    record_all(
        [
            Record(
                action="relations.agreement_ended",
                subject=each,
                by=None,
                now=now,
                after={"state": each.state, "side": Side.NONE.value, "version": each.version},
            )
            for each in found
        ]
    )
    announce_all([_agreement_told(each, now) for each in found], now=now)


def _agreement_told(each: Agreement, now: datetime) -> tuple[AgreementChanged, str]:
    event = AgreementChanged(
        agreement_id=each.pk,
        relation_id=each.relation_id,
        change="ended",
        side=Side.NONE.value,
        by_id=None,
        at=now,
        version=each.version,
    )
    return event, f"relation:{each.relation_id}"
