"""What the ratings of a department say together: live for its own people, published for everybody else."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from neike.desk.models import Leg
from neike.desk.policies import Standing
from neike.engines.disclosure import (
    FEWEST,
    Answer,
    Atom,
    by_group,
    by_slot,
    may_show_buckets,
    release,
)
from neike.engines.ratings import Summary, summarise
from neike.kernel import installation
from neike.org.periods import MONTHS, Period, local_day
from neike.surveys.choices import SATISFIED
from neike.surveys.models import Rating
from neike.surveys.queries.named import ratings_visible_to
from neike.surveys.terms import CHANGE_WITHIN


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one customer department said; `customer_id` is None where small departments are taken together."""

    customer_id: int | None
    summary: Summary


@dataclass(frozen=True, slots=True)
class MonthResult:
    """What was said in the month that begins on `start`."""

    start: date
    summary: Summary


@dataclass(frozen=True, slots=True)
class Results:
    """What a department's ratings of a period say.

    `is_named` is true for its own people, who see everything at once; for everybody else only what is published:
    `counts` is None where a step of the scale stands for too few, `reasons` then carry no numbers. A reason is
    (code, whether it was good, how many ratings name it or None), the most frequent first.
    """

    is_named: bool
    summary: Summary
    by_customer: tuple[PartResult, ...]
    by_month: tuple[MonthResult, ...]
    reasons: tuple[tuple[str, bool, int | None], ...]
    counts: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A rating as far as numbers need it."""

    month: int
    supplier: int
    customer: int
    rater: int
    score: int
    reasons: tuple[str, ...]


def received(who: Standing, department_id: int, period: Period) -> Results | None:
    """Return the results for somebody to whom the department's ratings are named; None when there are none.

    Exactly the ratings they may read count, so that every number equals the list behind it. One query.
    """
    rows = list(
        _rows(
            ratings_visible_to(who).filter(
                supplier=department_id, rated_at__gte=period.starts_at, rated_at__lt=period.ends_at
            )
        )
    )
    customers: dict[int | None, list[int]] = {}
    months: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        customers.setdefault(row.customer, []).append(place)
        months.setdefault(row.month, []).append(place)
    found = _results(rows, range(len(rows)), customers.items(), months.items(), is_named=True)
    if found is None:
        return None
    enough = tuple(each for each in found.by_month if each.summary.raters >= FEWEST)
    return replace(found, by_month=enough)


def published(department_id: int, period: Period, *, now: datetime) -> Results | None:
    """Return what everybody may see; None when nothing is published. One query.

    Months are published when their ratings cannot change any more. Ratings of confidential requests are left out:
    colleagues who may not read those could subtract the ones they may. A rating that had to wait for others counts
    in the month it is published with. None means the same for nothing, too few, and not yet.
    """
    rows, atoms = _released(
        list(_rows(Rating.objects.filter(supplier=department_id, ticket__confidential=False))),
        period,
        now,
    )
    members = [place for atom in atoms for place in atom.members]
    found = _results(rows, members, by_group(atoms).items(), by_slot(atoms).items(), is_named=False)
    if found is None:
        return None
    return replace(
        found,
        counts=found.counts if found.counts and may_show_buckets(found.counts) else None,
        reasons=_reasons(rows, members, fewest=FEWEST),
    )


def _released(
    known: Sequence[_Row], period: Period, now: datetime
) -> tuple[list[_Row], list[Atom]]:
    """Return the ratings of one supplier that cannot change any more, and what of them is published in the period."""
    rows, atoms = released_before(final_before(now, period.zone), known)
    first, last = month_of(period.start), month_of(period.end)
    return rows, [atom for atom in atoms if first <= atom.slot < last]


def final_before(now: datetime, zone: str) -> int:
    """Return the first month (12 · year + month - 1) whose ratings may still change."""
    return month_of(local_day(now - CHANGE_WITHIN, zone))


def released_before(until: int, known: Iterable[_Row]) -> tuple[list[_Row], list[Atom]]:
    """Return the ratings of one supplier from before a month, and all that is published of them."""
    rows = [row for row in known if row.month < until]
    return rows, release(Answer(row.month, row.customer, row.rater, row.score) for row in rows)


def rows_by_supplier() -> Iterator[tuple[int, Iterator[_Row]]]:
    """Yield each supplier with the ratings that may be published, in time order; one query, read as it goes."""
    ratings = Rating.objects.filter(ticket__confidential=False)
    return groupby(_rows(ratings, "supplier_id"), key=lambda row: row.supplier)


def _rows(ratings: QuerySet[Rating], *first: str) -> Iterator[_Row]:
    """Yield ratings in time order, within the order of the fields `first`."""
    zone = ZoneInfo(installation.current().zone)
    values = ratings.order_by(*first, "rated_at", "pk").values_list(
        "rated_at", "supplier_id", "customer_id", "rater_id", "score", "reasons"
    )
    for at, supplier, customer, rater, score, reasons in values.iterator(chunk_size=2000):
        month = month_of(at.astimezone(zone).date())
        yield _Row(month, supplier, customer, rater, score, tuple(reasons))


def _results(
    rows: Sequence[_Row],
    members: Iterable[int],
    customers: Iterable[tuple[int | None, Sequence[int]]],
    months: Iterable[tuple[int, Sequence[int]]],
    *,
    is_named: bool,
) -> Results | None:
    places = list(members)
    summary = summary_of(rows, places)
    if summary is None:
        return None
    parts = [PartResult(pk, one) for pk, of in customers if (one := summary_of(rows, of))]
    trend = [MonthResult(_first_day(m), one) for m, of in months if (one := summary_of(rows, of))]
    return Results(
        is_named=is_named,
        summary=summary,
        by_customer=tuple(sorted(parts, key=_pooled_last)),
        by_month=tuple(sorted(trend, key=lambda each: each.start)),
        reasons=_reasons(rows, places),
        counts=summary.counts,
    )


def _pooled_last(part: PartResult) -> tuple[bool, int, int]:
    return part.customer_id is None, -part.summary.n, part.customer_id or 0


def summary_of(rows: Sequence[_Row], places: Iterable[int]) -> Summary | None:
    """Summarise the ratings at these places; None for none."""
    chosen = [rows[place] for place in places]
    return summarise([row.score for row in chosen], [row.rater for row in chosen])


def _reasons(
    rows: Sequence[_Row], places: Iterable[int], *, fewest: int = 0
) -> tuple[tuple[str, bool, int | None], ...]:
    """Return the reasons by frequency; with `fewest`, those so many people name, and without numbers."""
    named: Counter[tuple[str, bool]] = Counter()
    people: dict[tuple[str, bool], set[int]] = {}
    for place in places:
        for reason in rows[place].reasons:
            key = reason, rows[place].score >= SATISFIED
            named[key] += 1
            people.setdefault(key, set()).add(rows[place].rater)
    ordered = sorted(named, key=lambda key: (-named[key], key))
    return tuple(
        (*key, None if fewest else named[key]) for key in ordered if len(people[key]) >= fewest
    )


def month_of(day: date) -> int:
    """Return the number of a month: 12 · year + month - 1."""
    return day.year * MONTHS + day.month - 1


def _first_day(month: int) -> date:
    return date(month // MONTHS, month % MONTHS + 1, 1)


def tickets_answered(department_id: int, period: Period) -> tuple[int, int]:
    """Return how many requests the department led to their resolution in the period, and how many were rated.

    Only requests of people who can sign in and so could have rated. Two queries.
    """
    rated = Rating.objects.filter(ticket=OuterRef("ticket"), leg=None)
    led = Leg.objects.filter(
        is_lead=True,
        supplier=department_id,
        ticket__resolved_at__gte=period.starts_at,
        ticket__resolved_at__lt=period.ends_at,
        ticket__requester__can_sign_in=True,
    )
    return led.count(), led.filter(Exists(rated)).count()
