"""Count how promises between departments were kept, pair by pair and quarter by quarter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q

from neike.engines.tallies import PromiseTally, tally_promises
from neike.insights.actions.starts import Starts
from neike.insights.models import PairShare
from neike.insights.queries.legs import Pair, Span
from neike.insights.queries.promises import PromiseReader
from neike.kernel.bulk import Inserter

_SHARE_NAMES: Final = ("quarter_start", "supplier_id", "customer_id", "kept", "missed")
_SHARE_UNIQUE: Final = _SHARE_NAMES[:3]


def replace_shares(scope: Q, reader: PromiseReader) -> None:
    """Let the pairs in scope have the shares their promises say."""
    PairShare.objects.filter(scope).delete()
    found = tally_promises(reader.read(scope))
    Inserter(PairShare, _SHARE_NAMES).insert(_share_rows(found, reader.fiscal_start))


def _share_rows(tallies: Iterable[PromiseTally], fiscal_start: int) -> Iterable[tuple[Any, ...]]:
    starts = Starts(fiscal_start)
    for one in tallies:
        yield (starts[one.quarter], one.supplier, one.customer, one.kept, one.missed)


def count_shares(reader: PromiseReader, quarters: Mapping[Pair, list[int]]) -> None:
    """Count the shares of some quarters of pairs anew."""
    starts = Starts(reader.fiscal_start)
    cells = [(*pair, quarter) for pair, some in quarters.items() for quarter in some]
    spans = (
        Span(supplier, customer, starts[quarter], starts[quarter + 1])
        for supplier, customer, quarter in cells
    )
    found = [
        PromiseTally(*cell, *counts)
        for cell, counts in zip(cells, reader.counts(spans), strict=True)
    ]
    there = [one for one in found if one.kept or one.missed]
    rows = _share_rows(there, reader.fiscal_start)
    Inserter(PairShare, _SHARE_NAMES, unique=_SHARE_UNIQUE).insert(rows)
    gone: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one in found:
        if not one.kept and not one.missed:
            gone[one.quarter, one.supplier].append(one.customer)
    for (quarter, supplier), customers in sorted(gone.items()):
        PairShare.objects.filter(
            quarter_start=starts[quarter], supplier=supplier, customer__in=customers
        ).delete()
