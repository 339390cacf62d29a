"""Install what `SAFETY_OBJECTS` lists, and say what is missing."""

from collections.abc import Iterator

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from neike.kernel.registries import SAFETY_OBJECTS, SafetyObject


def install_safety_objects(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Install every registered object whose table exists; idempotent. Returns the keys, in order."""
    connection = connections[using]
    installed: list[str] = []
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for entry in _entries_here(using):
            for statement in entry.sql[connection.vendor]:
                cursor.execute(statement)
            installed.append(entry.key)
    return installed


def missing_safety_objects(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the keys of the objects that should be in this database and are not."""
    connection = connections[using]
    missing: list[str] = []
    with connection.cursor() as cursor:
        for entry in _entries_here(using):
            cursor.execute(entry.probe[connection.vendor])
            if cursor.fetchone() is None:
                missing.append(entry.key)
    return missing


def lift_safety_objects(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the registered triggers of a SQLite *test* or *demo* database, so that it can be emptied by DELETE.

    Django empties the database after a test that commits (`TransactionTestCase`, a live server), and
    `neike demo --reset` empties the demo. The flush ends with the post-migrate signal, which installs
    everything again. PostgreSQL empties by TRUNCATE, which row triggers let through, so nothing is done there.

    Raises:
        RuntimeError: the database belongs to neither.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    if not settings.DEMO and not _is_test_database(str(connection.settings_dict["NAME"])):
        raise RuntimeError("safety objects are lifted in test and demo databases only")
    drop_triggers(using)


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the registered triggers of a SQLite database; whoever calls this sees to their return."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in {entry.table for entry in _entries_here(using)}:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def _is_test_database(name: str) -> bool:
    """Tell by the name the framework's test runner gives: in memory, or with "test" in it."""
    return ":memory:" in name or "mode=memory" in name or "test" in name


def _entries_here(using: str) -> Iterator[SafetyObject]:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    return (entry for entry in SAFETY_OBJECTS if not entry.table or entry.table in tables)
