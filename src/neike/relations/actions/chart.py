"""Proposals from the organisation chart, and the end of what the chart does not say any more."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from functools import partial

from django.db import transaction

from neike.kernel.audit.actions import Record, record_all
from neike.kernel.outbox.actions import announce_all
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.relations.actions.ending import batches, end_all
from neike.relations.actions.making import REMEMBERED
from neike.relations.choices import (
    ChangeKind,
    EndCause,
    Origin,
    RelationKind,
    RelationLevel,
    RelationState,
)
from neike.relations.events import RelationsProposed
from neike.relations.models import RelationChange, ServiceRelation
from neike.relations.queries.chart import (
    Pair,
    chart_pairs,
    of_leavers,
    open_pairs,
    outdated,
    rejected_pairs,
)

Effect = Callable[[], AbstractContextManager[object]]


def follow_chart(
    *, now: datetime, person: Person | None = None, effect: Effect = transaction.atomic
) -> int:
    """Propose what the chart says today and is not known yet, end what it does not say any more.

    With a person only their own relations are proposed, and none ended. Returns how many were proposed; a repeat
    changes nothing, and of two that run at once each relation is proposed by one. What was turned down within two
    quarters is not proposed again. Each batch is a transaction of its own, opened by `effect`.
    """
    on = org_queries.organisation_day(now)
    wanted = chart_pairs(on)
    if person is None:
        _end_outdated(wanted, on, now, effect)
    known = open_pairs()
    missing = wanted - known - rejected_pairs(on - REMEMBERED)
    if person is not None:
        missing = {pair for pair in missing if person.pk in pair[1:]}
    fitting = _without_cycles(sorted(missing), known)
    made = 0
    for batch in batches(fitting):
        with effect():
            made += _propose_all(batch, on, now)
    return made


def _end_outdated(wanted: set[Pair], on: date, now: datetime, effect: Effect) -> None:
    for cause, ids in (
        (EndCause.PERSON_LEFT, of_leavers(on)),
        (EndCause.CHART_CHANGED, outdated(wanted)),
    ):
        for batch in batches(ids):
            with effect():
                end_all(batch, partial(_ended, cause=cause, on=on), now=now)


def _ended(relation: ServiceRelation, cause: EndCause, on: date) -> bool:
    relation.valid_to, relation.ended_reason = max(on, relation.valid_from), ""
    relation.ended_cause = cause
    return True


def _without_cycles(missing: Sequence[Pair], known: set[Pair]) -> list[Pair]:
    """Leave out the pairs by which, with what people stated themselves, somebody would be their own boss."""
    bosses: dict[int, set[int]] = {}
    for pair in known:
        _note(bosses, pair)
    fitting: list[Pair] = []
    for pair in missing:
        boss, report = _boss_and_report(pair)
        if boss and _stands_above(report, boss, bosses):
            continue
        _note(bosses, pair)
        fitting.append(pair)
    return fitting


def _boss_and_report(pair: Pair) -> tuple[int, int]:
    """Return (boss, report) of a team or boss relation, (0, 0) of another."""
    if pair.kind == RelationKind.TEAM:
        return pair.provider_id, pair.customer_id
    return (pair.customer_id, pair.provider_id) if pair.kind == RelationKind.BOSS else (0, 0)


def _note(bosses: dict[int, set[int]], pair: Pair) -> None:
    boss, report = _boss_and_report(pair)
    if boss:
        bosses.setdefault(report, set()).add(boss)


def _stands_above(person: int, other: int, bosses: dict[int, set[int]]) -> bool:
    above, seen = {other}, set[int]()
    while above:
        if person in above:
            return True
        seen |= above
        above = {boss for each in above for boss in bosses.get(each, ())} - seen
    return False


def _propose_all(pairs: Sequence[Pair], on: date, now: datetime) -> int:
    """Write proposals in a fixed number of statements; return how many.

    A relation that somebody else made meanwhile is left out. Everybody writes them in one order, so that two at
    once wait for one another and neither for ever.
    """
    rows = [_row(pair, on) for pair in pairs]
    ServiceRelation.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(
        ServiceRelation.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("pk")
    )
    if not made:
        return 0
    RelationChange.objects.bulk_create(
        RelationChange(
            relation=relation,
            seq=1,
            kind=ChangeKind.PROPOSED,
            at=now,
            on=on,
            state=RelationState.PROPOSED,
        )
        for relation in made
    )
    record_all(
        [
            Record(
                action="relations.relation_proposed",
                subject=relation,
                by=None,
                now=now,
                after={"state": relation.state, "valid_from": on.isoformat()},
            )
            for relation in made
        ]
    )
    event = RelationsProposed(relation_ids=[relation.pk for relation in made], at=now)
    announce_all([(event, "")], now=now)
    return len(made)


def _row(pair: Pair, on: date) -> ServiceRelation:
    return ServiceRelation(
        level=RelationLevel.PERSON,
        provider_person_id=pair.provider_id,
        customer_person_id=pair.customer_id,
        kind=pair.kind,
        origin=Origin.ORG_CHART,
        state=RelationState.PROPOSED,
        valid_from=on,
        version=1,
    )
