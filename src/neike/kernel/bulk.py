"""Plain inserts of many rows, several times as fast as model instances."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.db import connection, models

Rows = Iterable[Sequence[Any]]
Converter = Callable[[Any], Any]


class Inserter:
    """Inserts rows of one model given as values in the order of `names` (attribute names, such as `leg_id`).

    Only moments, days and JSON are turned into what the database wants; everything else goes through as it
    is, so this is for our own checked values. Columns that are not named must have a default in the database.
    With `unique`, names of a unique constraint, a row that is there already takes the new values.
    """

    def __init__(
        self, model: type[models.Model], names: Sequence[str], *, unique: Sequence[str] = ()
    ) -> None:
        meta = model._meta
        by_name = {field.attname: field for field in meta.concrete_fields}
        found = [by_name[name] for name in names]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in found)
        marks = ", ".join(["%s"] * len(found))
        table = quote(meta.db_table)
        self._sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own models
        if unique:
            key = ", ".join(quote(str(by_name[name].column)) for name in unique)
            changed = [quote(str(by_name[name].column)) for name in names if name not in unique]
            values = ", ".join(f"{column} = excluded.{column}" for column in changed)
            self._sql += f" ON CONFLICT ({key}) DO UPDATE SET {values}"
        self._converters = [
            (index, converter)
            for index, field in enumerate(found)
            if (converter := _converter(field)) is not None
        ]

    def insert(self, rows: Rows) -> None:
        """Insert the rows in one statement, in the caller's transaction."""
        columns = list(zip(*rows, strict=True))
        if not columns:
            return
        for index, convert in self._converters:
            values = columns[index]
            columns[index] = tuple([None if each is None else convert(each) for each in values])
        with connection.cursor() as cursor:
            cursor.executemany(self._sql, list(zip(*columns, strict=True)))


def _converter(field: models.Field[Any, Any]) -> Converter | None:
    ops = connection.ops
    if isinstance(field, models.DateTimeField):
        utc_text = connection.vendor == "sqlite" and connection.timezone_name == "UTC"
        return _utc_text if utc_text else ops.adapt_datetimefield_value
    if isinstance(field, models.DateField):
        return ops.adapt_datefield_value
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: ops.adapt_json_value(value, encoder)
    if isinstance(field, models.UUIDField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _utc_text(moment: datetime) -> str:
    """Write a moment as SQLite keeps it; what the framework writes, in a fraction of the time."""
    return moment.astimezone(UTC).isoformat(" ")[:-6]


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
