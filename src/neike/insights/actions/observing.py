"""Count who was seen to serve whom: everything anew, or only the pairs that changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from neike.engines.tallies import Legs, Tally, joined, tally
from neike.insights.actions.lease import Lease, take_lease
from neike.insights.models import ChangedPair, ObservedEdge
from neike.insights.queries.legs import (
    BEFORE_ALL,
    LegReader,
    Pair,
    after,
    between_departments,
    up_to,
)
from neike.kernel.bulk import Inserter
from neike.org.periods import quarter_number, quarter_start

Effect = Callable[[], AbstractContextManager[Any]]
"""Opens a transaction to write in; a job gives the one that is refused once its lease is lost."""
Progress = Callable[[int, int], None]
"""Hears how many legs are counted, and of how many."""

LEGS_AT_ONCE: Final = 50_000
MARKS_AT_ONCE: Final = 20_000
"""Marks per transaction; few enough for the parameter limit of SQLite."""
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
    """Count all edges of all windows anew; repeating it changes nothing.

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
    reader = LegReader(lease.fiscal_start)
    begin: Pair | None = BEFORE_ALL
    legs = edges = 0
    while begin is not None:
        with lease.hold() as row:
            end, found = reader.batch(begin, LEGS_AT_ONCE)
            edges += _replace(begin, end, found, lease.fiscal_start)
            legs += len(found)
            row.done = legs
            if end is None:
                row.complete, row.observed_at, row.total = True, now, legs
        begin = end
        if progress:
            progress(legs, max(row.total, legs))
    return Observed(legs, edges, everything=True)


def _replace(begin: Pair, end: Pair | None, legs: Legs, fiscal_start: int) -> int:
    """Let the pairs after `begin` up to `end` have the edges these legs say."""
    scope = after(begin) if end is None else after(begin) & up_to(end)
    ObservedEdge.objects.filter(scope).delete()
    found = tally(legs)
    Inserter(ObservedEdge, _NAMES).insert(_rows(found, fiscal_start))
    return len(found)


def _rows(tallies: Iterable[Tally], fiscal_start: int) -> Iterable[tuple[Any, ...]]:
    starts = _Starts(fiscal_start)
    for one in tallies:
        yield (starts[one.quarter], one.quarters, one.supplier, one.customer, *one[4:])


class _Starts(dict[int, date]):
    """The first day of a quarter by its number."""

    def __init__(self, fiscal_start: int) -> None:
        super().__init__()
        self.fiscal_start = fiscal_start

    def __missing__(self, number: int) -> date:
        self[number] = found = quarter_start(number, fiscal_start=self.fiscal_start)
        return found


def _observe_marked(lease: Lease, now: datetime, progress: Progress | None) -> Observed:
    reader = LegReader(lease.fiscal_start)
    legs = edges = 0
    more = True
    while more:
        with lease.hold() as row:
            marks = list(ChangedPair.objects.order_by("pk")[:MARKS_AT_ONCE].values_list(*_MARK))
            more = len(marks) == MARKS_AT_ONCE
            ChangedPair.objects.filter(pk__in=[mark[0] for mark in marks]).delete()
            read, written = _count_anew(reader, _cells(marks, lease.fiscal_start))
            legs, edges = legs + read, edges + written
            row.observed_at = now
        if progress:
            progress(legs, legs)
    return Observed(legs, edges, everything=False)


_MARK: Final = ("pk", "quarter_start", "supplier_id", "customer_id")


def _cells(marks: Iterable[tuple[int, date, int, int]], fiscal_start: int) -> set[Cell]:
    """Return the quarters and pairs that are marked.

    A mark made while the fiscal year began with another month spans two quarters of today.
    """
    found = set()
    for _pk, start, supplier, customer in marks:
        first = quarter_number(start, fiscal_start=fiscal_start)
        aligned = quarter_start(first, fiscal_start=fiscal_start) == start
        found.add((first, supplier, customer))
        if not aligned:
            found.add((first + 1, supplier, customer))
    return found


def _count_anew(reader: LegReader, cells: set[Cell]) -> tuple[int, int]:
    """Write the edges of every window a cell is part of; return how many legs were read, and edges written."""
    legs = _legs_around(reader, cells)
    if legs is None:
        return 0, 0
    wanted = {
        (quarter + later, length, supplier, customer)
        for quarter, supplier, customer in cells
        for later, length in ((0, 1), (0, 2), (1, 2))
    }
    found = {
        key: one
        for one in tally(legs)
        if (key := (one.quarter, one.quarters, one.supplier, one.customer)) in wanted
    }
    fiscal_start = reader.quarters.fiscal_start
    rows = _rows(found.values(), fiscal_start)
    Inserter(ObservedEdge, _NAMES, unique=_UNIQUE).insert(rows)
    _drop(wanted - found.keys(), fiscal_start)
    return len(legs), len(found)


def _legs_around(reader: LegReader, cells: set[Cell]) -> Legs | None:
    """Read the legs of the cells, and of the quarters before and after them: windows reach that far."""
    parts = [
        reader.read(between_departments().filter(_near(supplier, spans, reader)))
        for supplier, spans in _by_supplier(cells).items()
    ]
    return joined(parts) if parts else None


def _by_supplier(cells: set[Cell]) -> Mapping[int, Mapping[tuple[int, int], list[int]]]:
    """Return the customers by supplier and by the span of quarters (first, last) to read."""
    spans: dict[Pair, list[int]] = defaultdict(list)
    for quarter, supplier, customer in cells:
        spans[supplier, customer].append(quarter)
    found: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for (supplier, customer), quarters in spans.items():
        found[supplier][min(quarters) - 1, max(quarters) + 1].append(customer)
    return found


def _near(supplier: int, spans: Mapping[tuple[int, int], list[int]], reader: LegReader) -> Q:
    fiscal_start = reader.quarters.fiscal_start
    wanted = Q()
    for (first, last), customers in sorted(spans.items()):
        wanted |= Q(
            supplier=supplier,
            customer__in=customers,
            offered_day__gte=quarter_start(first, fiscal_start=fiscal_start),
            offered_day__lt=quarter_start(last + 1, fiscal_start=fiscal_start),
        )
    return wanted


def _drop(gone: Iterable[tuple[int, int, int, int]], fiscal_start: int) -> None:
    """Take away edges whose window has no leg any more."""
    windows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for quarter, quarters, supplier, customer in gone:
        windows[quarter, quarters, supplier].append(customer)
    for (quarter, quarters, supplier), customers in sorted(windows.items()):
        ObservedEdge.objects.filter(
            quarter_start=quarter_start(quarter, fiscal_start=fiscal_start),
            quarters=quarters,
            supplier=supplier,
            customer__in=customers,
        ).delete()
