"""Builders of observed hand-overs without the requests behind them."""

from collections.abc import Iterable, Mapping
from datetime import date

from neike.insights.models import Observation, ObservedEdge
from neike.kernel import installation
from neike.org.models import Department
from tests.make.org import NOW

Q1 = date(2026, 1, 1)
"""The first day of the quarter that holds `make.org.NOW`."""
Q4 = date(2025, 10, 1)


def seen(
    supplier: Department,
    customer: Department,
    legs: int,
    *,
    people: tuple[int, int] = (3, 3),
    before: int = 0,
    people_before: tuple[int, int] = (0, 0),
    handovers: int = 0,
) -> None:
    """Store what was counted for a pair: `legs` in the first quarter of 2026, `before` in the quarter before."""
    window = max(people[0], people_before[0]), max(people[1], people_before[1])
    rows = [(Q1, 1, legs, people), (Q4, 1, before, people_before)]
    rows += [(Q1, 2, legs + before, window), (Q4, 2, before, people_before)]
    for start, quarters, count, (ours, theirs) in rows:
        if count:
            ObservedEdge.objects.create(
                quarter_start=start,
                quarters=quarters,
                supplier=supplier,
                customer=customer,
                legs=count,
                tickets=count,
                supplier_people=ours,
                customer_people=theirs,
                handovers=min(handovers, count),
            )


def counted() -> None:
    """Say that all hand-overs are in the edges."""
    Observation.objects.update_or_create(
        pk=1,
        defaults={
            "complete": True,
            "observed_at": NOW,
            "fiscal_start": installation.current().fiscal_start_month,
        },
    )


def names(departments: Iterable[Department], *, on: date = Q1) -> Mapping[int, str]:
    """Return the departments' names by id."""
    return {each.pk: each.versions.get().name["en"] for each in departments}
