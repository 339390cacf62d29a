"""What must work before people are sent here."""

import logging
import secrets
from collections.abc import Callable
from io import BytesIO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

_log = logging.getLogger("neike.health")
# Once the database was up to date for this process's code, it stays so.
_migrations_seen: set[str] = set()


def is_ready() -> bool:
    """Tell whether the database answers, its tables fit this code, and files can be written. Reasons go to the log."""
    for name, probe in _PROBES.items():
        try:
            works = probe()
        except (DatabaseError, OSError) as error:
            _log.warning("not ready: %s: %s", name, type(error).__name__)
            return False
        if not works:
            _log.warning("not ready: %s", name)
            return False
    return True


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _tables_fit() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _migrations_seen:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrations_seen.add(name)
    return True


def _files_can_be_written() -> bool:
    key = default_storage.save(f"health/{secrets.token_hex(8)}", File(BytesIO(b"ok"), name=""))
    default_storage.delete(key)
    return True


_PROBES: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _tables_fit,
    "storage": _files_can_be_written,
}
