"""Mark the pairs of departments whose flow changed, so that they are counted anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Self

from neike.insights.actions.rows import FlowRow, OutcomeRow
from neike.insights.models import ChangedPair
from neike.kernel.bulk import Inserter
from neike.org.periods import quarter_number, quarter_start


class Counted(NamedTuple):
    """What the edges count of a leg."""

    leg_id: int
    ticket_id: int
    supplier_id: int
    customer_id: int
    offered_day: date
    handed_over: bool
    provider_person_id: int | None
    customer_person_id: int | None

    @classmethod
    def of(cls, row: FlowRow) -> Self:
        """Return it of a row that is stored."""
        return cls(*(getattr(row, name) for name in COUNTED_NAMES))


COUNTED_NAMES: Final = tuple(Counted.__annotations__)
_MARK_NAMES: Final = ("quarter_start", "supplier_id", "customer_id")


class CountedPromise(NamedTuple):
    """What is counted of a promised delivery that came to its end."""

    clock_id: int
    supplier_id: int
    customer_id: int
    day: date
    kept: bool

    @classmethod
    def of(cls, row: OutcomeRow) -> Self:
        """Return it of a row that is stored."""
        return cls(*(getattr(row, name) for name in PROMISE_NAMES))


PROMISE_NAMES: Final = tuple(CountedPromise.__annotations__)


@dataclass(frozen=True, slots=True)
class Known:
    """What is counted of some requests, before or after a change of them."""

    legs: Iterable[Counted] = ()
    promises: Iterable[CountedPromise] = ()


def mark_changed(before: Known, after: Known, *, fiscal_start: int) -> None:
    """Mark the pairs of which a leg or a promise came, went or changed; in the transaction that changes them.

    What is not counted, such as the time a leg took, marks nothing.
    """
    changed = {
        (row.offered_day, row.supplier_id, row.customer_id)
        for row in set(before.legs) ^ set(after.legs)
    } | {
        (row.day, row.supplier_id, row.customer_id)
        for row in set(before.promises) ^ set(after.promises)
    }
    numbers = {day: quarter_number(day, fiscal_start=fiscal_start) for day, *_pair in changed}
    marks = {
        (quarter_start(numbers[day], fiscal_start=fiscal_start), supplier, customer)
        for day, supplier, customer in changed
        if supplier != customer
    }
    Inserter(ChangedPair, _MARK_NAMES).insert(sorted(marks))
