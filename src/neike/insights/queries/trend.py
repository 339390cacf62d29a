"""How a promise was kept from week to week, and beside what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, F, Q, Sum

from neike.engines.shares import Share, wilson
from neike.insights.models import DailyShare, Outcome
from neike.insights.queries.spans import in_period
from neike.insights.queries.telling import Told
from neike.org.periods import Period

FEWEST_OF_OTHERS: Final = 100
"""The share of all other departments together is told from so many promises on."""


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on the Monday `start`, as far as it lies in the period; None: no clock stopped."""

    start: date
    kept: Share | None


@dataclass(frozen=True, slots=True)
class Others:
    """What all other departments together kept in two periods, in whole hundredths: no count follows from it.

    `has_moved`: the two 95 % intervals have no point in common.
    """

    now: float
    before: float | None
    has_moved: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A department's share in a period beside its own before, and beside all others in both.

    `others` is None where too few promises ended to tell it.
    """

    now: Share | None
    before: Share | None
    others: Others | None

    @property
    def is_clear(self) -> bool:
        """Whether the department's two intervals have no point in common."""
        return bool(self.now and self.before and not self.now.overlaps(self.before))


def weeks(supplier_id: int, metric: str, period: Period, told: Told, *, until: date) -> list[Week]:
    """Return every week of the period up to the one of the day `until`, in order; one query."""
    found: dict[date, list[int]] = {}
    for day, hits, misses in _days(supplier_id, metric, period, told):
        sums = found.setdefault(_monday(day), [0, 0])
        sums[0] += hits
        sums[1] += hits + misses
    last = min(until, period.end - timedelta(days=1))
    start = _monday(period.start)
    count = max(0, (last - start).days // 7 + 1)
    mondays = [start + timedelta(weeks=index) for index in range(count)]
    return [Week(monday, wilson(*found.get(monday, (0, 0)))) for monday in mondays]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def compared(supplier_id: int, metric: str, period: Period, told: Told) -> Compared:
    """Return the shares of a period and of the one before, the department's and all others'; three queries."""
    before = period.previous()
    return Compared(
        _share(_days(supplier_id, metric, period, told)),
        _share(_days(supplier_id, metric, before, told)),
        _others(supplier_id, metric, period, before),
    )


def _days(
    supplier_id: int, metric: str, period: Period, told: Told
) -> Iterable[tuple[date, int, int]]:
    """Return day, kept, missed: of one's own department the daily sums, else the outcomes that are told."""
    if told.all_of(supplier_id):
        days = DailyShare.objects.filter(
            in_period(period, "day"), supplier=supplier_id, metric=metric
        )
        return days.values_list("day", "kept", "missed")
    outcomes = Outcome.objects.filter(told.rows(period, "day"), supplier=supplier_id, metric=metric)
    return (
        outcomes.values_list("day")
        .annotate(hits=Count("pk", filter=Q(kept=True)), misses=Count("pk", filter=Q(kept=False)))
        .order_by()
    )


def _share(days: Iterable[tuple[date, int, int]]) -> Share | None:
    hits = total = 0
    for _day, kept, missed in days:
        hits, total = hits + kept, total + kept + missed
    return wilson(hits, total)


def _others(supplier_id: int, metric: str, period: Period, before: Period) -> Others | None:
    sums = {
        f"{when}_{what}": Sum(
            F("kept") if what == "kept" else F("kept") + F("missed"), filter=in_period(span, "day")
        )
        for when, span in (("now", period), ("before", before))
        for what in ("kept", "all")
    }
    found = (
        DailyShare.objects.filter(metric=metric, day__gte=before.start, day__lt=period.end)
        .exclude(supplier=supplier_id)
        .aggregate(**sums)
    )
    now, then = (
        _enough(found[f"{when}_kept"] or 0, found[f"{when}_all"] or 0) for when in ("now", "before")
    )
    if now is None:
        return None
    return Others(
        round(now.value, 2),
        round(then.value, 2) if then else None,
        bool(then and not now.overlaps(then)),
    )


def _enough(hits: int, count: int) -> Share | None:
    return wilson(hits, count) if count >= FEWEST_OF_OTHERS else None
