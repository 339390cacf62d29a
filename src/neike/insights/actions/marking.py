"""Mark the pairs of departments whose flow changed, so that their edges are counted anew."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple, Self

from neike.insights.actions.rows import FlowRow
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


def mark_changed(before: Iterable[Counted], after: Iterable[Counted], *, fiscal_start: int) -> None:
    """Mark the pairs of which a leg came, went or changed; in the transaction that changes the flow.

    What the edges do not count, such as the time a leg took, marks nothing.
    """
    changed = {
        (row.offered_day, row.supplier_id, row.customer_id)
        for row in set(before) ^ set(after)
        if row.supplier_id != row.customer_id
    }
    numbers = {day: quarter_number(day, fiscal_start=fiscal_start) for day, *_pair in changed}
    marks = {
        (quarter_start(numbers[day], fiscal_start=fiscal_start), supplier, customer)
        for day, supplier, customer in changed
    }
    Inserter(ChangedPair, _MARK_NAMES).insert(sorted(marks))
