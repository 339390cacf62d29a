"""Due times a second: ours, one at a time and many at once, beside the libraries people use today.

Each library gets the calendar shapes it can express, on the same questions, and its answers are compared with ours.
Every rate is the best of three rounds.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from time import perf_counter
from zoneinfo import ZoneInfo

import businesstimedelta
import numpy as np
import officehours
import pytz

from neike.engines.worktime import CalendarSpec, prepare
from neike.engines.worktime.bulk import PauseArrays, due_many, elapsed_many

MILLION = 1_000_000
WORKWEEK = ("mon", "tue", "wed", "thu", "fri")
SPLIT = [("09:00", "12:00"), ("13:30", "18:00")]
ZONE = "Asia/Shanghai"


def dates(*spans: tuple[str, int]) -> list[date]:
    return [
        date.fromisoformat(first) + timedelta(n) for first, count in spans for n in range(count)
    ]


CLOSED = dates(
    ("2026-01-01", 3),
    ("2026-02-15", 9),
    ("2026-04-04", 3),
    ("2026-05-01", 5),
    ("2026-06-19", 3),
    ("2026-09-25", 3),
    ("2026-10-01", 7),
    ("2027-01-01", 1),
)
WORKED = dates(
    ("2026-01-04", 1),
    ("2026-02-14", 1),
    ("2026-02-28", 1),
    ("2026-05-09", 1),
    ("2026-09-20", 1),
    ("2026-10-10", 1),
)


def spec(hours: list[tuple[str, str]], **dated: list[date]) -> CalendarSpec:
    return CalendarSpec.weekly(ZONE, dict.fromkeys(WORKWEEK, hours), **dated)


ONE_SHIFT = spec([("09:00", "17:00")])
SPLIT_SHIFTS = spec(SPLIT)
WITH_CLOSED = spec(SPLIT, closed=CLOSED)
FULL = spec(SPLIT, closed=CLOSED, worked=WORKED)


def questions(count: int, zone: str = ZONE) -> list[tuple[datetime, timedelta]]:
    """Random seconds of January to October 2026, targets of one second to five working days."""
    random = np.random.default_rng(20260302)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    seconds = random.integers(0, 300 * 86_400, count).tolist()
    targets = random.integers(1, 5 * 27_000, count).tolist()
    local = ZoneInfo(zone)
    return [
        ((begin + timedelta(seconds=second)).astimezone(local), timedelta(seconds=target))
        for second, target in zip(seconds, targets, strict=True)
    ]


def rate(work: Callable[[], object], count: int) -> float:
    best = 0.0
    for _ in range(3):
        begun = perf_counter()
        work()
        best = max(best, count / (perf_counter() - begun))
    return best


def ours(
    calendar: CalendarSpec, asked: list[tuple[datetime, timedelta]]
) -> tuple[float, list[datetime | None]]:
    due = prepare(calendar).due
    for start, target in asked[:100]:  # the interval table is made here
        due(start, target)

    def work() -> None:
        for start, target in asked:
            due(start, target)

    return rate(work, len(asked)), [due(start, target) for start, target in asked]


def ours_paused(calendar: CalendarSpec, asked: list[tuple[datetime, timedelta]]) -> float:
    due = prepare(calendar).due
    paused = [
        (start, target, [(start + timedelta(minutes=30), start + timedelta(hours=5))])
        for start, target in asked
    ]

    def work() -> None:
        for start, target, pauses in paused:
            due(start, target, pauses)

    return rate(work, len(paused))


def theirs_officehours(asked: list[tuple[datetime, timedelta]]) -> tuple[float, list[datetime]]:
    calculator = officehours.Calculator("9:00", "17:00")
    local = [(start.replace(tzinfo=None), target.total_seconds() / 3600) for start, target in asked]

    def answers() -> list[datetime]:
        return [calculator.due_date(hours, start) for start, hours in local]

    found = [answer.replace(tzinfo=ZoneInfo(ZONE)) for answer in answers()]
    return rate(answers, len(local)), found


def theirs_businesstimedelta(
    shifts: list[tuple[int, int, int, int]],
    closed: list[date],
    asked: list[tuple[datetime, timedelta]],
) -> tuple[float, list[datetime]]:
    zone = pytz.timezone(ZONE)
    parts = [
        businesstimedelta.WorkDayRule(
            start_time=wall(*shift[:2]),
            end_time=wall(*shift[2:]),
            working_days=[0, 1, 2, 3, 4],
            tz=zone,
        )
        for shift in shifts
    ]
    if closed:
        parts.append(businesstimedelta.HolidayRule(closed, tz=zone))
    rules = businesstimedelta.Rules(parts)

    def answers() -> list[datetime]:
        return [
            start + businesstimedelta.BusinessTimeDelta(rules, timedelta=target)
            for start, target in asked
        ]

    return rate(answers, len(asked)), answers()


def line(name: str, calls: float, base: float, agree: str = "") -> None:
    print(f"  {name:<58}{calls:>14,.0f}{calls / base:>10.3f}  {agree}")


def agreement(found: list[datetime], expected: list[datetime | None]) -> str:
    same = sum(one == other for one, other in zip(found, expected, strict=False))
    return f"{same / len(found):.1%} of answers equal ours"


def compared() -> None:
    """Each shape: ours, then the libraries that can express it."""
    few, some, many = questions(1_000), questions(20_000), questions(200_000)
    print(f"  {'one call at a time, datetime in, datetime out':<58}{'calls/s':>14}{'x ours':>10}")
    base, _ = ours(ONE_SHIFT, many)
    line("one daily shift: ours", base, base)
    calls, found = theirs_officehours(some)
    line(
        "one daily shift: officehours (no zones)",
        calls,
        base,
        agreement(found, ours(ONE_SHIFT, some)[1]),
    )
    calls, found = theirs_businesstimedelta([(9, 0, 17, 0)], [], few)
    line(
        "one daily shift: businesstimedelta", calls, base, agreement(found, ours(ONE_SHIFT, few)[1])
    )
    base, _ = ours(SPLIT_SHIFTS, many)
    line("split shifts: ours", base, base)
    both = [(9, 0, 12, 0), (13, 30, 18, 0)]
    calls, found = theirs_businesstimedelta(both, [], few)
    line(
        "split shifts: businesstimedelta", calls, base, agreement(found, ours(SPLIT_SHIFTS, few)[1])
    )
    base, _ = ours(WITH_CLOSED, many)
    line("split shifts, closed dates: ours", base, base)
    calls, found = theirs_businesstimedelta(both, CLOSED, few[:300])
    line(
        "split shifts, closed dates: businesstimedelta",
        calls,
        base,
        agreement(found, ours(WITH_CLOSED, few[:300])[1]),
    )


def ours_only() -> None:
    """What the others cannot express: make-up days, pauses, other zones, a million at once."""
    base, _ = ours(FULL, questions(200_000))
    line("split shifts, closed and worked dates: ours", base, base)
    calls, _ = ours(FULL, questions(200_000, "America/New_York"))
    line("  the same, raised in New York", calls, base)
    calls, _ = ours(FULL, questions(200_000, "UTC"))
    line("  the same, raised in UTC", calls, base)
    line("  the same, one pause each", ours_paused(FULL, questions(100_000)), base)
    bulk(base)


def bulk(base: float) -> None:
    """A million tickets on the full calendar with numpy arrays."""
    random = np.random.default_rng(20260302)
    calendar = prepare(FULL)
    starts = np.datetime64("2024-01-01", "us") + random.integers(0, 1000 * 86_400, MILLION).astype(
        "timedelta64[s]"
    )
    targets = (
        random.integers(1, 5 * 27_000, MILLION).astype("timedelta64[s]").astype("timedelta64[us]")
    )
    counts = random.integers(0, 4, MILLION)
    owner = np.repeat(np.arange(MILLION), counts)
    begins = starts[owner] + random.integers(0, 3 * 86_400, len(owner)).astype("timedelta64[s]")
    ends = begins + random.integers(0, 86_400, len(owner)).astype("timedelta64[s]")
    offsets = np.concatenate(([0], np.cumsum(counts)))
    order = np.lexsort((begins, owner))
    mixed = PauseArrays(starts=begins, ends=ends, offsets=offsets)
    ordered = PauseArrays(starts=begins[order], ends=ends[order], offsets=offsets)
    due = due_many(calendar, starts, targets)
    print(f"  a million tickets at once, {len(owner) / MILLION:.2f} pauses each where paused")
    line("due, no pauses", rate(lambda: due_many(calendar, starts, targets), MILLION), base)
    line(
        "due, pauses in time order",
        rate(lambda: due_many(calendar, starts, targets, ordered), MILLION),
        base,
    )
    line(
        "due, pauses in any order",
        rate(lambda: due_many(calendar, starts, targets, mixed), MILLION),
        base,
    )
    line("elapsed, no pauses", rate(lambda: elapsed_many(calendar, starts, due), MILLION), base)
    line(
        "elapsed, pauses in time order",
        rate(lambda: elapsed_many(calendar, starts, due, ordered), MILLION),
        base,
    )
    sample = random.integers(0, MILLION, 2_000)
    scalar = [calendar.due(starts[i].item().replace(tzinfo=UTC), targets[i].item()) for i in sample]
    same = sum(
        one is not None and one.replace(tzinfo=None) == other
        for one, other in zip(scalar, due[sample].tolist(), strict=True)
    )
    print(f"  {same} of {len(sample)} sampled answers equal the scalar form")


def main() -> None:
    compared()
    ours_only()


if __name__ == "__main__":
    main()
