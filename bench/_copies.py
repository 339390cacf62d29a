"""Many requests from a few: copies made inside the database, each one or more weeks older than its original.

What is open stays where it is, a minute apart. A copy keeps its original's working times, so clocks remain right up
to holidays; its events say the same as its rows. Indexes are dropped before and made again after, and the time of the
search index is told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from neike.kernel import safety

TABLES = (
    "desk.Ticket",
    "desk.Leg",
    "desk.Segment",
    "desk.Clock",
    "desk.Message",
    "desk.TicketEvent",
    "desk.Participant",
    "desk.Approval",
    "desk.ApprovalVote",
    "desk.Task",
    "search.SearchEntry",
)
TICKETS_OWN = "desk.ticket"


@dataclass(frozen=True)
class Span:
    """The ids of a table's originals, and by how much a copy's ids grow with each round."""

    first: int
    last: int

    @property
    def stride(self) -> int:
        return self.last - self.first + 1


def multiply(rounds: int, *, say: Callable[[str], None]) -> None:
    """Add `rounds` copies of every request."""
    if rounds < 1:
        return
    pg = connection.vendor == "postgresql"
    tables = [apps.get_model(name) for name in TABLES]
    spans = {model: _span(model) for model in tables}
    begun = perf_counter()
    with _without_indexes(tables, say), _unguarded():
        for number in range(1, rounds + 1):
            with transaction.atomic(), connection.cursor() as cursor:
                if pg:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                for model in tables:
                    if spans[model].last:
                        sql = _statement(model, spans, number)
                        cursor.execute(sql)
            if number % 10 == 0:
                say(f"  {number} of {rounds} copies after {perf_counter() - begun:.0f} s")
    _finish(tables)
    say(f"  copied in {perf_counter() - begun:.0f} s")


def _span(model: type[models.Model]) -> Span:
    found = apps.get_model(model._meta.label).objects.all()
    if model.__name__ == "SearchEntry":
        ids = found.filter(kind=TICKETS_OWN).aggregate(a=models.Min("pk"), b=models.Max("pk"))
    else:
        ids = found.aggregate(a=models.Min("pk"), b=models.Max("pk"))
    return Span(ids["a"] or 0, ids["b"] or 0)


def _statement(model: type[models.Model], spans: dict[Any, Span], number: int) -> str:
    """Return the insert of one round's copies of one table; only numbers of ours are in it."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        columns.append(f'"{field.column}"')
        values.append(_value(model, field, spans, number))
    table, span = model._meta.db_table, spans[model]
    join, where = _source(model)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} o {join} "
        f"WHERE o.id BETWEEN {span.first} AND {span.last}{where}"
    )


def _source(model: type[models.Model]) -> tuple[str, str]:
    """Return how the request of a row is found: `t`."""
    name = model.__name__
    if name == "Ticket":
        return "JOIN desk_ticket t ON t.id = o.id", ""
    if name == "Segment":
        return "JOIN desk_leg l ON l.id = o.leg_id JOIN desk_ticket t ON t.id = l.ticket_id", ""
    if name == "ApprovalVote":
        return (
            "JOIN desk_approval a ON a.id = o.approval_id JOIN desk_ticket t ON t.id = a.ticket_id",
            "",
        )
    if name == "SearchEntry":
        return (
            "JOIN desk_ticket t ON t.id = CAST(o.object_id AS bigint)",
            f" AND o.kind = '{TICKETS_OWN}'",
        )
    return "JOIN desk_ticket t ON t.id = o.ticket_id", ""


def _value(model: Any, field: Any, spans: dict[Any, Span], number: int) -> str:
    """Return what a column of a copy holds."""
    column = f'o."{field.column}"'
    by = {each.__name__: span.stride * number for each, span in spans.items()}
    if field.primary_key:
        return f"{column} + {by[model.__name__]}"
    if field.is_relation and field.related_model in spans:
        return f"{column} + {by[field.related_model.__name__]}"
    return _told(model.__name__, field, column, by, number)


def _told(name: str, field: Any, column: str, by: dict[str, int], number: int) -> str:
    pg = connection.vendor == "postgresql"
    if isinstance(field, models.DateTimeField):
        return _moved(column, number, pg=pg)
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()" if pg else "lower(hex(randomblob(16)))"
    if name == "SearchEntry":
        return _entry(field.name, column, by["Ticket"])
    own = {
        ("Ticket", "number"): f"{column} + {by['Ticket']}",
        ("Ticket", "client_key"): "''",
        ("Message", "client_key"): "''",
        ("TicketEvent", "data"): _data(by["Message"], pg=pg),
    }
    return own.get((name, field.name), column)


def _moved(column: str, number: int, *, pg: bool) -> str:
    is_open = "t.state NOT IN ('closed', 'cancelled', 'rejected')"
    if pg:
        return (
            f"{column} - CASE WHEN {is_open} THEN interval '{number} minutes' "
            f"ELSE interval '{7 * number} days' END"
        )
    return (
        f"strftime('%Y-%m-%d %H:%M:%f', {column}, CASE WHEN {is_open} THEN '-{number} minutes' "
        f"ELSE '-{7 * number} days' END)"
    )


def _data(by: int, *, pg: bool) -> str:
    told = "o.kind = 'message_posted'"
    if pg:
        told += " AND o.data->>'message' IS NOT NULL"
        new = f"jsonb_set(o.data, '{{message}}', to_jsonb((o.data->>'message')::bigint + {by}))"
    else:
        told += " AND json_extract(o.data, '$.message') IS NOT NULL"
        new = f"json_set(o.data, '$.message', json_extract(o.data, '$.message') + {by})"
    return f"CASE WHEN {told} THEN {new} ELSE o.data END"


def _entry(name: str, column: str, by: int) -> str:
    """Say the number of the copy wherever the entry says its original's."""
    if name == "object_id":
        return f"CAST(t.id + {by} AS text)"
    if name in {"url", "title", "title_tokens"}:
        return f"replace({column}, CAST(t.number AS text), CAST(t.number + {by} AS text))"
    return column


@contextmanager
def _without_indexes(
    tables: Sequence[type[models.Model]], say: Callable[[str], None]
) -> Iterator[None]:
    names = [model._meta.db_table for model in tables]
    made = _indexes(names)
    with connection.cursor() as cursor:
        for name, _sql in made:
            cursor.execute(f'DROP INDEX "{name}"')
        if connection.vendor == "sqlite":
            for name in ("search_fts_added", "search_fts_removed", "search_fts_changed"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET maintenance_work_mem = '512MB'")
            for name, sql in made:
                begun = perf_counter()
                cursor.execute(sql)
                if perf_counter() - begun > 1:
                    say(f"  index {name}: {perf_counter() - begun:.1f} s")
            if connection.vendor == "sqlite":
                begun = perf_counter()
                cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
                say(f"  full text: {perf_counter() - begun:.1f} s")


def _indexes(tables: Sequence[str]) -> list[tuple[str, str]]:
    """Return the indexes that belong to no constraint, with what makes them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
                "AND tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
                [list(tables)],
            )
        else:
            marks = ", ".join(["%s"] * len(tables))
            cursor.execute(
                f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
                f"AND tbl_name IN ({marks})",
                list(tables),
            )
        return list(cursor.fetchall())


@contextmanager
def _unguarded() -> Iterator[None]:
    """Copy without checking each row against its parents, which are copies too."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA foreign_keys = OFF")
    yield
    safety.install_safety_objects()
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA foreign_keys = ON")


def _finish(tables: Sequence[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in tables:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), "
                    f"(SELECT max(id) FROM {model._meta.db_table}))",
                    [model._meta.db_table],
                )
        cursor.execute(
            "UPDATE desk_ticketcounter SET next_number = (SELECT max(number) FROM desk_ticket) + 1"
        )
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
