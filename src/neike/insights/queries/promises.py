"""The promises of delivery between departments as columns, read straight from an index that holds all of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Replace

from neike.catalog.choices import TargetMetric
from neike.engines.tallies import Promises
from neike.insights.models import Outcome
from neike.insights.queries.legs import Span, quarters_of

_COLUMNS: Final = 4
_KEPT: Final = Cast("kept", IntegerField())


def promised_between() -> QuerySet[Outcome]:
    """Return the promised deliveries of one department to another that came to their end."""
    return Outcome.objects.filter(metric=TargetMetric.LEG_DELIVERY).exclude(supplier=F("customer"))


class PromiseReader:
    """Reads promises as columns for one fiscal year."""

    def __init__(self, fiscal_start: int) -> None:
        self.fiscal_start = fiscal_start
        pair = promised_between().filter(supplier=0).filter(customer=0)
        nothing = pair.filter(day__gte=date.min).filter(day__lt=date.min)
        # "*", because counting the primary key would make SQLite leave the index for the table
        counted = nothing.values("metric").annotate(n=Count("*"), hits=Sum(_KEPT)).order_by()
        asked = counted.values_list("n", "hits").query
        self._of_span, values = asked.sql_with_params()
        self._before = values[: values.index(0)]
        self._after = values[values.index(0) + len(Span.__annotations__) :]
        self._day = connection.ops.adapt_datefield_value

    def read(self, scope: Q) -> Promises:
        """Return the promises of some pairs; one query."""
        # The rows as the driver gives them: the framework's way to fetch costs more than all the rest.
        with connection.cursor() as cursor:
            cursor.execute(*_asked(promised_between().filter(scope)))
            return self._columns(cursor.fetchall())

    def counts(self, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
        """Yield how many promises of each span were kept and missed; one small query for each, prepared once."""
        with connection.cursor() as cursor:
            for supplier, customer, start, end in spans:
                values = (supplier, customer, self._day(start), self._day(end))
                cursor.execute(self._of_span, (*self._before, *values, *self._after))
                n, hits = cursor.fetchone() or (0, 0)
                yield hits, n - hits

    def _columns(self, rows: Sequence[tuple[int, ...]]) -> Promises:
        flat = np.fromiter(chain.from_iterable(rows), np.int64, count=len(rows) * _COLUMNS)
        supplier, customer, day, kept = flat.reshape(-1, _COLUMNS).T
        return Promises(supplier, customer, quarters_of(day, self.fiscal_start), kept)


def _asked(outcomes: QuerySet[Outcome]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement, and its values, that reads the columns of `Promises`; days as 20261231."""
    day = Replace(Cast("day", CharField()), Value("-"))
    asked = outcomes.order_by().values_list(
        "supplier_id", "customer_id", Cast(day, IntegerField()), _KEPT
    )
    return asked.query.sql_with_params()
