"""What is published of pairs of departments: kept in a table, computed where that is not up to date."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from django.db.models import Count, F, Max, Sum

from neike.engines.disclosure import by_group
from neike.engines.ratings import Summary
from neike.engines.shares import SMALL_SAMPLE
from neike.kernel import installation
from neike.kernel.registries import SafetyObject
from neike.kernel.stamps import stamp_of, stamped
from neike.org.periods import MONTHS, Period, PeriodKind, quarter_number, quarter_start
from neike.surveys.models import Publication, PublishedPair, Rating
from neike.surveys.queries.results import (
    final_before,
    released_before,
    rows_by_supplier,
    summary_of,
)

PUBLISHED: Final = "published_pairs"
"""The stamp of all that is published of pairs."""

Pair = tuple[int, int]
"""Supplier, customer."""


class PairResult(NamedTuple):
    """`n` published ratings and their mean, 1 to 5; `low` and `high` bound it with 95 %, None where nothing can."""

    n: int
    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, summary: Summary) -> "PairResult":
        """Return what a pair tells of a summary."""
        return cls(summary.n, summary.mean, summary.low, summary.high)

    @property
    def is_small(self) -> bool:
        """Whether there are too few ratings to read much into the mean."""
        return self.n < SMALL_SAMPLE


class Basis(NamedTuple):
    """What the published numbers follow from, besides the ratings."""

    until: int
    zone: str
    fiscal_start: int


def stamps() -> tuple[SafetyObject, ...]:
    """Return the triggers that tell when something else is published."""
    return (
        stamped(PUBLISHED, "surveys_publishedpair"),
        stamped(PUBLISHED, "surveys_publication"),
    )


def basis(now: datetime) -> Basis:
    """Return what holds at this moment; no query within a request."""
    settings = installation.current()
    until = final_before(now, settings.zone)
    return Basis(until, settings.zone, settings.fiscal_start_month)


def published_before() -> tuple[Basis, str] | None:
    """Return from what the table was written, with the fingerprint of the ratings; None when never. One query."""
    row = Publication.objects.filter(pk=1, published_at__isnull=False).first()
    return (Basis(row.until, row.zone, row.fiscal_start), row.print) if row else None


def publication_token(*, now: datetime) -> str | None:
    """Return what changes with the published numbers; None when they are computed anew each time. Two queries."""
    token, known = stamp_of(PUBLISHED), published_before()
    return token if known and known[0] == basis(now) else None


def published_pairs(quarter: Period, *, now: datetime) -> dict[Pair, PairResult]:
    """Return by (supplier, customer) what `published` says by customer, of all suppliers at once; two queries.

    What small customer departments say together is left out: it belongs to no single pair. It is read from the
    table; until a job has written that, after the end of a month or when the calendar's settings changed, it is
    computed from all ratings, which takes seconds in a large organisation.
    """
    at, known = basis(now), published_before()
    if known is None or known[0] != at:
        return computed_pairs(quarter, now=now)
    rows = PublishedPair.objects.filter(quarter_start=quarter.start).values_list(
        "supplier_id", "customer_id", *PairResult.__annotations__
    )
    return {(supplier, customer): PairResult(*one) for supplier, customer, *one in rows}


def computed_pairs(quarter: Period, *, now: datetime) -> dict[Pair, PairResult]:
    """Return what `published_pairs` returns, from the ratings themselves; one query."""
    return {
        (supplier, customer): one
        for start, supplier, customer, one in all_pairs(basis(now))
        if start == quarter.start
    }


def all_pairs(of: Basis) -> Iterator[tuple[date, int, int, PairResult]]:
    """Yield (first day of the quarter, supplier, customer, result) of all quarters, supplier by supplier; one query."""

    def start_of(month: int) -> date:
        number = quarter_number(_first_day(month), fiscal_start=of.fiscal_start)
        return quarter_start(number, fiscal_start=of.fiscal_start)

    for supplier, known in rows_by_supplier():
        rows, atoms = released_before(of.until, known)
        ordered = sorted(atoms, key=attrgetter("slot"))
        for start, some in groupby(ordered, key=lambda atom: start_of(atom.slot)):
            for customer, places in by_group(some).items():
                summary = summary_of(rows, places)
                if customer is not None and customer != supplier and summary is not None:
                    yield start, supplier, customer, PairResult.of(summary)


def fingerprint(of: Basis) -> str:
    """Return a text that is another one when the ratings are others that are published; one query."""
    month = Period(_first_day(of.until), PeriodKind.MONTH, of.zone)
    final = Rating.objects.filter(ticket__confidential=False, rated_at__lt=month.starts_at)
    sums = final.aggregate(
        n=Count("pk"),
        last=Max("pk"),
        ids=Sum("pk"),
        scores=Sum(F("score") * F("pk")),
        raters=Sum(F("rater_id") * F("score")),
        suppliers=Sum(F("supplier_id") * F("pk")),
        customers=Sum(F("customer_id") * F("pk")),
    )
    return sha256(repr(sorted(sums.items())).encode()).hexdigest()


def _first_day(month: int) -> date:
    return date(month // MONTHS, month % MONTHS + 1, 1)
