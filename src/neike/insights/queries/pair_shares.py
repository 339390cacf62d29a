"""How promises between departments were kept, pair by pair, as counted with the edges. Not for pages: cut by `telling`."""

from typing import Final, NamedTuple

from neike.engines.graph import Pair
from neike.insights.models import PairShare
from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import stamped
from neike.org.periods import Period

PAIR_SHARES: Final = "pair_shares"
"""The stamp of all shares."""


class KeptCount(NamedTuple):
    """`n` promised deliveries that ended in a quarter, of which `hits` were kept."""

    hits: int
    n: int


def stamps() -> tuple[SafetyObject, ...]:
    """Return the trigger that tells when kept shares are stale."""
    return (stamped(PAIR_SHARES, "insights_pairshare"),)


def kept_counts(quarter: Period) -> dict[Pair, KeptCount]:
    """Return the counts of every pair with a promise that ended in the quarter; one query."""
    rows = PairShare.objects.filter(quarter_start=quarter.start)
    return {
        (supplier, customer): KeptCount(kept, kept + missed)
        for supplier, customer, kept, missed in rows.values_list(
            "supplier_id", "customer_id", "kept", "missed"
        )
    }
