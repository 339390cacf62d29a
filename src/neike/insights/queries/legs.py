"""The flow between departments as columns, read straight from an index that holds all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Replace

from neike.engines.tallies import NOBODY, Column, Legs
from neike.insights.models import LegFlow
from neike.org.choices import PersonKind
from neike.org.models import Person
from neike.org.periods import quarter_number

Pair = tuple[int, int]
"""Supplier, customer."""


class Span(NamedTuple):
    """A pair and the days to look at, half-open."""

    supplier: int
    customer: int
    start: date
    end: date


BEFORE_ALL: Final = (0, 0)

_COLUMNS: Final = len(fields(Legs))
_INDEX: Final = ("supplier_id", "customer_id", "offered_day", "handed_over", "ticket_id")


def between_departments() -> QuerySet[LegFlow]:
    """Return the legs that are edges: those of a department with another."""
    return LegFlow.objects.exclude(supplier=F("customer"))


def after(pair: Pair) -> Q:
    """Match what lies after a pair in the order of pairs; its first part lets the index begin there."""
    supplier, customer = pair
    return Q(supplier__gte=supplier) & (Q(supplier__gt=supplier) | Q(customer__gt=customer))


def up_to(pair: Pair) -> Q:
    """Match what lies before a pair in the order of pairs, and the pair itself."""
    supplier, customer = pair
    return Q(supplier__lte=supplier) & (Q(supplier__lt=supplier) | Q(customer__lte=customer))


class LegReader:
    """Reads legs as columns for one fiscal year and one set of people who count."""

    def __init__(self, fiscal_start: int) -> None:
        self.fiscal_start = fiscal_start
        machines = Person.objects.exclude(kind=PersonKind.HUMAN).values_list("pk", flat=True)
        self.machines = np.array(sorted(machines), dtype=np.int64)
        pair = between_departments().filter(supplier=0).filter(customer=0)
        nothing = pair.filter(offered_day__gte=date.min).filter(offered_day__lt=date.min)
        self._of_pair, values = _asked(nothing)
        self._fixed = values[: -len(Span.__annotations__)]
        self._day = connection.ops.adapt_datefield_value

    def batch(self, begin: Pair, size: int) -> tuple[Pair | None, Legs]:
        """Return the legs of the pairs after `begin`, about `size` and no pair in part, and where they end.

        The end is None after the last pair. Two queries.
        """
        end = self._end(begin, size)
        scope = after(begin) if end is None else after(begin) & up_to(end)
        return end, self.read(between_departments().filter(scope))

    def _end(self, begin: Pair, size: int) -> Pair | None:
        """Return the pair of the leg `size` places on; None when there are fewer."""
        rows = between_departments().filter(after(begin)).order_by(*_INDEX)
        return rows.values_list("supplier_id", "customer_id")[size : size + 1].first()

    def read(self, flows: QuerySet[LegFlow]) -> Legs:
        """Return these legs; one query."""
        # The rows as the driver gives them: the framework's way to fetch costs more than all the rest.
        with connection.cursor() as cursor:
            cursor.execute(*_asked(flows))
            return self._columns(cursor.fetchall())

    def of_pairs(self, spans: Iterable[Span]) -> Legs:
        """Return the legs of some pairs, each in its days; one small query for each, prepared once."""
        rows: list[tuple[Any, ...]] = []
        with connection.cursor() as cursor:
            for supplier, customer, start, end in spans:
                values = (supplier, customer, self._day(start), self._day(end))
                cursor.execute(self._of_pair, (*self._fixed, *values))
                rows += cursor.fetchall()
        return self._columns(rows)

    def _columns(self, rows: Sequence[tuple[int, ...]]) -> Legs:
        flat = np.fromiter(chain.from_iterable(rows), np.int64, count=len(rows) * _COLUMNS)
        supplier, customer, day, handed, ticket, provider, receiver = flat.reshape(-1, _COLUMNS).T
        return Legs(
            supplier,
            customer,
            quarters_of(day, self.fiscal_start),
            handed,
            ticket,
            self._human(provider),
            self._human(receiver),
        )

    def _human(self, people: Column) -> Column:
        return (
            np.where(np.isin(people, self.machines), NOBODY, people)
            if len(self.machines)
            else people
        )


def quarters_of(days: Column, fiscal_start: int) -> Column:
    """Return the numbers of the quarters of days given as 20261231."""
    different, places = np.unique(days, return_inverse=True)
    numbers = [
        quarter_number(date.fromisoformat(str(day)), fiscal_start=fiscal_start)
        for day in different.tolist()
    ]
    return np.array(numbers, dtype=np.int64)[places]


def _asked(flows: QuerySet[LegFlow]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement, and its values, that reads the columns of `Legs` of these flows; days as 20261231."""
    day = Replace(Cast("offered_day", CharField()), Value("-"))
    asked = flows.order_by().values_list(
        "supplier_id",
        "customer_id",
        Cast(day, IntegerField()),
        Cast("handed_over", IntegerField()),
        "ticket_id",
        Coalesce("provider_person_id", Value(NOBODY)),
        Coalesce("customer_person_id", Value(NOBODY)),
    )
    return asked.query.sql_with_params()
