"""The one documented way past the guards: emptying a whole installation inside a transaction.

What may never be changed row by row (events, audit, published standards) may still be thrown away as a whole
when a demo becomes a real installation. Nothing else may use this.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from neike.kernel.registries import SAFETY_OBJECTS
from neike.kernel.safety.install import install_safety_objects


@contextmanager
def guards_lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Lift the triggers of the guarded tables for the block, and put them back before the transaction ends.

    A failure rolls all of it back, triggers included.

    Raises:
        RuntimeError: no transaction is open.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("guards are lifted inside a transaction only")
    existing = set(connection.introspection.table_names())
    tables = sorted({entry.table for entry in SAFETY_OBJECTS if entry.table in existing})
    lift, restore = (
        (_drop_on_sqlite, None) if connection.vendor == "sqlite" else (_disable, _enable)
    )
    _check_references(using)
    for table in tables:
        lift(table, using)
    yield
    if restore is not None:
        _check_references(using)
        for table in tables:
            restore(table, using)
    install_safety_objects(using)


def _check_references(using: str) -> None:
    """Let PostgreSQL check at once what it would check at the end: till then it lets no table be altered."""
    if connections[using].vendor == "sqlite":
        return
    with connections[using].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _drop_on_sqlite(table: str, using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def _disable(table: str, using: str) -> None:
    _alter(table, "DISABLE", using)


def _enable(table: str, using: str) -> None:
    _alter(table, "ENABLE", using)


def _alter(table: str, verb: str, using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} {verb} TRIGGER USER")
