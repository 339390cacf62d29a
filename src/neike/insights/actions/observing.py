"""Count who was seen to serve whom: everything anew, or only the pairs that changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from neike.engines.tallies import WINDOWS, Legs, Tally, tally
from neike.insights.actions.lease import Lease, take_lease
from neike.insights.actions.shares import count_shares, replace_shares
from neike.insights.actions.starts import Starts
from neike.insights.models import ChangedPair, ObservedEdge
from neike.insights.queries.legs import (
    BEFORE_ALL,
    LegReader,
    Pair,
    Span,
    after,
    between_departments,
    up_to,
)
from neike.insights.queries.promises import PromiseReader
from neike.kernel.bulk import Inserter
from neike.org.periods import quarter_number, quarter_start

Effect = Callable[[], AbstractContextManager[Any]]
"""Opens a transaction to write in; a job gives the one that is refused once its lease is lost."""
Progress = Callable[[int, int], None]
"""Hears how many legs are counted, and of how many."""

LEGS_AT_ONCE: Final = 50_000
PAIRS_AT_ONCE: Final = 500
MARKS_AT_ONCE: Final = 20_000
"""Marks per transaction, so that none lasts long."""
MANY: Final = 60_000
"""So many marks are an import: counting everything is faster."""

_NAMES: Final = (
    "quarter_start",
    "quarters",
    "supplier_id",
    "customer_id",
    "legs",
    "tickets",
    "supplier_people",
    "customer_people",
    "handovers",
)
_UNIQUE: Final = _NAMES[:4]
Cell = tuple[int, int, int]
"""Number of a quarter, supplier, customer."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What a run did: `legs` counted, `edges` written, and whether it was everything."""

    legs: int
    edges: int
    everything: bool


def observe(
    *, now: datetime, effect: Effect = transaction.atomic, progress: Progress | None = None
) -> Observed:
    """Count all edges of all windows anew, and the promises kept on them; repeating it changes nothing.

    Pairs are read and replaced batch by batch, each in a transaction, so memory stays flat, the edges stay
    readable, and what changes meanwhile is marked and left to `observe_changes`. Broken off, the next run of
    either begins again.

    Raises:
        AlreadyObservingError: another process counts at this moment.
        LeaseLostError: this process stood still so long that another has taken over.
    """
    lease = take_lease(effect)
    try:
        return _observe(lease, now, progress)
    finally:
        lease.give_back()


def observe_changes(
    *, now: datetime, effect: Effect = transaction.atomic, progress: Progress | None = None
) -> Observed:
    """Count the edges of marked pairs anew, or all, where marks do not say enough (`needs_everything`).

    Raises:
        AlreadyObservingError: another process counts at this moment.
        LeaseLostError: this process stood still so long that another has taken over.
    """
    lease = take_lease(effect)
    try:
        if _needs_everything(lease):
            return _observe(lease, now, progress)
        return _observe_marked(lease, now, progress)
    finally:
        lease.give_back()


def _needs_everything(lease: Lease) -> bool:
    """Say whether all must be counted: never done, broken off, another fiscal year, or very many marks."""
    stale = lease.found.fiscal_start != lease.fiscal_start or not lease.found.complete
    return stale or ChangedPair.objects.order_by("pk")[MANY:].exists()


def _observe(lease: Lease, now: datetime, progress: Progress | None) -> Observed:
    with lease.hold() as row:
        row.complete, row.fiscal_start = False, lease.fiscal_start
        row.done, row.total = 0, between_departments().count()
        # What is marked by now is read below; a mark that comes later stays.
        ChangedPair.objects.all().delete()
    reader, promises = LegReader(lease.fiscal_start), PromiseReader(lease.fiscal_start)
    begin: Pair | None = BEFORE_ALL
    legs = edges = 0
    while begin is not None:
        with lease.hold() as row:
            end, found = reader.batch(begin, LEGS_AT_ONCE)
            scope = after(begin) if end is None else after(begin) & up_to(end)
            edges += _replace(scope, found, lease.fiscal_start)
            replace_shares(scope, promises)
            legs += len(found)
            row.done = legs
            if end is None:
                row.complete, row.observed_at, row.total = True, now, legs
        begin = end
        if progress:
            progress(legs, max(row.total, legs))
    return Observed(legs, edges, everything=True)


def _replace(scope: Q, legs: Legs, fiscal_start: int) -> int:
    """Let the pairs in scope have the edges these legs say."""
    ObservedEdge.objects.filter(scope).delete()
    found = tally(legs)
    Inserter(ObservedEdge, _NAMES).insert(_rows(found, fiscal_start))
    return len(found)


def _rows(tallies: Iterable[Tally], fiscal_start: int) -> Iterable[tuple[Any, ...]]:
    starts = Starts(fiscal_start)
    for one in tallies:
        yield (starts[one.quarter], one.quarters, one.supplier, one.customer, *one[4:])


def _observe_marked(lease: Lease, now: datetime, progress: Progress | None) -> Observed:
    reader, promises = LegReader(lease.fiscal_start), PromiseReader(lease.fiscal_start)
    legs = edges = 0
    more = True
    while more:
        with lease.hold() as row:
            marks = _take_marks()
            more = len(marks) == MARKS_AT_ONCE
            read, written = _count_anew(reader, promises, _cells(marks, lease.fiscal_start))
            legs, edges = legs + read, edges + written
            row.observed_at = now
        if progress:
            progress(legs, legs)
    return Observed(legs, edges, everything=False)


_MARKS: Final = ChangedPair._meta.db_table
_TAKE: Final = (
    f"DELETE FROM {_MARKS} WHERE id IN (SELECT id FROM {_MARKS} ORDER BY id LIMIT %s)"  # noqa: S608 - our own table
    " RETURNING quarter_start, supplier_id, customer_id"
)


def _take_marks() -> list[tuple[date, int, int]]:
    """Delete the oldest marks and return them: first day of the quarter, supplier, customer.

    One statement, so a mark that is committed meanwhile is either returned or stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [MARKS_AT_ONCE])
        return [(date.fromisoformat(str(start)), *pair) for start, *pair in cursor.fetchall()]


def _cells(marks: Iterable[tuple[date, int, int]], fiscal_start: int) -> set[Cell]:
    """Return the quarters and pairs that are marked.

    A mark made while the fiscal year began with another month spans two quarters of today.
    """
    found = set()
    for start, supplier, customer in marks:
        first = quarter_number(start, fiscal_start=fiscal_start)
        aligned = quarter_start(first, fiscal_start=fiscal_start) == start
        found.add((first, supplier, customer))
        if not aligned:
            found.add((first + 1, supplier, customer))
    return found


def _count_anew(reader: LegReader, promises: PromiseReader, cells: set[Cell]) -> tuple[int, int]:
    """Write the shares of the cells, and the edges of every window a cell is part of.

    Returns how many legs were read, and edges written.
    """
    by_pair: dict[Pair, list[int]] = defaultdict(list)
    for quarter, *pair in cells:
        by_pair[pair[0], pair[1]].append(quarter)
    pairs = sorted(by_pair)
    legs = edges = 0
    for begin in range(0, len(pairs), PAIRS_AT_ONCE):
        part = {pair: by_pair[pair] for pair in pairs[begin : begin + PAIRS_AT_ONCE]}
        read, written = _count_pairs(reader, part)
        legs, edges = legs + read, edges + written
        count_shares(promises, part)
    return legs, edges


def _count_pairs(reader: LegReader, quarters: Mapping[Pair, list[int]]) -> tuple[int, int]:
    fiscal_start = reader.fiscal_start
    starts = Starts(fiscal_start)
    # windows of two reach one quarter further, in both directions
    spans = (
        Span(*pair, starts[min(some) - 1], starts[max(some) + 2]) for pair, some in quarters.items()
    )
    legs = reader.of_pairs(spans)
    wanted = {
        (*pair, quarter + later, length)
        for pair, some in quarters.items()
        for quarter in some
        for later, length in WINDOWS
    }
    found = {one[:4]: one for one in tally(legs) if one[:4] in wanted}
    Inserter(ObservedEdge, _NAMES, unique=_UNIQUE).insert(_rows(found.values(), fiscal_start))
    _drop(wanted - found.keys(), fiscal_start)
    return len(legs), len(found)


def _drop(gone: Iterable[tuple[int, int, int, int]], fiscal_start: int) -> None:
    """Take away edges whose window has no leg any more."""
    windows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for supplier, customer, quarter, quarters in gone:
        windows[quarter, quarters, supplier].append(customer)
    for (quarter, quarters, supplier), customers in sorted(windows.items()):
        ObservedEdge.objects.filter(
            quarter_start=quarter_start(quarter, fiscal_start=fiscal_start),
            quarters=quarters,
            supplier=supplier,
            customer__in=customers,
        ).delete()
