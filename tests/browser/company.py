"""The small demo company, made once per test process and put back for each test in a moment."""

import sqlite3
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from neike.portal import demo

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_KEPT: list[sqlite3.Connection] = []


def load() -> bool:
    """Fill the emptied test database with the small demo company.

    On SQLite the first call keeps a copy of the whole database, which later calls put back page by page;
    another database is filled anew each time. Tells whether it was made anew, with ids of its own.
    """
    if connection.vendor != "sqlite":
        _make()
        return True
    connection.ensure_connection()
    if _KEPT:
        _KEPT[0].backup(connection.connection)
        ContentType.objects.clear_cache()  # the emptying between tests has numbered them anew
        return False
    _make()
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(copy)
    _KEPT.append(copy)
    return True


def _make() -> None:
    demo.load(today=NOW.date(), now=NOW, progress=lambda _line: None, scale=0.02)
