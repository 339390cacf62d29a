"""How a promise was kept from week to week, and beside what."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Sum

from neike.engines.shares import Share, wilson
from neike.insights.models import DailyShare
from neike.insights.queries.flows import in_period
from neike.org.periods import Period


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on the Monday `start`, as far as it lies in the period; None: no clock stopped."""

    start: date
    kept: Share | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A department's share in a period beside its own before, and beside all others in both."""

    now: Share | None
    before: Share | None
    others_now: Share | None
    others_before: Share | None

    @property
    def is_clear(self) -> bool:
        """Whether the department's two intervals have no point in common."""
        return bool(self.now and self.before and not self.now.overlaps(self.before))

    @property
    def others_moved(self) -> bool:
        """Whether the same holds of all other departments."""
        now, before = self.others_now, self.others_before
        return bool(now and before and not now.overlaps(before))


def weeks(supplier_id: int, metric: str, period: Period, *, until: date) -> list[Week]:
    """Return every week of the period up to the one of the day `until`, in order; one query."""
    days = DailyShare.objects.filter(
        in_period(period, "day"), supplier=supplier_id, metric=metric
    ).values_list("day", "kept", "missed")
    found: dict[date, list[int]] = {}
    for day, kept, missed in days:
        sums = found.setdefault(_monday(day), [0, 0])
        sums[0] += kept
        sums[1] += kept + missed
    last = min(until, period.end - timedelta(days=1))
    start = _monday(period.start)
    count = max(0, (last - start).days // 7 + 1)
    mondays = [start + timedelta(weeks=index) for index in range(count)]
    return [Week(monday, wilson(*found.get(monday, (0, 0)))) for monday in mondays]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def compared(supplier_id: int, metric: str, period: Period) -> Compared:
    """Return the shares of a period and of the one before, the department's and all others'; one query."""
    before = period.previous()
    sums = {
        f"{who}_{when}_{what}": Sum(
            F("kept") if what == "kept" else F("kept") + F("missed"), filter=side & span
        )
        for who, side in (
            ("own", Q(supplier=supplier_id)),
            ("others", ~Q(supplier=supplier_id)),
        )
        for when, span in (("now", in_period(period, "day")), ("before", in_period(before, "day")))
        for what in ("kept", "all")
    }
    found = DailyShare.objects.filter(
        metric=metric, day__gte=before.start, day__lt=period.end
    ).aggregate(**sums)

    def share(name: str) -> Share | None:
        return wilson(found[f"{name}_kept"] or 0, found[f"{name}_all"] or 0)

    return Compared(
        share("own_now"), share("own_before"), share("others_now"), share("others_before")
    )
