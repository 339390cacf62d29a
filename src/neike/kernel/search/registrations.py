"""What the index needs from the database, and what is checked at night."""

from datetime import datetime

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext_lazy as _

from neike.kernel.registries import NIGHTLY_CHECKS, NightlyCheck, Problem
from neike.kernel.search import safety


def _index_problems(_now: datetime) -> list[Problem]:
    """Compare SQLite's full-text table with the entries; PostgreSQL's column cannot differ."""
    if connection.vendor != "sqlite":
        return []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)"
            )
    except DatabaseError as error:
        return [Problem("search index", str(error))]
    return []


safety.register()
NIGHTLY_CHECKS.register(
    NightlyCheck(
        key="search.index",
        order=40,
        label=_("The search index agrees with its entries"),
        run=_index_problems,
    )
)
