"""The flow between departments as columns, read straight from an index that holds all of it."""

from datetime import date
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from neike.engines.tallies import NOBODY, Column, Legs
from neike.insights.models import LegFlow
from neike.org.choices import PersonKind
from neike.org.models import Person
from neike.org.periods import quarter_number

Pair = tuple[int, int]
"""Supplier, customer."""

BEFORE_ALL: Final = (0, 0)

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
        self.quarters = _Quarters(fiscal_start)
        machines = Person.objects.exclude(kind=PersonKind.HUMAN).values_list("pk", flat=True)
        self.machines = np.array(sorted(machines), dtype=np.int64)

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
        asked = flows.order_by().values_list(
            *_INDEX,
            Coalesce("provider_person_id", Value(NOBODY)),
            Coalesce("customer_person_id", Value(NOBODY)),
        )
        # The rows as the driver gives them: turning a million days into dates costs more than all the rest.
        with connection.cursor() as cursor:
            cursor.execute(*asked.query.sql_with_params())
            columns = list(zip(*cursor.fetchall(), strict=True))
        if not columns:
            empty = np.empty(0, dtype=np.int64)
            return Legs(*[empty] * 7)
        supplier, customer, day, *others = columns
        handed, ticket, provider, receiver = (_column(each) for each in others)
        return Legs(
            _column(supplier),
            _column(customer),
            _column([self.quarters[each] for each in day]),
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


def _column(values: Any) -> Column:  # noqa: ANN401 - ints and truth values of a driver
    return np.fromiter(values, dtype=np.int64, count=len(values))


class _Quarters(dict[Any, int]):
    """The number of the quarter of a day, which SQLite gives as text."""

    def __init__(self, fiscal_start: int) -> None:
        super().__init__()
        self.fiscal_start = fiscal_start

    def __missing__(self, day: date | str) -> int:
        real = date.fromisoformat(day) if isinstance(day, str) else day
        self[day] = found = quarter_number(real, fiscal_start=self.fiscal_start)
        return found
