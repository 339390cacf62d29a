"""Plain inserts of many rows, several times as fast as model instances."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from django.db import connection, models

Rows = Iterable[Sequence[Any]]

_CACHE_LIMIT: Final = 100_000


class Inserter:
    """Inserts rows of one model given as values in the order of `names` (attribute names, such as `leg_id`).

    Only moments and JSON are turned into what the database wants; everything else goes through as it is, so
    this is for our own checked values. Columns that are not named must have a default in the database.
    """

    def __init__(self, model: type[models.Model], names: Sequence[str]) -> None:
        meta = model._meta
        by_name = {field.attname: field for field in meta.concrete_fields}
        found = [by_name[name] for name in names]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in found)
        marks = ", ".join(["%s"] * len(found))
        table = quote(meta.db_table)
        self._sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own models
        self._converters = [
            (index, converter)
            for index, field in enumerate(found)
            if (converter := _converter(field)) is not None
        ]

    def insert(self, rows: Rows) -> None:
        """Insert the rows in one statement, in the caller's transaction."""
        prepared = [self._prepared(row) for row in rows]
        if prepared:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, prepared)

    def _prepared(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for index, convert in self._converters:
            value = values[index]
            if value is not None:
                values[index] = convert(value)
        return values


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return _Moments()
    if isinstance(field, models.JSONField | models.UUIDField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


class _Moments(dict[datetime, Any]):
    """Moments as the database wants them; the same ones come again and again."""

    def __call__(self, moment: datetime) -> Any:  # noqa: ANN401 - whatever the driver takes
        return self[moment]

    def __missing__(self, moment: datetime) -> Any:  # noqa: ANN401
        if len(self) > _CACHE_LIMIT:
            self.clear()
        self[moment] = value = connection.ops.adapt_datetimefield_value(moment)
        return value


def new_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Reserve ids for rows that will be inserted with them; to be called inside a transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # the transaction is immediate: nobody else inserts until it ends
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = next(iter(cursor.fetchall()), (0,))[0]
            return range(last + 1, last + 1 + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return list(map(itemgetter(0), cursor.fetchall()))
